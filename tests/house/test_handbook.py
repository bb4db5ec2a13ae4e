"""Each clause has its page in both languages; each that is enforced names its places, and a test bears its id."""

from __future__ import annotations

from flask import Flask
from markupsafe import escape

from portal import enforcement
from portal.kernel import clauses, figures
from portal.kernel.what_if import kind_of
from tests.conftest import As
from tests.house.test_tables import ENFORCED


def test_every_clause_has_its_page_in_both_languages(app: Flask, as_: As) -> None:
    reader = as_("emp.tech")
    for lang in ("zh-CN", "en"):
        reader.lang, reader.careful = lang, False
        for clause in clauses.all_clauses():
            page = reader.get(f"/handbook/{clause.id}")
            words = str(escape(clause.title.for_locale(lang)))
            assert (page.status_code, words in page.text) == (200, True), f"{clause.id} in {lang}"


def test_every_clause_that_is_enforced_is_looked_for_among_the_tests_and_says_where(app: Flask) -> None:
    enforced = {clause.id for clause in clauses.all_clauses() if clause.mode == "enforce"}
    assert enforced <= set(ENFORCED)
    assert [clause for clause in enforced if not enforcement.places().get(clause)] == []


# Of these no clock runs: they say from when on, or somebody names the end, which they only propose.
WITHOUT_CLOCK = {
    "limit.improvement.effect", "limit.improvement.confirm", "limit.penalty_appeal", "limit.deposit", "limit.key_return",
    "limit.assessment_objection", "limit.quiz_retake", "limit.training_need", "limit.training_quiz",
    "limit.training_reflection", "limit.visit_no_answer", "limit.visit_no_show", "limit.visit_undo",
    "limit.visit_greeting", "limit.visit_warning",
}  # fmt: skip


def test_what_would_have_been_can_be_asked_of_every_limit_with_a_clock(app: Flask) -> None:
    limits = {figure.key for figure in figures.SHIPPED if figure.kind == "limit"}
    asked = {key for key in limits if kind_of(key, list(enforcement.CLOCKS))}
    assert limits - asked == WITHOUT_CLOCK
