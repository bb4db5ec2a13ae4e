"""What happens to the stock and to purchase requests: one function for each verb."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import queries, rules, watch
from portal.blueprints.reception.supplies.codes import MovementKind, PurchaseState
from portal.blueprints.reception.supplies.models import Movement, Purchase, PurchaseLine, Supply
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.kernel import history, numbers, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Forbidden, Reason, Refused


class Doubled(Exception):
    """A form that was sent before; `same` tells whether it said the same."""

    def __init__(self, same: bool, number: str = "") -> None:
        self.same, self.number = same, number
        super().__init__(number)


class Unexplained(Exception):
    """A count that differs from the books without a word why."""

    def __init__(self, on_hand: int, counted: int) -> None:
        self.on_hand, self.counted = on_hand, counted
        super().__init__(f"{counted} counted, {on_hand} in the books")


# -- the stock: every movement is one write ----------------------------------------------------------------------------


def use(
    code: str,
    *,
    by: Viewer,
    now: datetime,
    amount: int = 1,
    visit: Visit | None = None,
    note: str = "",
    key: str | None = None,
) -> Supply:
    """RC-15: take some out of the stock, for a visit or without one. Raises Refused when there is not enough."""
    if visit is None:
        _kept_by(by)
    elif not rules.serves(visit, by):
        raise Forbidden("use", rules.CLAUSE)
    if visit is not None and (reason := rules.visit_takes_supplies(visit)):
        raise Refused([reason])
    with db.write():
        supply = queries.find(code)
        _move(supply, MovementKind.USED, -amount, "use", by=by, now=now, visit=visit, note=note, key=key)
    return supply


def receive(
    code: str, *, by: Viewer, now: datetime, amount: int, note: str = "", key: str | None = None
) -> Supply:
    """RC-15: put into the stock what came without a purchase request."""
    _kept_by(by)
    with db.write():
        supply = queries.find(code)
        _move(supply, MovementKind.RECEIVED, amount, "receive", by=by, now=now, note=note, key=key)
    return supply


def write_off(
    code: str, *, by: Viewer, now: datetime, amount: int, note: str, key: str | None = None
) -> Supply:
    """RC-15: take out of the stock what is broken, spoilt or lost."""
    _kept_by(by)
    with db.write():
        supply = queries.find(code)
        _move(supply, MovementKind.WRITTEN_OFF, -amount, "write-off", by=by, now=now, note=note, key=key)
    return supply


def count(
    code: str, *, by: Viewer, now: datetime, counted: int, note: str = "", key: str | None = None
) -> Supply:
    """RC-15: stock-taking; what was counted is what there is. Raises Unexplained for a difference without a word."""
    with db.write():
        return take_stock(queries.find(code, lock=True), counted, by=by, now=now, note=note, key=key)


def take_stock(
    supply: Supply, counted: int, *, by: Viewer, now: datetime, note: str = "", key: str | None = None
) -> Supply:
    """RC-15: the same inside a write, of a supply that was locked by it."""
    _kept_by(by)
    _once(by, key, supply, MovementKind.COUNTED, None)
    if rules.unexplained(supply.on_hand, counted, note):
        raise Unexplained(supply.on_hand, counted)
    difference = counted - supply.on_hand
    _move(supply, MovementKind.COUNTED, difference, "count", by=by, now=now, note=note, key=key)
    return supply


def put_back(
    code: str, *, by: Viewer, now: datetime, visit: Visit, amount: int = 1, key: str | None = None
) -> Supply:
    """RC-15: what was laid out for a visit and not used goes back. Raises Refused for more than the visit has."""
    if not rules.serves(visit, by):
        raise Forbidden("back", rules.CLAUSE)
    with db.write():
        supply = queries.find(code, lock=True)
        _once(by, key, supply, MovementKind.BACK, amount)
        used = queries.used_by(visit.id, supply.id)
        if amount > used:
            raise Refused([Reason(rules.CLAUSE, "not_used", {"used": used, "wanted": amount})])
        _move(supply, MovementKind.BACK, amount, "back", by=by, now=now, visit=visit, key=key)
    return supply


def take_back(code: str, *, by: Viewer, now: datetime, movement: int, key: str | None = None) -> Supply:
    """RC-15: a use by mistake goes back, once and for ten minutes; both movements stay. Raises NotFound, Refused."""
    _kept_by(by)
    with db.write():
        supply = queries.find(code, lock=True)
        row = db.session.get(Movement, movement)
        if row is None or row.supply_id != supply.id:
            raise NotFound
        _once(by, key, supply, MovementKind.BACK, -row.amount)
        visit = db.session.get(Visit, row.visit_id) if row.visit_id else None
        reason = rules.undone_in_time(row, now)
        if reason is None and queries.undone(row):
            reason = Reason(rules.CLAUSE, "back_already")
        if reason is None and visit is not None and -row.amount > queries.used_by(visit.id, supply.id):
            reason = Reason(rules.CLAUSE, "back_already")
        if reason:
            raise Refused([reason])
        _move(
            supply,
            MovementKind.BACK,
            -row.amount,
            "back",
            by=by,
            now=now,
            visit=visit,
            undoes=row.id,
            key=key,
        )
    return supply


def _kept_by(by: Viewer) -> None:
    if not rules.keeps_stock(by):
        raise Forbidden("stock", rules.CLAUSE)


def _once(by: Viewer, key: str | None, supply: Supply, kind: MovementKind, amount: int | None) -> None:
    """Raise Doubled for a key that was used before; two forms of one key queue at the row of their supply."""
    if key and (sent := queries.sent_before(by.id, key)):
        alike = (sent.supply_id, sent.kind) == (supply.id, kind) and amount in (None, sent.amount)
        raise Doubled(alike)


def _move(
    supply: Supply,
    kind: MovementKind,
    amount: int,
    event: str,
    *,
    by: Viewer,
    now: datetime,
    visit: Visit | None = None,
    purchase: Purchase | None = None,
    undoes: int | None = None,
    note: str = "",
    key: str | None = None,
) -> None:
    """Move the stock and write the movement down, or refuse; the database compares, so two desks cannot both win."""
    table = Supply.__table__
    moved = db.session.execute(
        sa.update(table)  # type: ignore[arg-type]  # it is a table
        .where(table.c.id == supply.id, table.c.on_hand >= -amount)
        .values(on_hand=table.c.on_hand + amount)
        .returning(table.c.on_hand, table.c.minimum, table.c.low_since)
    ).one_or_none()
    _once(by, key, supply, kind, None if kind is MovementKind.COUNTED else amount)
    if moved is None:
        left = db.session.scalar(sa.select(table.c.on_hand).where(table.c.id == supply.id))
        raise Refused([Reason(rules.CLAUSE, "not_enough", {"left": left, "wanted": -amount})])
    set_committed_value(supply, "on_hand", moved.on_hand)
    db.session.add(
        Movement(
            supply_id=supply.id,
            kind=kind,
            amount=amount,
            on_hand=moved.on_hand,
            visit_id=visit.id if visit else None,
            purchase_id=purchase.id if purchase else None,
            undoes_id=undoes,
            note=note,
            by_id=by.id,
            at=now,
            idempotency_key=key,
        )
    )
    history.record(
        supply,
        f"supply:{event}",
        by=by.id,
        now=now,
        clause=rules.CLAUSE,
        amount=abs(amount),
        left=moved.on_hand,
        visit=visit.number if visit else None,
        purchase=purchase.number if purchase else None,
    )
    low = moved.on_hand < moved.minimum
    if low and moved.low_since is None and amount < 0:
        _mark(supply, now, low=True)
    elif moved.low_since is not None and not low:
        _mark(supply, now, low=False)


def _mark(supply: Supply, now: datetime, *, low: bool) -> None:
    """Say once that a supply runs low, and take it back when there is enough again."""
    since = now if low else None
    table = Supply.__table__
    db.session.execute(sa.update(table).where(table.c.id == supply.id).values(low_since=since))  # type: ignore[arg-type]  # it is a table
    set_committed_value(supply, "low_since", since)
    (watch.ran_low if low else watch.stocked_up)(supply, now)


STOCK: dict[str, Callable[..., Supply]] = {
    "use": use,
    "receive": receive,
    "count": count,
    "write-off": write_off,
}


def erase(visit_id: int) -> None:
    """RC-20: forget what was noted beside the supplies of a visit; amounts and times stay. Inside a write."""
    db.session.execute(sa.update(Movement).where(Movement.visit_id == visit_id).values(note=""))


# -- the supplies themselves -------------------------------------------------------------------------------------------


def _sets(by: Viewer) -> None:
    if not rules.sets_minimum(by):
        raise Forbidden("edit", rules.CLAUSE)


def add(*, by: Viewer, now: datetime, code: str, **fields: Any) -> Supply | None:
    """RC-15: one more supply, with an empty stock; None when the code is taken."""
    with db.write():
        return put_in(by=by, now=now, code=code, **fields)


def put_in(*, by: Viewer, now: datetime, code: str, **fields: Any) -> Supply | None:
    """RC-15: the same inside a write."""
    _sets(by)
    history.wait_for_turn()
    if db.session.scalar(sa.select(Supply.id).where(Supply.code == code)) is not None:
        return None
    last = db.session.scalar(sa.select(sa.func.max(Supply.order))) or 0
    supply = Supply(code=code, on_hand=0, order=last + 1, **fields)
    db.session.add(supply)
    told = {"name": supply.name}
    history.record(
        supply,
        "supply:new",
        by=by.id,
        now=now,
        clause=rules.CLAUSE,
        code=code,
        minimum=supply.minimum,
        words=told,
    )
    return supply


def edit(supply: Supply, *, by: Viewer, now: datetime, **fields: Any) -> None:
    """RC-15: another name, unit or minimum. Inside a write."""
    was = supply.minimum
    for name, value in fields.items():
        setattr(supply, name, value)
    history.record(
        supply,
        "supply:edit",
        by=by.id,
        now=now,
        clause=rules.CLAUSE,
        minimum=supply.minimum,
        was=was,
        words={"name": supply.name},
    )
    if supply.low_since and not supply.low:
        db.session.flush()
        _mark(supply, now, low=False)


# -- purchase requests -------------------------------------------------------------------------------------------------


def ask(
    lines: dict[int, tuple[int, str]], *, by: Viewer, now: datetime, reason: str = "", key: str | None = None
) -> Purchase:
    """RC-15: ask for supplies to be bought. Raises Forbidden for who does not keep the stock, Doubled for a used key."""
    _kept_by(by)
    digest = hashlib.sha256(json.dumps([sorted(lines.items()), reason]).encode()).hexdigest()
    with db.write():
        number = numbers.take("CG", now)  # where two forms of one key queue
        if key:
            wanted = sa.select(Purchase).where(Purchase.asked_by_id == by.id, Purchase.idempotency_key == key)
            if first := db.session.scalars(wanted).one_or_none():
                raise Doubled(first.fields_digest == digest, first.number)
        purchase = Purchase(
            number=number,
            state=PurchaseState.ASKED,
            state_since=now,
            reason=reason,
            asked_at=now,
            asked_by_id=by.id,
            idempotency_key=key,
            fields_digest=digest,
        )
        db.session.add(purchase)
        db.session.flush()
        db.session.add_all(
            PurchaseLine(purchase_id=purchase.id, supply_id=supply_id, amount=amount, received=0, note=note)
            for supply_id, (amount, note) in sorted(lines.items())
        )
        history.record(
            purchase,
            "purchase:ask",
            by=by.id,
            now=now,
            clause=rules.CLAUSE,
            number=number,
            lines=[f"{supply_id}x{amount}" for supply_id, (amount, _note) in sorted(lines.items())],
            words={"note": reason},
        )
        watch.tell(purchase, watch.WATCH.told(purchase, "approver").people, "purchase:asked", now, but=by.id)
        watch.put_up(purchase, now, fresh=True)
    return purchase


def approve(purchase: Purchase, *, by: Viewer, now: datetime, note: str = "") -> Effect:
    """RC-15: it may be bought; the purchaser is told."""
    _decided(purchase, by, now, note)
    watch.tell(purchase, [purchase.asked_by_id], "purchase:approved", now, but=by.id)
    watch.tell(purchase, watch.WATCH.told(purchase, "buyer").people, "purchase:to_buy", now, but=by.id)
    return Effect({}, {"note": note})


def decline(purchase: Purchase, *, by: Viewer, now: datetime, note: str) -> Effect:
    """RC-15: it is not bought, and why."""
    _decided(purchase, by, now, note)
    watch.tell(purchase, [purchase.asked_by_id], "purchase:declined", now, but=by.id)
    return Effect({}, {"reason": note})


def _decided(purchase: Purchase, by: Viewer, now: datetime, note: str) -> None:
    purchase.decided_at, purchase.decided_by_id, purchase.decision_note = now, by.id, note


def buy(purchase: Purchase, *, by: Viewer, now: datetime, supplier: str = "", note: str = "") -> Effect:
    """RC-15: the purchaser has bought it; the front desk waits for the goods."""
    purchase.bought_at, purchase.bought_by_id, purchase.supplier = now, by.id, supplier
    people = [purchase.asked_by_id, *watch.WATCH.told(purchase, "keeper").people]
    watch.tell(purchase, people, "purchase:bought", now, but=by.id)
    return Effect({}, {"supplier": supplier, "note": note})


def receive_goods(
    purchase: Purchase,
    *,
    by: Viewer,
    now: datetime,
    came: dict[int, int],
    complete: bool = False,
    note: str = "",
) -> Effect:
    """RC-15: what came goes into the stock; the request is done when nothing is missing, or nothing more comes."""
    rows = queries.lines_of(purchase)
    for line, supply in rows:
        if amount := came.get(line.id, 0):
            line.received += amount
            _move(supply, MovementKind.RECEIVED, amount, "receive", by=by, now=now, purchase=purchase)
    purchase.received_at, purchase.received_by_id = now, by.id
    stay = not complete and any(line.missing for line, _supply in rows)
    if not stay:
        watch.tell(purchase, [purchase.asked_by_id], "purchase:received", now, but=by.id)
    return Effect({"lines": [f"{i}x{n}" for i, n in came.items() if n]}, {"note": note}, stay=stay)


def cancel(purchase: Purchase, *, by: Viewer, now: datetime, note: str) -> Effect:
    """RC-15: it is not needed any more; the purchaser is told where it was approved already."""
    people = [purchase.asked_by_id]
    if purchase.state is PurchaseState.APPROVED:
        people += watch.WATCH.told(purchase, "buyer").people
    watch.tell(purchase, people, "purchase:cancelled", now, but=by.id)
    return Effect({}, {"reason": note})


ACTIONS: dict[str, Callable[..., Effect]] = {
    "approve": approve,
    "decline": decline,
    "buy": buy,
    "receive": receive_goods,
    "cancel": cancel,
}

# Of two desks with the same delivery before them the second must see what the first has received.
act = transitions.actor(PURCHASE, queries.find_purchase, ACTIONS)
