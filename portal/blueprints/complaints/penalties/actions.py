"""What each verb does to a penalty: one function a verb, called by `perform` after right, state and gates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.penalties import money, planning, queries, rules, watch
from portal.blueprints.complaints.penalties.codes import BANNED_ACTS, Ground, Measure, Ruling, State
from portal.blueprints.complaints.penalties.models import Penalty, Share
from portal.blueprints.complaints.penalties.workflow import PENALTY
from portal.kernel import (
    clock,
    company_calendar,
    history,
    limits,
    notice_board,
    numbers,
    policies,
    reference,
    timers,
    transitions,
)
from portal.kernel.db import db
from portal.kernel.notice_board import BoardKind
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Position
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Reason


def propose(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    person: Card | None,
    department: str,
    ground: Ground,
    facts: str,
    idempotency_key: str | None = None,
) -> Penalty:
    """CP-24, CP-32: somebody is proposed for a penalty: a person, else a department. Inside a write.

    One of the five banned acts is traced to the person's lead as well: the lead learns of it at once.
    """
    if idempotency_key:
        sent = sa.select(Penalty).where(
            Penalty.proposed_by_id == by.id, Penalty.idempotency_key == idempotency_key
        )
        if before := db.session.scalars(sent).one_or_none():
            return before
    penalty = Penalty(
        number=numbers.take("CF", now),
        case_id=case.id,
        person_id=person.id if person else None,
        department=person.department if person else department,
        ground=ground,
        facts=facts,
        state=State.PROPOSED,
        state_since=now,
        proposed_at=now,
        proposed_by_id=by.id,
        idempotency_key=idempotency_key,
    )
    db.session.add(penalty)
    banned = ground in BANNED_ACTS
    history.record(
        penalty,
        "penalty:propose",
        by=by.id,
        now=now,
        clause="CP-32" if banned else "CP-24",
        ground=ground,
        words={"facts": facts},
    )
    watch.tell(penalty, watch.office(penalty), "penalty:proposed", now, but=by.id)
    if banned and person:
        watch.tell(penalty, watch.WATCH.told(penalty, "lead").people, "penalty:banned_act", now, but=by.id)
    watch.WATCH.clocks_moved(penalty, now)
    return penalty


def _locked(by: Viewer, number: str, *, lock: bool) -> Penalty:
    planning.lock()
    return queries.find(by, number, lock=lock)


def _perform(penalty: Penalty, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb on a penalty; what its people still pay is planned anew."""
    if verb == "rule" and given["outcome"] is Ruling.REVERSE:
        transitions.check(PENALTY, penalty, "rule", by)
        verb = "reverse"
    if verb == "decide":
        given |= prepared(penalty, **given)
    transitions.perform(PENALTY, penalty, verb, ACTIONS[verb], by=by, now=now, **given)
    planning.replan([share.person_id for share in planning.shares_of(penalty)], now)


act = transitions.one_write(_locked, _perform)


def prepared(
    penalty: Penalty, *, measure: Measure, month: str, bonus: Decimal | None = None, **_: Any
) -> dict[str, Any]:
    """What the gates of a decision must know: bonuses that are missing, and whether the month is closed."""
    pays = payers(penalty, measure)
    given = set() if bonus is None else {penalty.person_id}
    return {
        "missing": planning.names_missing(set(pays) - given, month) if pays else (),
        "month_closed": measure is not Measure.ADMINISTRATIVE and planning.is_closed(month),
    }


def payers(penalty: Penalty, measure: Measure | None) -> list[int]:
    """Who pays by that measure."""
    if measure is Measure.MONEY and penalty.person_id is not None:
        return [penalty.person_id]
    return planning.members_of(penalty.department) if measure is Measure.DEPARTMENT else []


def release(penalty: Penalty, *, by: Viewer, now: datetime, summary: str, **_: Any) -> Effect:
    """CP-24: the office lets the person penalised read what is held against them."""
    penalty.released_at, penalty.summary = now, summary
    watch.tell(penalty, watch.concerned(penalty), "penalty:released", now, but=by.id)
    return Effect({}, {"summary": summary})


def statement(penalty: Penalty, *, by: Viewer, now: datetime, statement: str, **_: Any) -> Effect:
    """CP-24: the person penalised tells their side."""
    penalty.stated_at, penalty.statement = now, statement
    watch.tell(penalty, watch.office(penalty), "penalty:stated", now, but=by.id)
    return Effect({}, {"statement": statement})


def decide(
    penalty: Penalty,
    *,
    by: Viewer,
    now: datetime,
    measure: Measure,
    month: str,
    reason: str,
    amount: Decimal | None = None,
    bonus: Decimal | None = None,
    points: int | None = None,
    demerit: bool = False,
    **_: Any,
) -> Effect:
    """CP-24: the office decides which measure, from which month on, and how much."""
    timers.end(penalty, now)
    penalty.kind, penalty.month, penalty.reason = measure, month, reason
    penalty.decided_at, penalty.decided_by_id = now, by.id
    if bonus is not None and penalty.person_id is not None:
        planning.set_bonus(penalty.person_id, month, bonus)
        db.session.flush()
    if measure is Measure.MONEY:
        penalty.amount = amount
    if measure is Measure.DEPARTMENT:
        penalty.percent = int(planning.percent("penalty.department_percent", now))
    if measure is Measure.POINTS:
        penalty.points, penalty.demerit = points, demerit
    _share_out(penalty)
    details = {"measure": measure, "month": month, **_how_much(penalty)}
    return Effect(details, {"reason": reason})


