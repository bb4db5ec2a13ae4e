"""Wherever a clause is named, its name leads to its page; and nothing typed becomes a link or a tag."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, g

from portal import enforcement
from portal.blueprints.complaints.codes import State
from portal.clause_links import linked
from portal.kernel import clauses
from tests import factories
from tests.conftest import As


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("See CP-12.", 'See <a href="/handbook/CP-12">CP-12</a>.'),
        (
            "见（CP-12、GO-05）",
            '见（<a href="/handbook/CP-12">CP-12</a>、<a href="/handbook/GO-05">GO-05</a>）',
        ),
        ("<b>CP-12</b>", '&lt;b&gt;<a href="/handbook/CP-12">CP-12</a>&lt;/b&gt;'),
        ("CP-99 and XCP-12 and CP-123", "CP-99 and XCP-12 and CP-123"),
        ('" onclick="x', "&#34; onclick=&#34;x"),
    ],
)
def test_a_clause_in_a_text_is_a_link(app: Flask, text: str, drawn: str) -> None:
    with app.test_request_context():
        g._login_user = factories.viewer("emp.tech")
        assert str(linked(text)) == drawn
        assert str(linked(text, passed_by=True)) == drawn.replace('">', '" tabindex="-1">')


def test_who_cannot_open_the_handbook_reads_the_id_alone(app: Flask) -> None:
    with app.test_request_context():
        assert str(linked("See CP-12.")) == "See CP-12."
    assert "/handbook/" not in app.test_client().get("/login").text


def test_on_paper_an_id_stands_in_words_and_is_a_link_where_the_portal_knows_its_address(
    app: Flask, as_: As, drawn: list[str]
) -> None:
    number, desk = factories.a_case(app, State.ACCEPTED), as_("desk1")
    notice = desk.get(f"/complaints/{number}/notice").text
    assert '<a href="/handbook/CP-10">QR-CP-10 · V1</a>' in notice, "a form is numbered after its clause"
    assert '(<a href="/handbook/CP-01">CP-01</a>)' in notice
    for base, foot in (
        ("", "QR-CP-10 · V1"),
        (
            "https://portal.example/desk/",
            '<a href="https://portal.example/desk/handbook/CP-10">QR-CP-10 · V1</a>',
        ),
    ):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], base_url=base)
        desk.send(f"/complaints/{number}/notice.pdf")
        factories.let_work(app)
        assert f"<span>{foot}</span>" in drawn[-1]


def test_refusals_fields_and_pages_lead_to_their_clause(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    link = '<a href="/handbook/{0}">{0}</a>'
    desk = as_("desk1")
    refused = desk.post(f"/complaints/{number}/archive", data={"csrf_token": _token(desk)})
    assert (refused.status_code, link.format("CP-20") in refused.text) == (409, True)
    office = as_("office1")
    asked = {"csrf_token": _token(office), "value": "1 wd"}
    form = office.post("/office/limits/limit.solution/change", data=asked)
    assert form.status_code == 422
    assert re.search(rf'id="reason-error".*?{link.format("GO-05")}', form.text, re.DOTALL)
    assert link.format("RC-15") in desk.get("/reception/supplies/").text
    row = next(line for line in desk.get("/").text.split("<tr") if number in line)
    assert link.format("CP-05") in row, "what waits names the clause that it follows from"
    limit = enforcement.CLOCKS[factories.load(app, number).due_kind]
    assert f"<small>{link.format(limit)}</small></td><td>" in row, "and the time left the one that sets it"


def _token(browser: object) -> str:
    page = browser.get("/account").text  # type: ignore[attr-defined]  # a client
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]  # every page has one


def test_places_lead_to_the_pages_of_their_steps(app: Flask, as_: As) -> None:
    page = as_("office1").get("/handbook/DR-10").text
    assert re.search(r'<a href="/duty/handover[^"]*">[^<]*Step', page)
    assert as_("emp.tech").get("/handbook/CP-20").status_code == 200
    flows = {flow.name for flow in enforcement.FLOWS}
    assert flows - enforcement.PAGES.keys() == set(), "a flow without the page where it is done"
    named = {*enforcement.PAGES.values(), *enforcement.CLOCK_PAGES.values()}
    assert named - app.view_functions.keys() == set()


@pytest.mark.parametrize("clause", [c.id for c in clauses.all_clauses()][::9])
def test_what_a_clause_names_is_linked_on_its_page(app: Flask, as_: As, clause: str) -> None:
    rule = clauses.clause(clause)
    page = as_("emp.tech").get(f"/handbook/{clause}").text
    for other in set(re.findall(r"[A-Z]{2}-\d{2}", f"{rule.rule.en} {rule.how.en}")):
        assert f'<a href="/handbook/{other}">{other}</a>' in page
