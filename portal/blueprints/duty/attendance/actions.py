"""What is done with attendance: signing in and out, correcting a day, closing a month (DR-17)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.blueprints.duty.attendance import queries, rules
from portal.blueprints.duty.attendance.models import AttendanceMonth, AttendanceSum, SignIn
from portal.kernel import clock, history, reference, sent_forms
from portal.kernel.db import db, insert
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.workflow import Reason, Refused

LONGEST = timedelta(hours=16)  # whoever signs out after midnight signs out of the day before


def sign_in(*, by: Viewer, now: datetime) -> None:
    """DR-17: the first touch of a day counts, however often it is sent. Inside a write."""
    row = {"person_id": by.id, "day": clock.local(now).date(), "round": 0, "came_at": now, "excused": False,
           "reason": "", "by_id": by.id, "made_at": now}  # fmt: skip
    once = (
        insert(SignIn.__table__)
        .values(row)
        .on_conflict_do_nothing(index_elements=["person_id", "day", "round"])
    )
    db.session.execute(once)


def sign_out(*, by: Viewer, now: datetime) -> SignIn | None:
    """DR-17: the last touch of a day counts; None for who has not signed in. Inside a write."""
    ours = sa.and_(SignIn.person_id == by.id, SignIn.round == 0, SignIn.came_at > now - LONGEST)
    newest = sa.select(SignIn).where(ours).order_by(SignIn.day.desc()).limit(1).with_for_update()
    found = db.session.scalars(newest).one_or_none()
    if found is not None:
        found.left_at = now
    return found


def correct(
    person_id: int, day: date, *, came_at: datetime | None, left_at: datetime | None, excused: bool, reason: str,
    by: Viewer, now: datetime, sent: Sent | None = None,
) -> SignIn:  # fmt: skip
    """DR-17: a day is put right by a further row with its reason; what stood before stays. Inside a write.

    Raises Refused for a closed month and for the own day, TakenBefore or SaidOtherwise for a used key.
    """
    if person_id == by.id:
        raise Refused([Reason("DR-17", "corrects_own")])
    month = _locked(day)
    sent_forms.insist_fresh(by, sent)  # two forms of one key queue at the month
    if month.closed_at is not None:
        raise Refused([Reason("DR-17", "attendance_closed")])
    before = queries.of_day(person_id, day)
    made = SignIn(
        person_id=person_id, day=day, round=max((row.round for row in before), default=0) + 1, came_at=came_at,
        left_at=left_at, excused=excused, reason=reason, by_id=by.id, made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    history.record(
        made, "attendance:correct", by=by.id, now=now, clause="DR-17", person=person_id, day=day, came=came_at,
        left=left_at, excused=excused or None, words={"reason": reason},
    )  # fmt: skip
    return made


def close(month: str, first: date, *, by: Viewer, now: datetime) -> AttendanceMonth:
    """DR-17: the month's sums are fixed; nothing of it is corrected any more. Inside a write; raises Refused."""
    if rules.after(first) > clock.local(now).date():
        raise Refused([Reason("DR-17", "attendance_runs")])
    row = _locked(first)
    if row.closed_at is not None:
        raise Refused([Reason("DR-17", "attendance_closed_before")])
    row.closed_at, row.closed_by_id = now, by.id
    cards = [card for card in reference.staff().cards.values() if card.active]
    worked = queries.of_month([card.id for card in cards], first, now)
    if any(each.planned.ends > now for rows in worked.values() for each in rows):
        raise Refused([Reason("DR-17", "attendance_runs")])  # the month's last night is not over
    in_force = queries.figures(now)
    for person, rows in worked.items():
        sums = rules.total(rows, in_force)
        db.session.add(
            AttendanceSum(
                month_id=row.id, person_id=person, department=reference.staff().cards[person].department,
                days=sums.days, late=sums.late, minutes=sums.minutes, absences=sums.absences, percent=str(sums.percent),
            )
        )  # fmt: skip
    history.record(row, "attendance_month:close", by=by.id, now=now, clause="DR-17", month=month)
    return row


def _locked(day: date) -> AttendanceMonth:
    """The month's row, made when it is not there yet, locked: a correction and the closing come one after the other."""
    month = f"{day:%Y-%m}"
    once = (
        insert(AttendanceMonth.__table__).values(month=month).on_conflict_do_nothing(index_elements=["month"])
    )
    db.session.execute(once)
    wanted = sa.select(AttendanceMonth).where(AttendanceMonth.month == month).with_for_update()
    return db.session.scalars(wanted).one()
