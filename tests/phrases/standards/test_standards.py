"""Service standards: chapters that ship whole, records that stay, corrections beside them, what is overdue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from portal.blueprints.phrases.standards import queries, rules, shipped, watch
from portal.blueprints.phrases.standards.codes import CLAUSES
from portal.blueprints.phrases.standards.forms import ChapterForm
from portal.blueprints.phrases.standards.models import Answer, Run
from portal.kernel import accounts, clock, documents, policies
from portal.kernel.db import db
from portal.kernel.workflow import Attempt, Refused
from tests import factories
from tests.conftest import As, At, client_of
from tests.kernel.moments import at as moment

START = moment("Mon 2026-03-02 09:00")
CODE = "gifts"  # of every department
URL = f"/phrases/standards/{CODE}"
FORM: dict[str, Any] = {
    "department": "tech", "day": "2026-03-02", **{f"verdict_{n}": "done" for n in range(6)},
}  # fmt: skip
BODY = dict(shipped.chapters())[CODE]


def the_runs(app: Flask) -> list[Run]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Run).order_by(Run.id)))


def test_every_clause_has_its_chapters_and_each_is_sound_in_both_languages() -> None:
    bodies = dict(shipped.chapters())
    assert {body["clause"] for body in bodies.values()} == set(CLAUSES)
    for code, body in bodies.items():
        assert list(rules.against(code, body)) == [], code
        assert len(body["items"]) >= 6, code
        assert all(
            text.strip() for name, text in body.items() if isinstance(text, str) and name not in shipped.MAY
        ), code
        assert all("。" not in en and "，" not in en for _zh, en in body["items"]), code


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"clause": "CP-04"}, "standard_clause"),
    ({"items": []}, "standard_items"),
    ({"items": [["看", "look"]] * 21}, "standard_items"),
    ({"items": [["看", ""]]}, "standard_half"),
    ({"items": [["看" * 201, "look"]]}, "standard_long"),
    ({"items": [["{minutes}分钟", "{call_minutes} minutes"]]}, "standard_holes"),
    ({"items": [["甲", "a"]] * 4, "steps": "1 2 5"}, "standard_steps"),
    ({"items": [["甲", "a"]] * 4, "steps": "1 2"}, "standard_steps"),
    ({"items": [["甲", "a"]] * 4, "steps": "1 2 2"}, "standard_steps"),
)


@pytest.mark.clause("GO-01")
@pytest.mark.parametrize(("change", "code"), WRONG)
def test_what_is_wrong_with_a_chapter_is_named(change: dict[str, Any], code: str) -> None:
    assert [reason.code for reason in rules.against("x", {**BODY, **change})] == [code]


@pytest.mark.parametrize(
    ("days", "last", "today", "overdue"),
    [(7, 1, 8, False), (7, 1, 9, True), (0, 1, 28, False), (1, 1, 2, False), (1, 1, 3, True)],
)
def test_when_a_chapter_is_overdue(days: int, last: int, today: int, overdue: bool) -> None:
    body = {"every_days": days}
    assert rules.is_overdue(body, date(2026, 3, last), date(2026, 3, today)) is overdue


@pytest.mark.clause("GO-01")
def test_a_record_is_followed_by_one_correction() -> None:
    """The database refuses a second one as well; the rule says so before it is asked."""
    asked = [rules.corrected_once(Attempt(None, None, START, {"later": later})) for later in ("BZ-1", None)]
    assert [reason and reason.code for reason in asked] == ["run_corrected", None]


def test_small_rules() -> None:
    assert [rules.share(*pair) for pair in ((0, 0), (1, 1), (2, 1), (1, 2), (0, 3))] == [None, 50, 67, 33, 0]
    assert rules.filled("{a} {b}", {"a": "3"}) == "3 {b}"
    assert rules.departments_of({"departments": "b x"}, ["a", "b"]) == ["b"]


@pytest.mark.clause("PG-14")
def test_a_record_is_signed_once_and_stays(app: Flask, as_: As) -> None:
    employee = as_("emp.tech")
    assert "Gifts and favours" in employee.get("/phrases/standards/").text
    assert employee.get(f"{URL}/run").status_code == 200
    bare = employee.send(f"{URL}/run", **FORM | {"verdict_2": "not_done"})
    assert (bare.status_code, "PG-14" in bare.text) == (422, True)
    wrong: tuple[dict[str, Any], ...] = (
        {"department": "impl"}, {"day": "2026-03-03"}, {"day": "2025-01-01"}, {"person": "emp.impl"}, {"verdict_0": ""},
    )  # fmt: skip
    for change_of in wrong:
        assert employee.send(f"{URL}/run", **FORM | change_of).status_code == 422, change_of
    for _ in range(2):
        said: dict[str, Any] = {
            "verdict_2": "not_done",
            "why_2": "漏登记一次",
            "verdict_5": "not_applicable",
            "person": "sup.tech",
        }
        assert employee.send(f"{URL}/run", **FORM | said, idempotency_key="k").status_code == 303
    (run,) = the_runs(app)
    assert (run.done, run.lacking, run.edition, run.clause) == (4, 1, 1, "PG-15")
    at_ = f"/phrases/standards/runs/{run.number}"
    for username, code in (("emp.tech", 200), ("sup.tech", 200), ("lead.tech", 200), ("office1", 200), ("gm", 200),
                           ("lead.impl", 404), ("emp.impl", 404)):  # fmt: skip
        assert as_(username).get(at_).status_code == code, username
    assert "漏登记一次" in as_("lead.tech").get(at_).text
    assert as_("lead.tech").get(f"{at_}/print").status_code == 200
    assert "80%" in as_("lead.tech").get(URL).text
    assert "1 time" in as_("lead.tech").get(URL).text
    assert as_("lead.tech").get("/phrases/standards/runs/export").status_code == 200
    assert run.number in as_("lead.tech").get("/phrases/standards/runs/?lacking=1&since=2026-03-01").text
    changes = (sa.update(Run).values(note="x"), sa.update(Answer).values(why="x"), sa.delete(Answer))
    for change in changes:
        with app.app_context(), pytest.raises(DatabaseError), db.write():
            db.session.execute(change)


@pytest.mark.clause("GO-01")
@pytest.mark.clause("PG-14")
def test_a_correction_stands_beside_and_nobody_corrects_what_was_said_of_them(
    any_app: Flask, as_: As
) -> None:
    said: dict[str, Any] = {"verdict_0": "not_done", "why_0": "待查", "person": "lead.tech"}
    assert as_("emp.tech").send(f"{URL}/run", **FORM | said).status_code == 303
    at_ = f"/phrases/standards/runs/{the_runs(any_app)[0].number}"
    better: dict[str, Any] = {name: value for name, value in FORM.items() if name.startswith("verdict")}
    own = as_("lead.tech").send(f"{at_}/correct", **better, note="没有的事")
    assert (own.status_code, "PG-14" in own.text) == (409, True)
    assert (
        "correct" not in as_("lead.tech").get(at_).text.split('class="split"')[0].rpartition("page-head")[2]
    )
    assert as_("emp.tech").send(f"{at_}/correct", **better).status_code == 422
    assert as_("emp.tech").send(f"{at_}/correct", **better, note="查无此事").status_code == 303
    again = as_("office1").send(f"{at_}/correct", **better, note="再改")
    assert (again.status_code, "GO-01" in again.text) == (409, True)
    first, second = the_runs(any_app)
    assert (second.corrects_id, second.lacking, second.person_id) == (first.id, 0, first.person_id)
    assert "100%" in as_("lead.tech").get(URL).text  # only what stands is counted
    first_row, second_row = (
        next(
            row
            for row in as_("lead.tech").get("/phrases/standards/runs/").text.split("<tr")
            if run.number in row
        )
        for run in (first, second)
    )
    assert ("corrected by a later one" in first_row, "corrected by" in second_row) == (True, False)
    twin = {column.key: getattr(second, column.key) for column in sa.inspect(Run).column_attrs}
    with any_app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(Run(**twin | {"id": None, "number": "BZ-0"}))
    assert factories.history_faults(any_app) == []


def test_whoever_is_concerned_only_reads(app: Flask, as_: As) -> None:
    assert as_("lead.tech").send(f"{URL}/run", **FORM | {"person": "emp.tech"}).status_code == 303
    at_ = f"/phrases/standards/runs/{the_runs(app)[0].number}"
    assert as_("emp.tech").get(at_).status_code == 200
    assert as_("emp.tech").get(f"{at_}/correct").status_code == 403
    assert as_("emp.tech").get("/phrases/standards/nowhere").status_code == 404
    assert as_("emp.tech").get("/phrases/standards/settlement/run").status_code == 403  # not of technology


@pytest.mark.clause("PG-14")
def test_what_is_overdue_waits_for_the_lead_until_it_is_looked_at(app: Flask, at: At) -> None:
    assert client_of(app, "lead.tech").send(f"{URL}/run", **FORM).status_code == 303
    at("Thu 2026-04-02 09:00")
    with app.app_context():
        lines = list(watch.follow(clock.now()))
        assert [line.split("\t")[0] for line in lines] == [CODE]  # what nobody took up is not asked for
        assert list(watch.follow(clock.now())) == []
    words = "Run the checklist of the standard"
    assert words in client_of(app, "lead.tech").get("/").text
    assert words not in client_of(app, "emp.tech").get("/").text
    assert "overdue" in client_of(app, "lead.tech").get(URL).text
    day: dict[str, Any] = {"day": "2026-04-01"}
    assert client_of(app, "lead.tech").send(f"{URL}/run", **FORM | day).status_code == 303
    assert "overdue" not in client_of(app, "lead.tech").get(URL).text
    with app.app_context():
        assert list(watch.follow(clock.now())) == []
        assert queries.last_looks() == {(CODE, "tech"): date(2026, 4, 1)}


def test_items_say_the_figures_in_force_and_a_chapter_is_changed_by_approval(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    assert "at most 3 minutes" in browser.get("/phrases/standards/discipline").text
    with app.app_context():
        by, now = accounts.find("office1").id, clock.now()
        with db.write():
            policies.set_value("standard.call_minutes", "2", from_=now, reason="试", by=by, now=now)
    assert "at most 2 minutes" in browser.get("/phrases/standards/discipline").text
    address = f"/documents/new?kind=standard&code={CODE}"
    page = browser.get(address).text
    assert BODY["items"][0][0] in page
    fields = ChapterForm.of_body(BODY) | {"title_en": "Clean hands", "reason": "更短"}
    halved = browser.send(address, **(fields | {"things_en": "only one"}))
    assert (halved.status_code, "each needs both" in halved.text) == (422, True)
    assert browser.send(address, **fields | {"departments": "nowhere"}).status_code == 422
    made = browser.send(address, **fields)
    number = int(made.headers["Location"].rstrip("/").rpartition("/")[2])
    with app.app_context():
        author = factories.viewer("emp.tech")
        assert documents.act(number, "submit", by=author, now=clock.now()).body == {
            **BODY,
            "title_en": "Clean hands",
        }
        given: dict[str, Any] = {
            "in_force_from": clock.today(),
            "review_by": clock.today() + timedelta(days=365),
        }
        documents.act(number, "approve", by=factories.viewer("office1"), now=clock.now(), **given)
        with db.write():
            bad = documents.propose(
                "standard", "", {**BODY, "items": []}, reason="x", by=author, now=clock.now()
            )
        with pytest.raises(Refused):
            documents.act(bad.id, "submit", by=author, now=clock.now())
    assert "Clean hands" in browser.get("/phrases/standards/").text
