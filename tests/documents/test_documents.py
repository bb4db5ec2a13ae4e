"""Documents: draft, submitted, approved by another, in force from a day, replaced, confirmed (GO-01, GO-05)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from portal import document_kinds
from portal.blueprints.documents.page import compared
from portal.kernel import clock, documents
from portal.kernel.db import db
from portal.kernel.documents import kinds
from portal.kernel.documents.models import Document, Version
from portal.kernel.todos import Todo
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, Ground
from tests.documents.making import BODY, DRAWN, KIND, approved, do, propose


@pytest.fixture(autouse=True)
def notes(sqlite_ground: Ground, postgres_ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of document that only these tests know: the grounds that all tests share are made before."""
    monkeypatch.setitem(kinds.KINDS, "note", KIND)
    monkeypatch.setitem(document_kinds.DRAWN, "note", DRAWN)


def load(app: Flask) -> None:
    with app.app_context(), db.write():
        documents.load_shipped(clock.now())


def in_force(app: Flask, day: date | None = None) -> dict[str, tuple[int, str]]:
    with app.app_context():
        return {doc.code: (doc.edition, doc.body["text"]) for doc in documents.in_force("note", day)}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.clause("GO-01")
def test_readers_see_the_last_approved_edition_in_force(any_app: Flask, at: At) -> None:
    load(any_app)
    load(any_app)  # a second time changes nothing
    assert in_force(any_app) == {"rain": (1, BODY["text"])}
    draft = propose(any_app, code="rain", text="请把雨伞放进伞架")
    do(any_app, draft, "submit", "emp.tech")
    assert in_force(any_app)["rain"] == (1, BODY["text"])
    coming = date(2026, 3, 4)
    assert do(any_app, draft, "approve", "office1", in_force_from=coming).edition == 2
    assert in_force(any_app)["rain"] == (1, BODY["text"])
    assert in_force(any_app, coming)["rain"] == (2, "请把雨伞放进伞架")
    at("Wed 2026-03-04 08:00")
    assert in_force(any_app)["rain"][0] == 2  # also before the sweep has passed
    assert [line for line in factories.sweep(any_app) if "rain" in line] == [
        "rain\tdocument\treplaced (GO-01)"
    ]
    assert factories.sweep(any_app) == []
    with any_app.app_context():
        ours = sa.select(Version.state).join(Document).where(Document.kind == "note")
        states = list(db.session.scalars(ours.order_by(Version.id)))
    assert states == ["replaced", "approved"]
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("GO-01")
def test_nobody_approves_what_they_wrote_or_wrote_in(app: Flask) -> None:
    own = propose(app, "office1", code="own")
    do(app, own, "submit", "office1")
    with pytest.raises(Refused) as refused:
        do(app, own, "approve", "office1")
    assert codes(refused) == ["own_document"]
    theirs = propose(app, "emp.tech", code="theirs")
    do(app, theirs, "submit", "emp.tech")
    do(app, theirs, "edit", "office1", body=BODY | {"text": "改过"}, reason="更短")
    with pytest.raises(Refused) as refused:
        do(app, theirs, "approve", "office1")
    assert codes(refused) == ["own_document"]
    # Another who writes in it after them does not wash it clean.
    do(app, theirs, "edit", "office2", body=BODY | {"text": "改过。"}, reason="更短")
    for writer in ("office1", "office2"):
        with pytest.raises(Refused) as refused:
            do(app, theirs, "approve", writer)
        assert codes(refused) == ["own_document"]
    with app.app_context():
        waiting = sa.select(Todo.kind).where(Todo.subject_kind == "document", Todo.subject_id == theirs)
        assert list(db.session.scalars(waiting)) == []
    with pytest.raises(Forbidden):
        do(app, propose(app), "approve", "emp.tech")


@pytest.mark.clause("GO-01")
def test_what_is_unsound_or_says_nothing_new_is_not_submitted(app: Flask) -> None:
    load(app)
    for said, code in (({"text": "错"}, "nothing_to_confirm"), ({}, "nothing_changed")):
        with pytest.raises(Refused) as refused:
            do(app, propose(app, code="rain", **said), "submit", "emp.tech")
        assert codes(refused) == [code]


@pytest.mark.clause("GO-01")
def test_of_two_written_from_one_edition_the_second_is_looked_at_again(any_app: Flask) -> None:
    load(any_app)
    first, second = (propose(any_app, code="rain", text=text) for text in ("甲", "乙"))
    for each in (first, second):
        do(any_app, each, "submit", "emp.tech")
    do(any_app, first, "approve", "office1")
    with pytest.raises(Refused) as refused:
        do(any_app, second, "approve", "office1")
    assert codes(refused) == ["overtaken"]


