"""The library on its pages: found, filled, used, kept, proposed, withdrawn (PG-03, GO-01)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.phrases.library import actions, page
from portal.blueprints.phrases.library.models import PhraseUse
from portal.kernel import clock, documents
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements

HTMX = {"HX-Request": "true"}


def phrase_of(app: Flask, code: str) -> int:
    """The id of a shipped phrase."""
    with app.app_context():
        found = documents.find("phrase", code)
        assert found is not None, code
        return found.document_id


def say(browser: CarefulClient, address: str) -> list[str]:
    """The lines that a page offers, as they would be copied."""
    return [html.unescape(text) for text in re.findall(r'data-say="([^"]*)"', browser.get(address).text)]


@pytest.fixture
def case(app: Flask) -> str:
    """A complaint that waits for the answer to its customer."""
    return factories.a_case(app, State.RESOLVED)


@pytest.mark.clause("PG-03")
def test_everybody_finds_the_line_of_the_moment(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    browser.lang = "zh-CN"
    assert say(browser, "/phrases/?words=bqr&moment=apology")[0] == "抱歉，让您久等了。"
    assert "示例公司" in say(browser, "/phrases/?moment=greeting&channel=phone")[0]
    assert "{company}" not in browser.get("/phrases/?moment=greeting").text
    assert all(
        "thank" in line.lower() for line in say(browser, "/phrases/?moment=thanks&lang=en&words=thank")
    )
    assert "感谢您来电" in say(browser, "/phrases/?words=感谢来电")[0]
    assert len(say(browser, "/phrases/")) == 40
    assert say(browser, "/phrases/?from=9999&words=zzzz") == []


@pytest.mark.clause("PG-03")
def test_the_links_of_the_library_keep_what_they_say(as_: As) -> None:
    shown = html.unescape(as_("desk1").get("/phrases/?moment=thanks&lang=zh").text)
    for show in ("favourites", "recent", "most"):
        assert f'href="/phrases/?moment=thanks&show={show}&lang=zh"' in shown
    assert 'href="/phrases/?from=40"' in as_("desk1").get("/phrases/").text


def test_a_title_says_what_its_blanks_are_for() -> None:
    title = page.title({"zh": "{customer}，您好。", "en": "Good day, {customer}."})
    assert (title.zh, title.en) == ("客户姓名，您好。", "Good day, Customer's name.")


@pytest.mark.clause("PG-03")
def test_a_case_fills_the_blanks_for_who_may_see_it(app: Flask, as_: As, case: str) -> None:
    code = "confirm-05"  # 您的事项编号是{number}，请您记一下。
    shown = f"/phrases/?case={case}&words={code}"
    assert case in say(as_("desk1"), shown)[0]
    assert "{number}" in say(as_("emp.admin"), shown)[0], "who may not see the case is told nothing of it"
    page = as_("desk1").get(f"/phrases/{phrase_of(app, code)}?about={case}")
    assert case in page.text


@pytest.mark.clause("PG-03")
def test_what_is_not_known_is_asked_for_before_use(app: Flask, as_: As) -> None:
    its_id, browser = phrase_of(app, "wait-09"), as_("desk1")
    page = browser.get(f"/phrases/{its_id}?lang=zh")
    assert 'id="blank-until"' in page.text
    answer = browser.send(f"/phrases/{its_id}/use", until="下午四点", lang="zh")
    assert (answer.status_code, "下午四点前给您回话" in answer.text) == (200, True)


@pytest.mark.clause("PG-03")
def test_uses_are_counted_by_phrase_person_and_day(any_app: Flask, as_: As, at: At) -> None:
    thanks, sorry = phrase_of(any_app, "thanks-01"), phrase_of(any_app, "apology-01")
    at("Mon 2026-03-02 23:55")
    for _ in range(3):
        assert as_("desk1").send(f"/phrases/{sorry}/use", htmx=True).status_code == 204
    at("Tue 2026-03-03 00:05")
    as_("desk1").send(f"/phrases/{sorry}/use", htmx=True)
    as_("desk2").send(f"/phrases/{thanks}/use", htmx=True)
    with any_app.app_context():
        rows = db.session.execute(
            sa.select(PhraseUse.document_id, PhraseUse.times).order_by(PhraseUse.day, PhraseUse.times)
        )
        assert sorted(map(tuple, rows)) == sorted([(sorry, 3), (sorry, 1), (thanks, 1)])
    desk = as_("desk1")
    desk.lang = "zh-CN"
    assert say(desk, "/phrases/?show=recent") == ["抱歉，让您久等了。"]
    assert say(desk, "/phrases/?show=most") == ["抱歉，让您久等了。", "谢谢您来电。"]
    assert as_("desk1").send("/phrases/999999/use").status_code == 404


@pytest.mark.clause("PG-03")
def test_who_used_what_only_the_person_the_head_and_the_office_see(app: Flask, as_: As) -> None:
    its_id = phrase_of(app, "thanks-01")
    for username in ("emp.tech", "emp.impl"):
        as_(username).send(f"/phrases/{its_id}/use", htmx=True)
    tech = factories.id_of(app, "emp.tech")
    for username, status in (
        ("emp.tech", 200), ("lead.tech", 200), ("office1", 200), ("emp.impl", 404), ("lead.impl", 404), ("desk1", 404),
    ):  # fmt: skip
        assert as_(username).get(f"/phrases/figures?person={tech}").status_code == status, username
    page = as_("emp.impl").get("/phrases/figures").text
    assert "李工" not in page
    assert "罗建国" in page
    assert '<tr><th scope="row">Thanks</th><td>2<' in page, "the totals are everybody's"


def test_a_favourite_is_one_touch_and_goes_by_another(any_app: Flask, as_: As) -> None:
    its_id, desk = phrase_of(any_app, "thanks-01"), as_("desk1")
    for _ in range(2):
        assert desk.send(f"/phrases/{its_id}/favourite", on="1").status_code == 303
    assert len(say(desk, "/phrases/?show=favourites")) == 1
    assert say(as_("desk2"), "/phrases/?show=favourites") == []
    answer = desk.send(f"/phrases/{its_id}/favourite", htmx=True, on="0")
    assert 'aria-pressed="false"' in answer.text
    assert say(desk, "/phrases/?show=favourites") == []


@pytest.mark.clause("PG-03")
def test_beside_every_text_for_a_customer_stand_the_phrases_for_it(app: Flask, as_: As, case: str) -> None:
    page = as_("emp.tech").get(f"/complaints/{case}?do=report").text
    link = f"/phrases/pick?scope=answer&about={case}"
    assert f'href="{html.escape(link)}"' in page
    assert as_("emp.tech").get(link).headers["Location"] == f"/phrases/?about={case}"
    panel = as_("emp.tech").get(link, headers=HTMX).text
    assert panel.count("data-say=") == 12
    assert "<form" not in panel, "it stands inside the reply's own form"
    rows = as_("emp.tech").get(f"{link}&part=rows&words=zzzz", headers=HTMX)
    assert "Nothing fits" in rows.text
    assert "data-find" not in rows.text
    visit = factories.a_visit(app)
    assert f"about={visit}" in as_("desk1").get("/phrases/pick?about=" + visit).headers["Location"]


@pytest.mark.clause("GO-01")
def test_an_answer_becomes_a_phrase_for_who_may_see_where_it_stands(app: Flask, as_: As, case: str) -> None:
    for username, status in (("desk1", 302), ("emp.impl", 404)):
        answer = as_(username).get(f"/phrases/propose?source={case}&text=谢谢您的提醒。")
        assert answer.status_code == status
    address = as_("desk1").get(f"/phrases/propose?source={case}&text=谢谢您的提醒。").headers["Location"]
    form = as_("desk1").get(address)
    assert "谢谢您的提醒。</textarea>" in form.text
    assert f'name="source" value="{case}"' in form.text


@pytest.mark.clause("GO-01")
def test_an_answer_does_not_travel_in_an_address(app: Flask, as_: As) -> None:
    case = factories.a_case(app, State.REPORTED)
    said = factories.load(app, case).answer
    address = as_("emp.tech").get(f"/phrases/propose?source={case}").headers["Location"]
    assert (bool(said), "text=" in address) == (True, False)
    assert f"{said}</textarea>" in as_("emp.tech").get(address).text
    assert said not in as_("emp.impl").get(address).text, "to others the case is not there"
    assert as_("emp.tech").send("/documents/new", **NEW, source=case).status_code == 303
    back = re.search(
        r'href="(/documents/\?[^"]+)">Proposed from it<', as_("emp.tech").get(f"/complaints/{case}").text
    )
    assert back is not None
    assert "Thank you for reminding us." in as_("emp.tech").get(html.unescape(back[1])).text


NEW: dict[str, Any] = {
    "kind": "phrase", "moment": "thanks", "zh": "谢谢您提醒我们。", "en": "Thank you for reminding us.",
    "channels": ["phone"], "reason": "常用",
}  # fmt: skip


@pytest.mark.clause("GO-01")
def test_a_phrase_is_proposed_approved_by_another_and_used(app: Flask, as_: As) -> None:
    answer = as_("emp.tech").send("/documents/new", **NEW)
    assert answer.status_code == 303, answer.text
    page = answer.headers["Location"]
    assert as_("emp.tech").send(f"{page}submit").status_code == 303
    assert say(as_("desk1"), "/phrases/?words=reminding") == [], "not before it is approved"
    assert (
        as_("office1").send(f"{page}approve", in_force_from="2026-03-02", to_confirm="y").status_code == 303
    )
    assert say(as_("desk1"), "/phrases/?words=reminding") == ["Thank you for reminding us."]
    with app.app_context():
        made = documents.in_force("phrase")[-1]
        assert made.code.startswith("thanks-")
    assert as_("desk1").send(f"/phrases/{made.document_id}/use").status_code == 200
    for there in (True, False):
        assert ("Read and confirm" in as_("desk1").get(f"/phrases/{made.document_id}").text) is there
        as_("desk1").send(f"{page}confirm")
    assert as_("emp.tech").send("/documents/new", **NEW | {"zh": ""}).status_code == 422


@pytest.mark.clause("PG-04")
def test_what_nobody_may_say_is_no_phrase(app: Flask, as_: As) -> None:
    page = as_("emp.tech").send("/documents/new", **NEW | {"zh": "你急什么，谢谢提醒。"}).headers["Location"]
    answer = as_("emp.tech").send(f"{page}submit")
    assert answer.status_code == 409
    assert all(words in answer.text for words in ("PG-04", "急什么"))


@pytest.mark.clause("GO-01")
def test_a_dead_phrase_is_withdrawn_by_one_touch_and_a_decision(app: Flask, as_: As) -> None:
    its_id, recent, emp = phrase_of(app, "address-01"), phrase_of(app, "address-03"), as_("emp.tech")
    used = phrase_of(app, "thanks-01")
    assert "/withdraw" not in emp.get("/phrases/figures").text, "nothing was counted yet"
    with app.app_context(), db.write():
        for each, days in ((used, 181), (recent, 179)):
            actions.use(each, by=factories.viewer("desk1"), now=clock.now() - timedelta(days=days))
    page = emp.get("/phrases/figures").text
    assert f"/phrases/{its_id}/withdraw" in page
    assert f"/phrases/{recent}/withdraw" not in page
    answer = emp.send(f"/phrases/{its_id}/withdraw")
    assert answer.status_code == 303
    again = as_("emp.impl").send(f"/phrases/{its_id}/withdraw")
    assert (again.status_code, "GO-01" in again.text) == (409, True)
    page = answer.headers["Location"]
    emp.send(f"{page}submit")
    as_("office1").send(f"{page}approve", in_force_from="2026-03-02")
    assert as_("desk1").get(f"/phrases/{its_id}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/phrases/",
        "/phrases/?words=bqr",
        "/phrases/?show=most",
        "/phrases/figures",
        "/phrases/<id>",
        "/phrases/<pick>",
    ],
)
def test_a_page_costs_few_statements_however_much_was_used(
    app: Flask, as_: As, case: str, address: str
) -> None:
    ids = [phrase_of(app, f"thanks-{place:02}") for place in range(1, 6)]
    at = address.replace("<id>", str(ids[0])).replace("<pick>", f"pick?about={case}")
    at = at.replace("pick?", "?") if "pick" in at else at
    as_("office1").send(f"/phrases/{ids[0]}/use", htmx=True)
    one = statements(as_("office1"), at)
    for its_id in ids:
        as_("office1").send(f"/phrases/{its_id}/use", htmx=True)
        as_("office1").send(f"/phrases/{its_id}/favourite", on="1")
    many = statements(as_("office1"), at)
    assert len(many) == len(one) <= MOST, "\n".join(many)
