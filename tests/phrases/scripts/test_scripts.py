"""Guided scripts: what is approved leads somewhere, a walk keeps what was noted and becomes a record (PG-06, PG-08)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.phrases.calls.models import CallDraft
from portal.blueprints.phrases.scripts import documents, notation, rules
from portal.blueprints.phrases.technique import documents as technique
from portal.blueprints.phrases.technique import rules as technique_rules
from portal.blueprints.phrases.technique.codes import Stage
from portal.kernel.db import db
from tests.conftest import As

NEEDED = {
    "complaint-call", "complaint-on-site", "bad-line", "second-visitor", "take-message", "transfer", "asks-for-person",
    "angry-walk-in",
}  # fmt: skip


def node(code: str, *to: str, say: str = "您好", **more: Any) -> dict[str, Any]:
    """A step that says something and leads on, or ends the talk."""
    branches = [{"to": each, "text": "是", "text_en": "Yes"} for each in to]
    ends: dict[str, Any] = {"branches": branches} if to else {"end": "farewell"}
    note: dict[str, Any] = {} if say else {"note": "听", "note_en": "Listen"}
    return {"code": code, "say": say, "say_en": say and "Good day", **note, **ends, **more}


def a_script(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"channel": "phone", "start": "a", "nodes": list(nodes), **more}


def chain(length: int) -> dict[str, Any]:
    """Steps one after another, without a fork."""
    steps = ["a", *(f"a-{place}" for place in range(1, length))]
    return a_script(*(node(*pair) for pair in itertools.pairwise(steps)), node(steps[-1]))


def codes(body: Mapping[str, Any]) -> set[str]:
    return {reason.code for reason in rules.check("x", body)}


def test_every_script_and_card_that_is_shipped_passes_and_those_that_are_needed_are_there() -> None:
    assert {code for code, _body in documents.read_shipped()} == NEEDED
    for code, body in documents.read_shipped():
        assert rules.check(code, body) == [], code
    cards = list(technique.KIND.shipped())
    for code, card in cards:
        assert technique_rules.check(code, card) == [], code
    assert {card["stage"] for _code, card in cards} == set(Stage)


@pytest.mark.clause("PG-06")
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (a_script(node("a", "b"), node("b")), ""),
        (a_script(node("a", "a", "b"), node("b")), ""),  # said again and again, but said
        (a_script(node("a", "gone", "b"), node("b")), "script_branch"),
        (a_script(node("a", "b"), node("b"), node("c")), "script_unreached"),
        (a_script(node("a", "b", "c"), node("b"), node("c", "d"), node("d", "c")), "script_no_end"),
        (a_script(node("a", "b"), node("b", end="farewell", branches=[])), ""),
        (a_script(node("a", "b"), node("b", end="", branches=[])), "script_end"),
        (a_script(node("a", "b"), node("b", end="vanish")), "script_end"),
        (a_script(node("a", "b"), node("b", say="")), "script_end"),
        (a_script(node("a", "b", end="farewell"), node("b")), "script_end"),
        (a_script(node("a", "b"), node("b", "c", say=""), node("c", "b", "d", say=""), node("d")), "script_silent_loop"),
        (a_script(node("a", "b", say=""), node("b", "a", "c"), node("c")), ""),  # the circle says something
        (a_script(node("a", *"bcdefghijk"), *(node(code) for code in "bcdefghijk")), "script_branches"),
        (a_script(node("a", "b"), node("b"), start="z"), "script_start"),
        (a_script(node("a", "a", "b"), node("a"), node("b")), "script_step_code"),
        (a_script(node("a", "b"), node("b"), channel="fax"), "script_channel"),
        (a_script(node("a", "b", say_en=""), node("b")), "script_one_language"),
        (a_script(node("a", "b", asks=["salary"]), node("b")), "script_unknown"),
        (a_script(node("a", "b", say="", note="", note_en=""), node("b")), "script_empty_step"),
        (a_script(), "script_empty"),
        (a_script(node("a", "a" * 41), node("a" * 41)), "script_step_code"),
        (chain(60), ""),
        (chain(61), "script_steps"),  # no walk of it would fit into an address
    ],
)  # fmt: skip
def test_a_script_that_leads_into_nothing_or_round_and_round_is_told(
    body: dict[str, Any], wrong: str
) -> None:
    assert codes(body) == ({wrong} if wrong else set())


@pytest.mark.parametrize(
    ("asked", "walked"),
    [
        ([], ["a"]),
        (["a", "b", "c"], ["a", "b", "c"]),
        (["a", "c"], ["a"]),  # no branch leads there
        (["a", "b", "gone", "c"], ["a", "b"]),  # edited since
        (["c"], ["a"]),
    ],
)
def test_an_address_is_walked_as_far_as_it_goes(asked: list[str], walked: list[str]) -> None:
    assert rules.walked(a_script(node("a", "b"), node("b", "c", "a"), node("c")), asked) == walked


def test_a_walk_in_circles_stays_a_walk() -> None:
    body = a_script(node("a", "b"), node("b", "a", "c"), node("c"))
    path = ["a", "b"] * 60 + ["c"]
    short = list(rules.shortened(path))
    assert len(short) <= rules.MOST_STEPS
    assert rules.walked(body, short) == short
    assert short[-1] == "c"


def drafts(app: Flask) -> list[CallDraft]:
    with app.app_context():
        return list(db.session.scalars(sa.select(CallDraft)))


@pytest.mark.clause("PG-06")
def test_a_walk_keeps_what_is_noted_and_becomes_a_record(app: Flask, as_: As) -> None:
    desk, url = as_("desk1"), "/phrases/scripts/complaint-call"
    page = desk.get(url).text
    assert "Good day, 示例公司" in page
    answer = desk.send(url, path="open", go="hear")
    assert answer.headers["Location"] == f"{url}?path=open.hear"
    assert drafts(app) == []  # nothing was noted yet
    desk.send(url, path="open.hear", go="who", matter="电梯停运")
    step = desk.send(url, path="open.hear.who", go="where", caller="周强", phone="13700001111", htmx=True)
    assert step.headers["HX-Push-Url"] == f"{url}?path=open.hear.who.where"
    read = desk.get(f"{url}?path=open.hear.who.where.wish.sorry.check").text
    assert "You are 周强." in read
    assert desk.send(url, path="open.hear", go="back").headers["Location"] == f"{url}?path=open"
    last = desk.get(f"{url}?path=open.hear.who.where.wish.sorry.check.until.bye").text
    assert 'href="/phrases/call?end=case"' in last
    assert "电梯停运" in desk.get("/phrases/call?end=case").text
    (draft,) = drafts(app)
    assert not draft.on_site


@pytest.mark.clause("PG-08")
def test_a_talk_at_the_desk_is_noted_as_one_and_shows_its_technique(app: Flask, as_: As) -> None:
    desk, url = as_("desk1"), "/phrases/scripts/complaint-on-site"
    assert "Let the other finish" in desk.get(url).text
    desk.send(url, path="greet.hear", go="feel", matter="前台无人")
    (draft,) = drafts(app)
    assert draft.on_site


def test_what_cannot_be_a_number_is_told_at_its_step(app: Flask, as_: As) -> None:
    answer = as_("desk1").send(
        "/phrases/scripts/complaint-call", path="open.again.number", go="ring", phone="abc"
    )
    assert answer.status_code == 422
    assert "This is not a phone number." in answer.text
    assert drafts(app) == []
    assert as_("desk1").get("/phrases/scripts/nowhere").status_code == 404


# -- written, approved, walked (GO-01) ---------------------------------------------------------------------------------


def test_what_is_shipped_is_written_in_the_notation_and_read_back_the_same() -> None:
    for code, body in documents.read_shipped():
        assert notation.read(notation.written(body["nodes"])) == body["nodes"], code


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("say: no step yet", 1),
        ("[a]\nsay: x\nnonsense", 3),
        ("[a]\ncolour: red", 2),
        ("[a]\n-> b | one language", 2),
    ],
)
def test_a_line_that_is_none_is_named(text: str, line: int) -> None:
    with pytest.raises(notation.Unreadable) as error:
        notation.read(text)
    assert error.value.number == line


@pytest.mark.clause("PG-06")
def test_a_script_is_proposed_refused_while_it_leads_nowhere_and_then_walked(app: Flask, as_: As) -> None:
    body = dict(documents.read_shipped())["bad-line"]
    fields = documents.ScriptForm.of_body(body) | {"kind": "script", "code": "bad-line", "reason": "更清楚"}
    author, office = as_("emp.tech"), as_("office1")
    unread = author.send("/documents/new", **fields | {"steps": "hello"})
    assert unread.status_code == 422
    assert "Line 1 cannot be read" in unread.text
    lost = author.send("/documents/new", **fields | {"steps": fields["steps"].replace("-> noise", "-> gone")})
    refused = author.send(f"{lost.headers['Location']}submit")
    assert refused.status_code == 409
    assert "leads nowhere" in refused.text
    assert "PG-06" in refused.text
    rude = author.send(
        "/documents/new", **fields | {"steps": fields["steps"].replace("谢谢您，", "你急什么，", 1)}
    )
    refused = author.send(f"{rude.headers['Location']}submit")
    assert (refused.status_code, "PG-04" in refused.text, "你急什么" in refused.text) == (409, True, True)
    mended = fields["steps"].replace("the line is noisy", "the line is crackling")
    address = author.send("/documents/new", **fields | {"steps": mended}).headers["Location"]
    assert author.send(f"{address}submit").status_code == 303
    walk = "/phrases/scripts/bad-line?path=which.noise"
    assert "crackling" not in office.get(walk).text
    assert office.send(f"{address}approve", in_force_from="2026-03-02").status_code == 303
    assert "crackling" in office.get(walk).text