@pytest.mark.clause("GO-05")
def test_it_comes_into_force_from_today_on_and_not_before_the_last(app: Flask) -> None:
    early = propose(app, code="early")
    do(app, early, "submit", "emp.tech")
    with pytest.raises(Refused) as refused:
        do(app, early, "approve", "office1", in_force_from=date(2026, 3, 1))
    assert codes(refused) == ["in_the_past"]
    do(app, early, "approve", "office1", in_force_from=date(2026, 3, 9))
    later = propose(app, code="early", text="再改")
    do(app, later, "submit", "emp.tech")
    with pytest.raises(Refused) as refused:
        do(app, later, "approve", "office1", in_force_from=date(2026, 3, 5))
    assert codes(refused) == ["before_the_last"]


@pytest.mark.clause("GO-01")
@pytest.mark.parametrize(
    "change",
    [
        {"text": "{}"},
        {"in_force_from": date(2030, 1, 1)},
        {"in_force_from": None},
        {"edition": None},
        {"state": documents.State.DRAFT},
    ],
    ids=str,
)
def test_the_database_keeps_what_was_approved(any_app: Flask, change: dict[str, Any]) -> None:
    version_id = approved(any_app, said={"text": "照此办理"})
    with any_app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.write():
        db.session.execute(sa.update(Version).where(Version.id == version_id).values(change))


@pytest.mark.clause("GO-01")
def test_a_withdrawal_takes_a_document_out_of_force(app: Flask) -> None:
    load(app)
    with app.app_context(), db.write():
        end = documents.propose(
            "note",
            "rain",
            {},
            reason="不再需要",
            by=factories.viewer("emp.tech"),
            now=clock.now(),
            withdraws=True,
        ).id
    do(app, end, "submit", "emp.tech")
    do(app, end, "approve", "office1")
    assert in_force(app) == {}
    load(app)
    assert in_force(app) == {}  # what the office ended stays ended


