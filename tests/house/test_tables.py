"""The tables agree with each other: verbs, actions, forms, words, clauses, tests."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import blueprints, enforcement, errors, i18n, notices, telling
from portal.blueprints.complaints import actions, closing, forms, labels, next_steps, rules, watch
from portal.blueprints.complaints.codes import TWO_PERSON, State
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import clauses, figures, ladders, policies
from portal.kernel.workflow import Step

CLAUSE = re.compile(r"[A-Z]{2}-\d{2}")
ROOT = Path(__file__).resolve().parents[2]
# What the portal itself refuses or does, of complaints, of reception and of duty.
ENFORCED = [f"CP-{number:02}" for number in range(1, 21) if number != 7] + [
    "CP-21",
    "CP-24",
    "CP-23",
    "CP-31",
    "CP-33",
    "CP-34",
    "CP-35",
    "CP-36",
    "GO-01",
    "GO-05",
]
ENFORCED += [f"RC-{number:02}" for number in (*range(1, 12), 13, *range(16, 20), 24, 26, 27, 30)]
ENFORCED += [f"DR-{number:02}" for number in (1, 2, 4, *range(6, 13), 14, 16, 21)]
ENFORCED += ["PG-04", "PG-11"]


@cache
def modules(folder: str) -> list[tuple[Path, ast.Module]]:
    """Every module under a folder, read."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Every call of a function or method of one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                yield node


def texts(nodes: list[ast.expr]) -> list[str]:
    """The literal texts among expressions."""
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.mark.parametrize("verb", CASE.verbs)
def test_every_verb_is_whole(app: Flask, verb: str) -> None:
    assert verb in actions.ACTIONS, "an action"
    assert verb == "edit" or verb in forms.FORMS, "a form"
    assert verb in labels.VERBS, "a word for its button"
    assert verb in labels.SAID, "a word for its toast"
    assert f"case:{verb}" in labels.HISTORY, "words for its line of history"
    assert f"complaints.{verb.replace('-', '_')}" in app.view_functions, "an address"


def test_nothing_is_left_over_from_a_verb() -> None:
    verbs = set(CASE.verbs)
    assert set(actions.ACTIONS) == set(labels.VERBS) == set(labels.SAID) == verbs
    assert set(forms.FORMS) == verbs - {"edit"}
    assert set(TWO_PERSON) <= verbs


def test_every_row_names_a_clause_that_is_known() -> None:
    for step in CASE.steps:
        assert clauses.known(step.clause), f"{step.verb}: {step.clause}"
        assert step.sources, f"{step.verb} starts nowhere"
        assert step.who, f"{step.verb} is nobody's"
    for kind, (_, clause) in watch.CLOCKS.items():
        assert clauses.known(clause), kind
    for figure in figures.SHIPPED:
        assert clauses.known(figure.clause), figure.key
        assert policies.readable(figure.kind, figure.default, figure.codes) == figure.default, (
            f"{figure.key} has one way of writing"
        )


def test_every_state_can_be_reached_and_left() -> None:
    reached = {step.to for step in CASE.steps} | {"registered"}
    left = {source for step in CASE.steps for source in step.sources if step.to and step.to != source}
    assert {str(state) for state in reached if state} == {str(state) for state in State}
    assert {str(state) for state in State} - {str(source) for source in left} == {"archived"}


def test_clocks_named_by_rows_exist_and_every_clock_is_started_and_met() -> None:
    kinds = {*watch.CLOCKS, "promise"}
    named = {kind for step in CASE.steps for kind in (*step.meets, *step.starts)}
    assert named <= kinds
    assert {kind for step in CASE.steps for kind in step.meets} == kinds, "a clock that nothing meets"
    assert kinds == set(labels.CLOCKS)
    assert {f"ladder.{kind}" for kind in kinds} <= set(figures.FIGURES)


def test_every_reason_has_words(app: Flask) -> None:
    codes: set[str] = set()
    for _, tree in modules("portal"):
        for call in calls(tree, "Reason"):
            codes.update(text for text in texts(call.args) if not CLAUSE.fullmatch(text))
    for _, tree in modules("portal/blueprints/complaints"):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name in {
                "what_blocks_archive",
                "read_back_fits",
                "extension_fits",
            }:
                found = [n.value for n in ast.walk(function) if isinstance(n, ast.Constant)]
                codes.update(text for text in found if isinstance(text, str) and text in labels.REASONS)
    assert len(codes) > 25, "the reasons were not found in the code"
    known = set(errors.REASONS) | set(labels.REASONS)
    assert codes - known == set(), "put these into words"
    assert set(labels.REASONS) - codes == set(), "nothing says these any more"


def test_a_reason_is_put_into_words_by_one_part_only() -> None:
    parts = [name for _, name, _ in pkgutil.walk_packages(blueprints.__path__, "portal.blueprints.")]
    told = [
        (code, str(words.sentence), name)
        for name in parts
        if name.endswith("labels")
        for code, words in getattr(importlib.import_module(name), "REASONS", {}).items()
    ]
    assert len(told) > 200, "the words were not found"
    seen: dict[str, tuple[str, str]] = {}
    for code, sentence, name in told:
        first, where = seen.setdefault(code, (sentence, name))
        assert first == sentence, (
            f"{code} is put into words by {where} and by {name}; one would speak for the other"
        )


