"""The money of penalties: to the fen, below the cap of every month, whatever overlaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.penalties.money import (
    NOTHING,
    Debt,
    Instalment,
    Plan,
    expected,
    following,
    overpaid,
    plan,
    share,
)

CAP = Decimal(40)
MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]

amounts = st.integers(1, 500_000).map(lambda fen: Decimal(fen) / 100)
wages = st.one_of(st.just(0), st.integers(10_000, 1_000_000)).map(lambda fen: Decimal(fen) / 100)
caps = st.decimals(0, 100, places=1)
months = st.sampled_from(MONTHS)
bonus_tables = st.dictionaries(months, wages)
debts = st.lists(st.tuples(amounts, months), max_size=5).map(
    lambda rows: [Debt(place, amount, month) for place, (amount, month) in enumerate(rows, 1)]
)
# A person who owes, with a bonus that can bear it in the end.
paid = st.dictionaries(months, wages, min_size=0).map(lambda known: {"2025-10": Decimal("800.01"), **known})


def by_month(instalments: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in instalments:
        found[each.month] += each.amount
    return found


def by_debt(made: Plan) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for each in made.instalments:
        found[each.debt] += each.amount
    return found


def assert_below_cap(instalments: Any, bonuses: Mapping[str, Decimal], cap: Decimal) -> None:
    for month, amount in by_month(instalments).items():
        assert amount <= expected(bonuses, month) * cap / 100, month


@pytest.mark.clause("CP-24")
@given(debts, paid)
def test_the_instalments_are_the_decision_to_the_fen(owed: list[Debt], bonuses: dict[str, Decimal]) -> None:
    made = plan(owed, bonuses, cap=CAP)
    assert by_debt(made) == {debt.id: debt.amount for debt in owed}
    assert made.unplanned == {}


@pytest.mark.clause("CP-24")
@given(debts, bonus_tables, caps)
def test_no_month_takes_more_than_its_cap_and_nothing_is_lost(
    owed: list[Debt], bonuses: dict[str, Decimal], cap: Decimal
) -> None:
    made = plan(owed, bonuses, cap=cap)
    assert_below_cap(made.instalments, bonuses, cap)
    paid_back = by_debt(made)
    for debt in owed:
        assert paid_back[debt.id] + made.unplanned.get(debt.id, NOTHING) == debt.amount
    assert all(
        each.amount > 0 and each.amount == each.amount.quantize(Decimal("0.01")) for each in made.instalments
    )
    starts = {debt.id: debt.month for debt in owed}
    assert all(each.month >= starts[each.debt] for each in made.instalments)


@pytest.mark.clause("CP-24")
@given(debts, paid, st.randoms())
def test_the_order_in_which_penalties_are_handed_over_makes_no_difference(
    owed: list[Debt], bonuses: dict[str, Decimal], random: Any
) -> None:
    shuffled = list(owed)
    random.shuffle(shuffled)
    assert plan(shuffled, bonuses, cap=CAP) == plan(owed, bonuses, cap=CAP)


@pytest.mark.clause("CP-24")
@given(debts, debts, paid, st.integers(0, 4), st.dictionaries(months, wages))
def test_what_was_taken_stays_and_what_comes_later_fits_beside_it(
    owed: list[Debt], more: list[Debt], bonuses: dict[str, Decimal], gone: int, entered: dict[str, Decimal]
) -> None:
    """Months pass and are closed; then bonuses of later months are entered, and further penalties are decided."""
    closed = MONTHS[:gone]
    taken = [each for each in plan(owed, bonuses, cap=CAP).instalments if each.month in closed]
    later = bonuses | {month: amount for month, amount in entered.items() if month not in closed}
    every = owed + [Debt(debt.id + 100, debt.amount, debt.month) for debt in more]
    made = plan(every, later, taken, cap=CAP, closed=closed)
    assert not {each.month for each in made.instalments} & set(closed)
    open_ = [each for each in (*taken, *made.instalments) if each.month not in closed]
    assert_below_cap(open_, later, CAP)
    assert_below_cap(taken, bonuses, CAP)
    paid_back = by_debt(Plan((*taken, *made.instalments), {}))
    assert paid_back == {debt.id: debt.amount for debt in every}


@pytest.mark.clause("CP-24")
@given(debts.filter(bool), paid, st.integers(0, 4))
def test_a_reversal_frees_what_was_not_yet_taken(
    owed: list[Debt], bonuses: dict[str, Decimal], gone: int
) -> None:
    closed = MONTHS[:gone]
    before = plan(owed, bonuses, cap=CAP)
    taken = [each for each in before.instalments if each.month in closed]
    reversed_, *others = owed
    after = plan(others, bonuses, taken, cap=CAP, closed=closed)
    assert reversed_.id not in {each.debt for each in after.instalments}
    assert_below_cap([*taken, *after.instalments], bonuses, CAP)
    # The others are through no later than they would have been.
    for debt in others:
        ends = [
            max((e.month for e in m.instalments if e.debt == debt.id), default="") for m in (before, after)
        ]
        assert ends[1] <= ends[0]


@pytest.mark.clause("CP-24")
@given(debts, debts, paid)
def test_what_was_taken_counts_inside_the_cap_of_its_month(
    owed: list[Debt], gone: list[Debt], bonuses: dict[str, Decimal]
) -> None:
    taken = plan(
        [Debt(debt.id + 100, debt.amount, debt.month) for debt in gone], bonuses, cap=CAP
    ).instalments
    made = plan(owed, bonuses, taken, cap=CAP)
    assert_below_cap([*taken, *made.instalments], bonuses, CAP)


@pytest.mark.clause("CP-24")
def test_months_without_a_bonus_take_nothing() -> None:
    bonuses = {"2026-01": Decimal(1000), "2026-02": NOTHING, "2026-03": NOTHING}
    made = plan([Debt(1, Decimal("900.01"), "2026-01")], bonuses, cap=CAP)
    assert made.instalments == (
        Instalment(1, "2026-01", Decimal(400)),
        Instalment(1, "2026-04", Decimal(400)),
        Instalment(1, "2026-05", Decimal("100.01")),
    )


@pytest.mark.clause("CP-24")
def test_who_never_had_a_bonus_owes_and_is_not_taken_from() -> None:
    for bonuses in ({}, {"2026-01": NOTHING}, {"2026-01": Decimal("0.02")}):
        made = plan([Debt(1, Decimal(50), "2026-01")], bonuses, cap=CAP)
        assert (made.instalments, made.unplanned) == ((), {1: Decimal(50)})


@pytest.mark.clause("CP-24")
def test_a_departments_part_counts_inside_the_members_cap() -> None:
    """20 % for the department and 30 % for the person: 40 % in the month, the rest in the next."""
    bonus = Decimal("2000.00")
    owed = [Debt(1, share(bonus, Decimal(20)), "2026-03"), Debt(2, Decimal(600), "2026-03")]
    made = plan(owed, {"2026-03": bonus}, cap=CAP)
    assert made.instalments == (
        Instalment(1, "2026-03", Decimal(400)),
        Instalment(2, "2026-03", Decimal(400)),
        Instalment(2, "2026-04", Decimal(200)),
    )


@given(wages, caps)
def test_a_part_is_whole_fen_and_never_more(bonus: Decimal, percent: Decimal) -> None:
    part = share(bonus, percent)
    assert part <= bonus * percent / 100 < part + Decimal("0.01")


@pytest.mark.parametrize(
    ("month", "after"), [("2026-01", "2026-02"), ("2026-11", "2026-12"), ("2026-12", "2027-01")]
)
def test_months_follow_each_other(month: str, after: str) -> None:
    assert following(month) == after


@given(amounts, amounts)
def test_what_was_taken_too_much_is_paid_back(amount: Decimal, taken: Decimal) -> None:
    assert overpaid(amount, taken) == (taken - amount if taken > amount else 0)