@pytest.mark.clause("GO-01")
def test_what_ships_anew_replaces_what_shipped_and_never_what_the_office_wrote(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(app)
    newer = BODY | {"text": "新的一版"}
    monkeypatch.setitem(
        kinds.KINDS, "note", kinds.Kind("note", title=KIND.title, shipped=lambda: [("rain", newer)])
    )
    load(app)
    assert in_force(app) == {"rain": (2, "新的一版")}
    approved(app, code="rain", said={"text": "总经办写的"})
    monkeypatch.setitem(kinds.KINDS, "note", KIND)
    load(app)
    assert in_force(app) == {"rain": (3, "总经办写的")}


@pytest.mark.clause("GO-01")
def test_reading_is_confirmed_per_version_and_the_office_sees_who_has_not(app: Flask, as_: As) -> None:
    version_id = approved(app, said={"text": "请大家都读"}, to_confirm=True)
    page = f"/documents/{version_id}/"
    assert waiting(app, "desk1") == ["document-confirm"]
    desk = as_("desk1")
    assert desk.send(f"{page}confirm").status_code == 303
    assert desk.send(f"{page}confirm").status_code == 303  # a second time changes nothing
    assert waiting(app, "desk1") == []
    told = text_of(as_("office1").get(page))
    assert "1 have confirmed" in told
    assert "Who has not" in told
    assert "Who has not" not in text_of(desk.get(page))
    again = approved(app, code=code_of(app, version_id), said={"text": "第二版"}, to_confirm=True)
    assert waiting(app, "desk1") == ["document-confirm"]
    assert again != version_id


def waiting(app: Flask, username: str) -> list[str]:
    return [kind for _number, kind in factories.waiting(app, username) if kind.startswith("document")]


def code_of(app: Flask, version_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Version, version_id).document.code


@pytest.mark.clause("GO-01")
def test_a_proposal_goes_its_way_on_the_pages(app: Flask, as_: As) -> None:
    load(app)
    emp, office, other = as_("emp.tech"), as_("office1"), as_("lead.tech")
    assert emp.get("/documents/new?kind=rocket").status_code == 404
    assert emp.get("/documents/new?kind=note&code=nothing").status_code == 404
    assert "从问题来" in emp.get("/documents/new?kind=note&text=从问题来").text
    empty = emp.send("/documents/new", kind="note", title="雪天", text="", reason="冬天到了")
    assert empty.status_code == 422
    assert "雪天" in empty.text
    made = emp.send(
        "/documents/new", kind="note", title="雪天", text="小心地滑", reason="冬天到了", source="WT-1"
    )
    page = made.headers["Location"]
    assert made.status_code == 303
    assert other.get(page).status_code == 404  # a draft is its author's and the office's
    assert emp.send(f"{page}submit").status_code == 303
    assert emp.send(f"{page}approve", in_force_from="2026-03-02").status_code == 403
    assert office.send(f"{page}give-back", note="").status_code == 422
    assert office.send(f"{page}give-back", note="写上时间").status_code == 303
    assert "写上时间" in emp.get(page).text
    form = {"title": "雪天", "text": "下雪时请提醒来宾小心地滑", "reason": "冬天到了"}
    assert emp.send(f"{page}edit", htmx=False, **form, version="99").status_code == 409
    assert emp.send(f"{page}edit", htmx=False, **form).status_code == 303
    assert emp.send(f"{page}submit").status_code == 303
    listed = office.get("/documents/").text
    assert "雪天" in listed
    assert office.send(f"{page}approve", in_force_from="2026-03-02").status_code == 303
    assert "小心地滑" in other.get(page).text
    late = emp.send(f"{page}submit")
    assert late.status_code == 409
    assert "GO-01" in late.text
    assert office.get(f"{page}print").status_code == 200


def test_two_versions_stand_side_by_side_with_what_differs_marked(app: Flask) -> None:
    load(app)
    version_id = approved(app, code="rain", said={"text": "请把雨伞放进<伞架>"})
    with app.app_context():
        new = db.session.get_one(Version, version_id)
        old = db.session.scalars(
            sa.select(Version).where(Version.id != version_id, Version.document == new.document)
        ).one()
        title, text = compared(DRAWN, old, new)
    assert not title.changed
    assert text.old == "请把雨伞放<del>在门口</del>"
    assert text.new == "请把雨伞放<ins>进&lt;伞架&gt;</ins>"


@pytest.mark.clause("GO-01")
def test_another_version_begins_with_the_last_approved_words(app: Flask, as_: As) -> None:
    load(app)
    emp, new = as_("emp.tech"), "/documents/new?kind=note&code=rain"

    def sent(page: str, text: str) -> Response:
        seen = re.search(r'name="version"[^>]*value="(\d*)"', page)
        form: dict[str, Any] = {
            "title": "雨天",
            "text": text,
            "reason": "更清楚",
            "version": seen[1] if seen else "",
        }
        return emp.send("/documents/new", kind="note", code="rain", **form)

    before = emp.get(new).text
    approved(app, code="rain", said={"text": "将来的话"}, in_force_from=date(2026, 3, 20))
    assert "将来的话" in emp.get(new).text, "not the words that it will replace"
    # What was typed over the words of before does not undo what came between.
    overtaken = sent(before, "从前的话").headers["Location"].split("/")[-2]
    do(app, int(overtaken), "submit", "emp.tech")
    with pytest.raises(Refused) as refused:
        do(app, int(overtaken), "approve", "office1", in_force_from=date(2026, 3, 20))
    assert codes(refused) == ["overtaken"]


@pytest.mark.clause("GO-01")
def test_what_went_out_of_force_can_come_back(app: Flask, as_: As) -> None:
    load(app)
    office, new = as_("office1"), "/documents/new?kind=note&code=rain"
    gone = office.send("/documents/new", kind="note", code="rain", withdraws="1", reason="没有雨天了")
    number = int(gone.headers["Location"].split("/")[-2])
    do(app, number, "submit", "office1")
    do(app, number, "approve", "office2")
    assert in_force(app) == {}
    assert "kind=note&amp;code=rain" in office.get(f"/documents/{number}/").text
    assert office.get(f"{new}&withdraws=1").status_code == 404
    again = office.send(
        "/documents/new", kind="note", code="rain", reason="又下雨了", title=BODY["title"], text=BODY["text"]
    )
    back = int(again.headers["Location"].split("/")[-2])
    do(app, back, "submit", "office1")  # the same words as before
    do(app, back, "approve", "office2")
    assert in_force(app) == {"rain": (3, BODY["text"])}


def test_of_what_holds_for_a_day_one_day_is_kept(app: Flask) -> None:
    with app.app_context():
        read = [documents.in_force("phrase", date(2026, 3, day)) for day in (2, 3, 3)]
        kept = app.extensions["reference"].kept
    assert read[1] is read[2]
    assert [held for name, (held, _) in kept.items() if name == "documents phrase"] == [date(2026, 3, 3)]