def _how_much(penalty: Penalty) -> dict[str, Any]:
    return {
        "amount": str(penalty.amount) if penalty.amount is not None else None,
        "percent": penalty.percent,
        "points": penalty.points,
        "demerit": penalty.demerit or None,
    }


def _share_out(penalty: Penalty) -> None:
    """What each person owes now: the decided amount, or the department's part of each member's bonus."""
    there = {share.person_id: share for share in planning.shares_of(penalty)}
    people = list(there) or payers(penalty, penalty.kind)
    bonuses = planning.bonuses_of(people, penalty.month)
    for person in people:
        owed = penalty.amount
        if penalty.kind is Measure.DEPARTMENT:
            owed = money.share(bonuses[person], Decimal(penalty.percent or 0))
        if owed is None:
            continue
        if person in there:
            there[person].amount = owed
        else:
            db.session.add(Share(penalty_id=penalty.id, person_id=person, amount=owed))
    db.session.flush()


def publish(
    penalty: Penalty,
    *,
    by: Viewer,
    now: datetime,
    title: str,
    text: str,
    until: datetime | None = None,
    **_: Any,
) -> Effect:
    """GO-04: the penalty is published inside the company; from now on it is in force and can be appealed against."""
    notice = notice_board.write(
        kind=BoardKind.PENALTY, title=title, text=text, by=by.id, now=now, until=until, source=penalty
    )
    notice_board.publish(notice, by=by.id, now=now)
    limit = limits.Limit.parse(policies.value("limit.penalty_appeal", now))
    penalty.published_at = now
    penalty.appeal_until = limits.due(now, limit, company_calendar.current())
    _tell_outcome(penalty, "penalty:published", now, by)
    return Effect({"notice": notice.number, "appeal_until": penalty.appeal_until}, {"text": text})


def appeal(penalty: Penalty, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """CP-24: the person penalised appeals; until the ruling nothing more is taken."""
    penalty.appealed_at, penalty.appeal = now, reason
    watch.tell(penalty, watch.office(penalty, but=penalty.decided_by_id), "penalty:appealed", now, but=by.id)
    return Effect({}, {"appeal": reason})


def rule(
    penalty: Penalty,
    *,
    by: Viewer,
    now: datetime,
    outcome: Ruling,
    reason: str,
    amount: Decimal | None = None,
    percent: int | None = None,
    points: int | None = None,
    **_: Any,
) -> Effect:
    """CP-24: another member of the office rules on the appeal."""
    _ruled(penalty, outcome, reason, by, now)
    if outcome is Ruling.REDUCE:
        if penalty.kind is Measure.MONEY:
            penalty.amount = amount
        elif penalty.kind is Measure.DEPARTMENT:
            penalty.percent = percent
        else:
            penalty.points = points
        _share_out(penalty)
    _tell_outcome(penalty, "penalty:ruled", now, by)
    return Effect({"ruling": outcome, **_how_much(penalty)}, {"reason": reason})


def _ruled(penalty: Penalty, outcome: Ruling, reason: str, by: Viewer, now: datetime) -> None:
    penalty.ruling, penalty.ruling_reason = outcome, reason
    penalty.ruled_at, penalty.ruled_by_id = now, by.id


def reverse(penalty: Penalty, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """CP-24: the penalty falls; what was not yet taken is free, and its notice is marked as withdrawn (GO-01)."""
    _ruled(penalty, Ruling.REVERSE, reason, by, now)
    notice_board.withdraw_of(penalty, reason=reason[:400], by=by.id, now=now)
    _tell_outcome(penalty, "penalty:reversed", now, by)
    return Effect({}, {"reason": reason})


def withdraw(penalty: Penalty, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """The proposal is taken back before it is decided."""
    timers.end(penalty, now)
    if penalty.released_at is not None:
        watch.tell(penalty, watch.concerned(penalty), "penalty:withdrawn", now, but=by.id)
    return Effect({}, {"reason": reason})


def _tell_outcome(penalty: Penalty, kind: str, now: datetime, by: Viewer) -> None:
    """Whoever is penalised, who pays, the lead and personnel learn of it."""
    people = [
        *watch.concerned(penalty),
        *(share.person_id for share in planning.shares_of(penalty)),
        *watch.WATCH.told(penalty, "lead").people,
        *reference.staff().holding(Position.PERSONNEL),
    ]
    watch.tell(penalty, people, kind, now, but=by.id)


ACTIONS: dict[str, transitions.Action] = {
    "release": release,
    "statement": statement,
    "decide": decide,
    "publish": publish,
    "appeal": appeal,
    "rule": rule,
    "reverse": reverse,
    "withdraw": withdraw,
}


def bars_disposal(case: Case) -> Reason | None:
    """CP-20: an open instalment plan or appeal keeps a case from being disposed of."""
    now = clock.now()
    for penalty in db.session.scalars(sa.select(Penalty).where(Penalty.case_id == case.id)):
        if not rules.is_settled(penalty, planning.still_owing(penalty), now):
            return Reason("CP-20", "instalments_open")
    return None


def forget(case: Case) -> None:
    """CP-20: a case that is disposed of leaves no words in its penalties; codes, dates and amounts stay."""
    for penalty in db.session.scalars(sa.select(Penalty).where(Penalty.case_id == case.id)):
        for name in TEXTS:
            setattr(penalty, name, "")
        history.erase(penalty)
        notice_board.erase_of(penalty)


TEXTS = ("facts", "summary", "statement", "reason", "appeal", "ruling_reason")
