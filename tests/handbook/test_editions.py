"""The words of a clause: written and approved by two people of the general office, read by everybody (GO-01, GO-05)."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.handbook import chapters, regulations
from portal.blueprints.handbook.regulations import body_of, check
from portal.kernel import clauses, clock, documents, policies
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.conftest import As, At
from tests.house.test_statements import statements

QUICKER = {
    "rule_zh": "部门负责人应在20分钟内联系客户。",
    "rule_en": "The lead contacts the customer within 20 minutes.",
}


def a_draft(app: Flask, by: str = "office1", code: str = "CP-12", **texts: str) -> int:
    """A draft of another edition of a clause; its id."""
    with app.app_context():
        found = documents.find("clause", code)
        assert found is not None
        with db.write():
            body = {**found.body, **(texts or QUICKER)}
            made = documents.propose(
                "clause", code, body, reason="客户希望更快", by=factories.viewer(by), now=clock.now()
            )
        return made.id


def act(app: Flask, its_id: int, verb: str, by: str, **given: Any) -> None:
    """One verb by one person."""
    with app.app_context():
        documents.act(its_id, verb, by=factories.viewer(by), now=clock.now(), **given)


def approved(app: Flask, **given: Any) -> int:
    """Another edition of CP-12 that holds from today on; its id."""
    its_id = a_draft(app)
    act(app, its_id, "submit", "office1")
    with app.app_context():
        day = clock.today()
    act(app, its_id, "approve", "office2", **({"in_force_from": day} | given))
    return its_id


@pytest.mark.clause("GO-01")
def test_readers_see_the_edition_in_force_and_find_the_old_one(any_app: Flask, as_: As) -> None:
    reader = as_("emp.tech")
    its_id = a_draft(any_app)
    assert "within 20 minutes" not in reader.get("/handbook/CP-12").text
    assert reader.get(f"/documents/{its_id}/").status_code == 404, "what is in work is the office's"
    act(any_app, its_id, "submit", "office1")
    act(any_app, its_id, "approve", "office2", in_force_from=clock_today(any_app))
    page = reader.get("/handbook/CP-12").text
    assert ("within 20 minutes" in page, "Edition 2" in page) == (True, True)
    assert "客户希望更快" in page
    assert "within 20 minutes" in reader.get("/handbook/print?chapter=cp-11").text
    assert "CP-12" in reader.get("/handbook/?q=20+minutes").text
    (old,) = re.findall(r'href="(/documents/\d+/)">Edition 1', page)
    assert "30分钟" in reader.get(old).text
    assert "<del>" in reader.get(f"/documents/{its_id}/").text, "differences side by side"
    assert "Changed on 2026-03-02" in reader.get("/handbook/").text


def clock_today(app: Flask) -> Any:
    """Today in company time."""
    with app.app_context():
        return clock.today()


@pytest.mark.clause("GO-05")
def test_two_people_of_the_general_office_make_an_edition(app: Flask, as_: As) -> None:
    for who in ("emp.tech", "lead.tech", "gm", "desk1"):
        assert as_(who).get("/documents/new?kind=clause&code=CP-12").status_code == 403, who
        assert "Propose another version" not in as_(who).get("/handbook/CP-12").text
    assert as_("office1").get("/documents/new?kind=clause&code=CP-12").status_code == 200
    its_id = a_draft(app)
    act(app, its_id, "submit", "office1")
    with pytest.raises(Refused, match="own_document"):
        act(app, its_id, "approve", "office1", in_force_from=clock_today(app))
    act(app, its_id, "approve", "office2", in_force_from=clock_today(app))


@pytest.mark.clause("GO-05")
def test_nobody_invents_a_clause(app: Flask, as_: As) -> None:
    office = as_("office1")
    assert office.get("/documents/new?kind=clause").status_code == 404
    assert office.get("/documents/new?kind=clause&code=CP-99").status_code == 404
    assert "kind=clause" not in office.get("/documents/").text.split("<main")[1].replace("kind=clause&", "")


WHOLE = body_of(clauses.clause("CP-12"))


@pytest.mark.parametrize(
    ("code", "changed", "reasons"),
    [
        ("CP-12", {}, []),
        ("CP-99", {}, ["no_such_clause"]),
        ("CP-12", {"rule_zh": "见CP-14和GO-05。"}, []),
        ("CP-12", {"rule_zh": "见CP-41。"}, ["no_such_clause"]),
        ("CP-12", {"more_zh": "补充说明。"}, ["one_language"]),
        ("CP-12", {"more_zh": "补充说明。", "more_en": "More."}, []),
    ],
)
@pytest.mark.clause("GO-05")
def test_a_clause_is_sound(code: str, changed: dict[str, str], reasons: list[str]) -> None:
    assert [reason.code for reason in check(code, WHOLE | changed)] == reasons


def test_reading_is_confirmed_for_each_edition(app: Flask, as_: As) -> None:
    its_id = approved(app, to_confirm=True)
    reader = as_("emp.tech")
    assert "Read and confirm" in reader.get("/handbook/").text
    assert f"/documents/{its_id}/?do=confirm" in reader.get("/handbook/CP-12").text
    act(app, its_id, "confirm", "emp.tech")
    assert "Read and confirm" not in reader.get("/handbook/").text.split("<main")[1]
    assert "Who has not" in as_("office1").get(f"/documents/{its_id}/").text
    assert "Who has not" not in reader.get(f"/documents/{its_id}/").text


def test_an_edition_to_come_is_announced_and_then_holds(app: Flask, at: At, as_: As) -> None:
    approved(app, in_force_from=date.fromisoformat("2026-03-09"))
    page = as_("emp.tech").get("/handbook/").text
    assert re.search(r"In force from 2026-03-09: ?<a[^>]+>CP-12", page)
    assert "within 20 minutes" not in as_("emp.tech").get("/handbook/CP-12").text
    at("Mon 2026-03-09 09:00")
    assert "within 20 minutes" in as_("desk1").get("/handbook/CP-12").text


@pytest.mark.clause("GO-05")
def test_every_value_of_a_figure_is_shown_with_who_why_and_since_when(app: Flask, at: At, as_: As) -> None:
    with app.app_context():
        now = clock.now()
        given: dict[str, Any] = {"by": factories.id_of(app, "office1"), "now": now}
        with db.write():
            policies.set_value("limit.first_contact.normal", "20 min", from_=now, reason="更快", **given)
        with db.write():
            later = now.replace(day=20)
            policies.set_value("limit.first_contact.normal", "15 min", from_=later, reason="再快", **given)
    page = as_("emp.tech").get("/handbook/CP-12").text
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    told = {row.split()[0]: row for row in rows if "min" in row or "wh" in row}
    assert re.search(
        r"First contact, usual +20 minutes \(20 min\) +03-02 09:00 +方雅琴 +更快", " ".join(rows)
    )
    assert re.search(r"To come +15 minutes \(15 min\) +03-20 09:00 +方雅琴 +再快", told["To"])
    assert re.search(r"Before +0.5 working hours \(0.5 wh\) +as shipped +the portal", told["Before"])
    assert "/office/limits/limit.first_contact.normal" in as_("office1").get("/handbook/CP-12").text
    assert "/office/limits/" not in page


def test_the_contents_cost_no_statement_a_clause(app: Flask, as_: As) -> None:
    assert len(statements(as_("emp.tech"), "/handbook/")) <= 5


@pytest.mark.parametrize(
    ("words", "found"),
    [("首次联系", "CP-12"), ("sclx", "CP-12"), ("shoucilianxi", "CP-12"), ("cp-12", "CP-12"), ("first contact", "CP-12"),
     ("客户经理 四级", "CU-04"), ("交接 没有这样的", "")],
)  # fmt: skip
def test_clauses_are_found_by_words_ids_and_pinyin(words: str, found: str) -> None:
    ids = [c.id for c in clauses.all_clauses() if chapters.matches(words, chapters.texts_of(c))]
    assert (found in ids) if found else not ids


def test_every_clause_is_in_one_chapter() -> None:
    assert [i for chapter in chapters.chapters() for i in chapter.clauses] == [
        c.id for c in clauses.all_clauses()
    ]
    assert all(
        clauses.clause(i).area == chapter.area for chapter in chapters.chapters() for i in chapter.clauses
    )


@pytest.mark.clause("CU-04")
def test_the_chapter_on_account_managers_names_them_by_grade(app: Flask, as_: As) -> None:
    reader = as_("emp.tech")
    reader.lang = "zh-CN"
    page = reader.get("/handbook/CU-04")
    for words in ("一级（员工）", "四级（高层）", "各级别人员", "4级：高层管理人员", "林国栋"):
        assert words in page.text, words


def test_the_printed_handbook_has_number_and_version(app: Flask, as_: As) -> None:
    whole = as_("emp.tech").get("/handbook/print").text
    assert ("QR-GO-05-01 · V1" in whole, "GO-06" in whole, "RC-01" in whole) == (True, True, True)
    chapter = as_("emp.tech").get("/handbook/print?chapter=dr-07").text
    assert ("DR-12" in chapter, "DR-13" in chapter) == (True, False)
    assert as_("emp.tech").get("/handbook/print?chapter=nowhere").status_code == 404


def test_the_command_needs_no_database_and_says_what_ships(app: Flask) -> None:
    approved(app)
    told = app.test_cli_runner().invoke(args=["handbook", "clauses", "--json"]).stdout
    assert next(row for row in json.loads(told) if row["id"] == "CP-12")["title"] == "首次联系客户"
    with app.app_context():
        assert regulations.standing("CP-12").clause.rule.zh == QUICKER["rule_zh"]
