"""Who answers for a post: by the signatures, not by the plan; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.blueprints.duty.handover.rules import Change, Seats, relief_of, responsible, seats_of
from tests.kernel.moments import at

A, B, C, D = 1, 2, 3, 4


def shift(number: int, begins: str, hours: float, *people: int) -> Seats:
    """One shift of post 1 on that day of March 2026 (`2 08:00`)."""
    starts = moment(begins)
    return Seats(number, 1, number, people or (number,), starts, starts + timedelta(hours=hours))


def moment(written: str) -> datetime:
    day, hour = written.split()
    week = ("Sun", "Mon", "Tue", "Wed")
    return at(f"{week[int(day) - 1]} 2026-03-0{day} {hour}")


PLAN = [shift(A, "2 08:00", 6), shift(B, "2 14:00", 8), shift(C, "2 22:00", 10), shift(D, "3 12:00", 6)]


def change(outgoing: int, incoming: int, when: str, signed: bool) -> Change:
    return Change(outgoing, incoming, moment(when), signed)


AB, BC = (A, B, "2 14:00"), (B, C, "2 22:00")


@pytest.mark.clause("DR-10")
@pytest.mark.parametrize(
    ("now", "changes", "there"),
    [
        ("2 09:00", [], [A]),
        ("2 13:50", [change(*AB, False)], [A]),  # open: still the outgoing
        ("2 13:55", [change(*AB, True)], [B]),  # signed early: at once
        ("2 14:30", [change(*AB, False)], [A]),  # not signed: the outgoing stays
        ("2 14:30", [change(*AB, True)], [B]),
        ("2 22:30", [change(*AB, False), change(*BC, False)], [A]),  # nobody ever signed
        ("2 22:30", [change(*AB, False), change(*BC, True)], [C]),  # a later signature decides
        ("3 09:00", [change(*AB, True), change(*BC, True)], []),  # the post closed at eight
        ("3 12:30", [change(*AB, True), change(*BC, False)], [D]),  # and opened anew
        ("2 23:00", [], [C]),  # nobody hands over: by the plan
    ],
)
def test_who_answers_for_a_post(now: str, changes: list[Change], there: list[int]) -> None:
    assert [seats.id for seats in responsible(PLAN, changes, moment(now))] == there


def test_two_shifts_that_overlap_answer_together() -> None:
    plan = [shift(A, "2 08:00", 6), shift(B, "2 10:00", 8)]
    assert [seats.id for seats in responsible(plan, [], moment("2 11:00"))] == [A, B]


def test_the_signature_of_another_post_decides_nothing_here() -> None:
    other = Change(77, 78, moment("2 20:00"), True)
    held = responsible(PLAN, [change(*AB, False), other], moment("2 21:00"))
    assert [seats.id for seats in held] == [A]


@pytest.mark.parametrize(
    ("plan", "relief"),
    [
        ([shift(A, "2 08:00", 6), shift(B, "2 14:00", 8)], B),
        ([shift(A, "2 08:00", 6), shift(B, "2 13:30", 8)], B),
        ([shift(A, "2 08:00", 6), shift(B, "2 15:00", 8)], None),  # the post is closed for an hour
        ([shift(A, "2 08:00", 6), replace(shift(B, "2 14:00", 8), post_id=2)], None),  # another post
        ([shift(A, "2 13:40", 0.25), shift(B, "2 13:35", 8)], None),  # was there before
        ([shift(A, "2 08:00", 6, 7), shift(B, "2 14:00", 8, 7)], None),  # goes on alone
        ([shift(A, "2 08:00", 6), shift(B, "2 13:45", 8), shift(C, "2 14:00", 8)], C),  # the nearest
    ],
)
def test_who_relieves_a_shift(plan: list[Seats], relief: int | None) -> None:
    found = relief_of(plan[0], plan)
    assert (found.id if found else None) == relief


def test_the_seats_of_a_shift_are_one() -> None:
    def row(number: int, person: int | None) -> SimpleNamespace:
        starts = moment("2 08:00")
        return SimpleNamespace(
            id=number, post_id=1, kind_id=1, person_id=person, starts_at=starts, ends_at=starts + timedelta(hours=6)
        )  # fmt: skip

    (found,) = seats_of([row(5, 8), row(4, 9), row(6, None)])
    assert (found.id, found.people) == (4, (8, 9))
    assert seats_of([row(6, None)]) == []
