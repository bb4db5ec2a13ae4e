"""What recurs, reckoned; the table of the workflow; what an improvement points at (CP-21, CP-22)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.improvements import actions, forms, labels, rules
from portal.blueprints.complaints.improvements.codes import ENDED, State
from portal.blueprints.complaints.improvements.rules import Incident, recurrences
from portal.blueprints.complaints.improvements.watch import CLOCKS
from portal.blueprints.complaints.improvements.workflow import IMPROVEMENT, STEPS
from portal.kernel import clauses, figures

START = date(2026, 3, 2)
ROWS = st.lists(
    st.builds(
        lambda n, key, day: Incident(f"TS-{n:04}", key, START + timedelta(days=day)),
        st.integers(0, 40),
        st.sampled_from("abc"),
        st.integers(0, 30),
    ),
    max_size=25,
)


@given(ROWS, st.integers(1, 5), st.integers(1, 20), st.randoms())
def test_what_recurs_is_a_matter_of_the_rows_not_of_their_order(rows, times, days, random) -> None:  # type: ignore[no-untyped-def]
    found = recurrences(rows, times=times, days=days)
    random.shuffle(rows)
    assert recurrences(rows, times=times, days=days) == found


@pytest.mark.clause("CP-22")
@given(ROWS, st.integers(1, 5), st.integers(1, 20))
def test_exactly_what_came_often_enough_within_the_span_is_found(
    rows: list[Incident], times: int, days: int
) -> None:
    came: defaultdict[str, set[tuple[date, str]]] = defaultdict(set)
    for row in rows:
        came[row.key].add((row.day, row.number))
    wanted = {
        key
        for key, all_ in came.items()
        for until, _ in all_
        if len([1 for day, _ in all_ if timedelta(0) <= until - day < timedelta(days=days)]) >= times
    }
    found = recurrences(rows, times=times, days=days)
    assert {run.key for run in found} == wanted
    assert len({run.key for run in found}) == len(found)
    for run in found:
        days_of = {(number, day) for day, number in came[run.key]}
        assert len(run.numbers) >= times
        assert all(
            any((n, run.last - timedelta(days=back)) in days_of for back in range(days)) for n in run.numbers
        )


@given(ROWS, st.integers(2, 5), st.integers(1, 20))
def test_more_time_or_fewer_times_never_lose_a_recurrence(
    rows: list[Incident], times: int, days: int
) -> None:
    found = {run.key for run in recurrences(rows, times=times, days=days)}
    assert found <= {run.key for run in recurrences(rows, times=times, days=days + 1)}
    assert found <= {run.key for run in recurrences(rows, times=times - 1, days=days)}


def test_the_same_case_twice_is_once() -> None:
    row = Incident("TS-1", "a", START)
    assert recurrences([row, row, row], times=2, days=5) == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [("139-0000-1234", "13900001234"), ("139 0000 1234", "13900001234"), ("", ""), ("不详", "")],
)
def test_a_customer_is_known_by_the_figures_of_the_phone(typed: str, key: str) -> None:
    assert rules.customer_key(typed) == key


@pytest.mark.parametrize(
    ("text", "kind"),
    [("CP-12", "clause"), ("limit.solution", "figure"), ("开通前核对清单", "words"), ("v1.2", "words")],
)
def test_what_it_changes_is_told_by_its_look(text: str, kind: str) -> None:
    assert rules.points_at(text) == kind


def test_the_tables_agree() -> None:
    verbs = set(IMPROVEMENT.verbs)
    assert verbs == set(actions.ACTIONS) == set(forms.FORMS) == set(labels.VERBS) == set(labels.SAID)
    assert all(clauses.known(step.clause) for step in STEPS)
    reached = {step.to for step in STEPS if step.to} | {State.RAISED}
    assert reached == set(State)
    assert not {state for step in STEPS for state in step.sources} & ENDED
    assert set(CLOCKS) == set(labels.CLOCKS)
    assert {f"ladder.{kind}" for kind in CLOCKS} <= set(figures.FIGURES)
    assert {kind for step in STEPS for kind in step.meets} == set(CLOCKS)
