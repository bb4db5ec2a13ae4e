"""The instalments of penalties as they are stored: planned, planned anew, taken (CP-24). All of it inside a write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from portal.blueprints.complaints.penalties import money
from portal.blueprints.complaints.penalties.codes import State
from portal.blueprints.complaints.penalties.models import Bonus, Instalment, Penalty, Share, Sheet
from portal.kernel import clock, history, policies, reference
from portal.kernel.db import db
from portal.kernel.reference import Reference
from portal.kernel.workflow import Reason, Refused


def lock() -> None:
    """Let one plan be made at a time: two penalties on one person share the cap of a month."""
    db.session.execute(sa.select(Reference.id).with_for_update())


def month_of(now: datetime) -> str:
    """The company's month of a moment."""
    return clock.local(now).strftime("%Y-%m")


def percent(key: str, now: datetime) -> Decimal:
    """A share in percent from the policy table."""
    return Decimal(policies.value(key, now))


def is_closed(month: str) -> bool:
    """True when the sheet of that month went to the pay office."""
    return db.session.scalar(sa.select(Sheet.id).where(Sheet.month == month)) is not None


def bonuses_of(people: Iterable[int], month: str) -> dict[int, Decimal]:
    """What was entered for a month, by person."""
    rows = sa.select(Bonus.person_id, Bonus.amount).where(
        Bonus.person_id.in_(list(people)), Bonus.month == month
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def set_bonus(person_id: int, month: str, amount: Decimal) -> bool:
    """Enter a person's bonus of a month; True when that is new. Plan anew afterwards."""
    row = db.session.get(Bonus, (person_id, month))
    if row is None:
        db.session.add(Bonus(person_id=person_id, month=month, amount=amount))
        return True
    changed, row.amount = row.amount != amount, amount
    return changed


def enter(month: str, amounts: Mapping[int, Decimal], *, by: int, now: datetime) -> int:
    """Personnel enters the bonuses of a month; every plan that they bear is made anew. How many changed."""
    lock()
    if is_closed(month):
        raise Refused([Reason("CP-24", "month_closed")])
    changed = [person for person, amount in amounts.items() if set_bonus(person, month, amount)]
    db.session.flush()
    replan(changed, now)
    if changed:
        history.record(Months, "penalty:bonuses", by=by, now=now, clause="CP-24", month=month, people=changed)
    return len(changed)


class Months:
    """The months as history knows them: they have a name and no number, so all of them share one."""

    history_kind = "penalty_sheet"
    id = 0


def replan(people: Iterable[int], now: datetime) -> None:
    """Make the instalments to come of these people anew; what was taken stays."""
    persons = sorted(set(people))
    if not persons:
        return
    db.session.flush()
    owed = _owed(persons)
    taken = _taken(persons)
    known = _known(persons)
    closed = frozenset(db.session.scalars(sa.select(Sheet.month)))
    cap = percent("penalty.cap_percent", now)
    ours = sa.select(Share.id).where(Share.person_id.in_(persons))
    untaken = sa.delete(Instalment).where(Instalment.share_id.in_(ours), Instalment.taken_at.is_(None))
    db.session.execute(untaken, execution_options={"synchronize_session": False})
    for person in persons:
        made = money.plan(owed[person], known[person], taken[person], cap=cap, closed=closed)
        db.session.add_all(
            Instalment(share_id=each.debt, month=each.month, amount=each.amount) for each in made.instalments
        )
    db.session.flush()


def _owed(people: list[int]) -> dict[int, list[money.Debt]]:
    """What each person owes of the penalties in force; while an appeal waits nothing is planned."""
    rows = (
        sa.select(Share.person_id, Share.id, Share.amount, Penalty.month)
        .join(Penalty, Penalty.id == Share.penalty_id)
        .where(Share.person_id.in_(people), Penalty.state == State.PUBLISHED)
    )
    found: dict[int, list[money.Debt]] = defaultdict(list)
    for person, share, amount, month in db.session.execute(rows):
        found[person].append(money.Debt(share, amount, month))
    return found


def _taken(people: list[int]) -> dict[int, list[money.Instalment]]:
    rows = (
        sa.select(Share.person_id, Instalment.share_id, Instalment.month, Instalment.amount)
        .join(Share, Share.id == Instalment.share_id)
        .where(Share.person_id.in_(people), Instalment.taken_at.is_not(None))
    )
    found: dict[int, list[money.Instalment]] = defaultdict(list)
    for person, share, month, amount in db.session.execute(rows):
        found[person].append(money.Instalment(share, month, amount))
    return found


def _known(people: list[int]) -> dict[int, dict[str, Decimal]]:
    rows = sa.select(Bonus.person_id, Bonus.month, Bonus.amount).where(Bonus.person_id.in_(people))
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for person, month, amount in db.session.execute(rows):
        found[person][month] = amount
    return found


def shares_of(penalty: Penalty) -> list[Share]:
    """What each person owes of a penalty."""
    return list(
        db.session.scalars(sa.select(Share).where(Share.penalty_id == penalty.id).order_by(Share.person_id))
    )


def members_of(department: str) -> list[int]:
    """Who is in a department now."""
    cards = reference.staff().cards.values()
    return sorted(card.id for card in cards if card.active and card.department == department)


def still_owing(penalty: Penalty) -> int:
    """How many people have not paid all they owe of a penalty, whether that is planned already or not."""
    taken = sa.select(
        sa.func.coalesce(sa.func.sum(sa.type_coerce(Instalment.amount, sa.BigInteger)), 0)
    ).where(Instalment.share_id == Share.id, Instalment.taken_at.is_not(None))
    rows = sa.select(sa.func.count()).select_from(Share).where(Share.penalty_id == penalty.id)
    owing = sa.type_coerce(Share.amount, sa.BigInteger) > taken.scalar_subquery()
    return db.session.scalar(rows.where(owing)) or 0


def take(month: str, *, by: int, now: datetime) -> int:
    """The sheet of a month goes to the pay office: its instalments are taken, and it takes nothing more.

    Refused for a month to come, and while a bonus of somebody on the sheet is not entered. How many were taken.
    """
    lock()
    if is_closed(month):
        raise Refused([Reason("CP-24", "month_closed")])
    if month > month_of(now):
        raise Refused([Reason("CP-24", "month_to_come")])
    rows = list(
        db.session.execute(
            sa.select(Instalment, Share.person_id)
            .join(Share, Share.id == Instalment.share_id)
            .where(Instalment.month == month)
        )
    )
    people = {person for _, person in rows}
    if missing := names_missing(people, month):
        raise Refused([Reason("CP-24", "bonus_missing", {"names": missing})])
    for instalment, _ in rows:
        instalment.taken_at = now
    sheet = Sheet(month=month, taken_at=now, taken_by_id=by)
    db.session.add(sheet)
    history.record(sheet, "penalty:take", by=by, now=now, clause="CP-24", month=month, count=len(rows))
    replan(people, now)
    return len(rows)


def names_missing(people: Iterable[int], month: str) -> tuple[str, ...]:
    """The user names of those whose bonus of a month is not entered."""
    persons = set(people)
    cards = reference.staff().cards
    return tuple(sorted(cards[i].username for i in persons - bonuses_of(persons, month).keys()))