def test_every_event_and_message_has_words() -> None:
    events: set[str] = set()
    kinds: set[str] = set()
    for _, tree in modules("portal"):
        for call in calls(tree, "record"):
            events.update(text for text in texts(call.args) if re.match(r"(case|clock):", text))
        for call in calls(tree, "tell", "tell_person"):
            kinds.update(text for text in texts(call.args) if ":" in text)
    assert events <= set(labels.HISTORY)
    assert {kind for kind in kinds if kind.startswith(("case:", "clock:"))} <= set(labels.NOTICES)


def test_every_code_has_words(app: Flask) -> None:
    with app.test_request_context():
        for codes, words in i18n.LABELS.items():
            if issubclass(codes, str):
                assert set(words) == set(codes), f"{codes.__name__} is not whole"
                assert all(str(sentence).strip() for sentence in words.values())
        assert all(str(sentence) for sentence in (*notices.SENTENCES.values(), *notices.CLOCKS.values()))


def test_a_ladder_names_only_those_whom_a_case_knows(app: Flask) -> None:
    case: Any = type("Nobody", (), {
        "department": None, "confidential": False, "handler_id": None, "first_responder_id": None, "reporter": None,
        "person_concerned_id": None, "assisting": "", "proposed_by_id": None,
    })()  # fmt: skip
    with app.app_context():
        for audience in ladders.AUDIENCES:
            assert watch.WATCH.told(case, audience) is not None


# -- every clause that is enforced has a test of its own -------------------------------------------------------


@cache
def marked() -> dict[str, list[str]]:
    """Clause id -> the tests that bear it; only what marks one is read, and read once."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "clause(" not in source:
            continue
        tree = ast.parse(source)
        for call in calls(tree, "clause"):
            for clause in texts(call.args):
                found.setdefault(clause, []).append(path.name)
        if "clause(row[0])" not in source:
            continue
        # Rows of a table bear the clause that they begin with.
        for row in ast.walk(tree):
            first = texts(row.elts[:1]) if isinstance(row, ast.Tuple) else []
            if first and CLAUSE.fullmatch(first[0]):
                found.setdefault(first[0], []).append(path.name)
    return found


@pytest.mark.parametrize("clause", ENFORCED)
def test_an_enforced_clause_has_a_test_that_bears_its_id(clause: str) -> None:
    assert marked().get(clause), f"no test is marked with {clause}"


def test_tests_bear_only_clauses_that_exist() -> None:
    invented = {"CP-99"}  # in a test of the clauses themselves
    assert [clause for clause in marked() if not clauses.known(clause) and clause not in invented] == []


def test_the_handbook_says_where_each_of_them_is_enforced(app: Flask) -> None:
    places = enforcement.places()
    served = [f"DR-{number:02}" for number in range(1, 22)]
    missing = [clause for clause in (*ENFORCED, *served) if not places.get(clause)]
    assert missing == []
    unnamed = {event for events in enforcement.RECORDS.values() for event in events} - telling.EVENTS.keys()
    assert unnamed == set()
    assert all(clauses.known(clause) for clause in places)


@pytest.mark.clause("GO-01")
def test_every_printed_form_of_duty_shows_its_number_and_version() -> None:
    """A form's page has the number in its foot; the area hands over one that ends with its version."""
    sheets = sorted((ROOT / "portal/templates/duty").glob("*/print.html"))
    assert len(sheets) > 9
    for sheet in sheets:
        (foot,) = re.findall(r"{% block version %}(.*?){% endblock %}", sheet.read_text(encoding="utf-8"))
        assert "form_number" in foot or re.search(r"QR-DR-\d\d · V\d", foot), sheet.parent.name
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "portal/blueprints/duty").rglob("*.py")
    )
    numbers = re.findall(r'[" ](QR-DR-[^"]*)"', source)
    assert len(set(numbers)) == len(numbers) == len(sheets) - 1
    assert all(re.fullmatch(r"QR-DR-\d\d(-\d\d)? · V(\d+|{.+})", number) for number in numbers), numbers


def test_rules_are_pure() -> None:
    """What the import rules cannot see: no reading of the clock, no global state."""
    for module in (closing, next_steps, rules):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for word in ("datetime.now", "clock.", "db.", "current_user", "request."):
            assert word not in source


def test_a_row_covers_its_kinds_only() -> None:
    step = Step("x", frozenset({"a"}), None, frozenset({"desk"}), "CP-01", kinds=frozenset({"inquiry"}))
    assert step.covers("a", "inquiry")
    assert not step.covers("a", "complaint")
    assert not step.covers("b", "inquiry")


def test_everything_that_waits_on_my_day_has_a_word_for_its_button(app: Flask) -> None:
    kinds: set[str] = set()
    for _, tree in modules("portal"):
        for call in calls(tree, "Wanted"):
            kinds.update(text for text in texts(call.args[:1]))
    assert len(kinds) > 5, "no open matter was found in the code"
    assert kinds - set(notices.VERBS) == set()
