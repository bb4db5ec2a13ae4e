"""What is done with deposits, keys and goods passes: something new inside a write, a verb in one of its own.

Locks are taken in the order number, visit, tag or key, the thing itself, so that closing a visit and storing for it
queue at the visit's row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from portal.blueprints.reception import privacy, reach
from portal.blueprints.reception.codes import OVER
from portal.blueprints.reception.keeping import outstanding, rules, watch
from portal.blueprints.reception.keeping.codes import Direction, Document, PassState, Thing
from portal.blueprints.reception.keeping.models import OUT, Deposit, GoodsPass, Key, KeyLoan, Tag
from portal.blueprints.reception.keeping.queries import goods_visible_to, loans_visible_to
from portal.blueprints.reception.keeping.workflow import DEPOSIT, GOODS_PASS, KEY_LOAN
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.traces import Person
from portal.kernel import history, numbers, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Reason, Refused

Kept = TypeVar("Kept", Deposit, KeyLoan, GoodsPass)
Stock = TypeVar("Stock", Tag, Key)


def store(
    *,
    by: Viewer,
    now: datetime,
    tag: int,
    thing: Thing,
    visit: str = "",
    name: str = "",
    pieces: int = 1,
    note: str = "",
    due_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Deposit:
    """RC-27: take something into safekeeping under a tag. A form sent twice is the deposit that it made."""
    number = numbers.take("JC", now)
    if before := _sent(Deposit, Deposit.taken_by_id, by, idempotency_key):
        return before
    whose = _whose(visit, by, "RC-27")
    found = db.session.scalars(sa.select(Tag).where(Tag.number == tag).with_for_update()).one_or_none()
    if found is None or not found.active:
        raise Refused([Reason("RC-27", "no_such_tag", {"number": tag})])
    made = Deposit(
        number=number,
        tag_id=found.id,
        visit_id=whose.id if whose else None,
        name=whose.visitor_name if whose else name,
        thing=thing,
        pieces=pieces,
        note=note,
        taken_at=now,
        taken_by_id=by.id,
        due_at=due_at or watch.usual_end("limit.deposit", now),
        idempotency_key=idempotency_key,
    )
    _add(made, Reason("RC-27", "tag_in_use", {"number": tag}))
    words = {"name": made.name, "note": note}
    history.record(
        made,
        "deposit:store",
        by=by.id,
        now=now,
        clause="RC-27",
        words=words,
        tag=tag,
        thing=thing,
        pieces=pieces,
    )
    _on_visit(whose, "visit:deposit-stored", "RC-27", by, now, deposit=number, tag=tag)
    watch.DEPOSITS.start(made, "deposit", now)
    watch.DEPOSITS.clocks_moved(made, now)
    outstanding.count_again(made.visit_id)
    return made


def lend(
    *,
    by: Viewer,
    now: datetime,
    key: str,
    document: Document,
    visit: str = "",
    borrower: Card | None = None,
    purpose: str = "",
    due_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> KeyLoan:
    """RC-26: hand out a key against a document that was looked at and handed back; only its kind is kept."""
    number = numbers.take("YS", now)
    if before := _sent(KeyLoan, KeyLoan.lent_by_id, by, idempotency_key):
        return before
    whose = _whose(visit, by, "RC-26")
    found = db.session.scalars(sa.select(Key).where(Key.number == key).with_for_update()).one_or_none()
    if found is None or not found.active:
        raise Refused([Reason("RC-26", "no_such_key", {"number": key})])
    made = KeyLoan(
        number=number,
        key_id=found.id,
        visit_id=whose.id if whose else None,
        borrower_id=borrower.id if borrower and not whose else None,
        name=whose.visitor_name if whose else borrower.name if borrower else "",
        document=document,
        purpose=purpose,
        lent_at=now,
        lent_by_id=by.id,
        due_at=due_at or watch.usual_end("limit.key_return", now),
        idempotency_key=idempotency_key,
    )
    _add(made, Reason("RC-26", "key_in_use", {"number": key}))
    words = {"name": made.name if whose else "", "purpose": purpose}
    history.record(
        made, "key_loan:lend", by=by.id, now=now, clause="RC-26", words=words, key=key, document=document,
        borrower=made.borrower_id, due=made.due_at,
    )  # fmt: skip
    _on_visit(whose, "visit:key-lent", "RC-26", by, now, loan=number, key=key)
    watch.KEYS.start(made, "key_return", now)
    watch.KEYS.clocks_moved(made, now)
    outstanding.count_again(made.visit_id)
    return made


def ask(
    *,
    by: Viewer,
    now: datetime,
    direction: Direction,
    what: str,
    amount: str,
    carrier: str,
    department: str,
    company: str = "",
    visit: str = "",
    idempotency_key: str | None = None,
) -> GoodsPass:
    """RC-26: a pass for goods that go in or out; what goes out waits for the head of its department."""
    number = numbers.take("WP", now)
    if before := _sent(GoodsPass, GoodsPass.asked_by_id, by, idempotency_key):
        return before
    whose = reach.find(by, visit) if visit else None
    made = GoodsPass(
        number=number,
        direction=direction,
        state=PassState.ASKED,
        state_since=now,
        what=what,
        amount=amount,
        carrier=carrier,
        company=company,
        department=department,
        visit_id=whose.id if whose else None,
        asked_at=now,
        asked_by_id=by.id,
        idempotency_key=idempotency_key,
    )
    db.session.add(made)
    db.session.flush()
    words = {"goods": what, "amount": amount, "carrier": carrier, "company": company}
    history.record(
        made, "goods_pass:ask", by=by.id, now=now, clause="RC-26", words=words, direction=direction,
        department=department,
    )  # fmt: skip
    watch.GOODS.clocks_moved(made, now)
    return made


def _sent(model: type[Kept], who: Any, by: Viewer, key: str | None) -> Kept | None:
    """What a form of this key made before; whoever took the number first has committed."""
    if not key:
        return None
    before: Kept | None = db.session.scalars(
        sa.select(model).where(who == by.id, model.idempotency_key == key)
    ).one_or_none()
    return before


def _whose(number: str, by: Viewer, clause: str) -> Visit | None:
    """The visit, locked; Refused when it is over, for nothing would be asked of it any more."""
    if not number:
        return None
    visit = reach.find(by, number, lock=True)
    if visit.state in OVER:
        raise Refused([Reason(clause, "visit_holds_nothing", {"number": number})])
    return visit


def _add(made: Deposit | KeyLoan, taken: Reason) -> None:
    """Put it down; the index that knows one open row for a tag or key refuses the second, whoever looked first."""
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused([taken]) from error


def _on_visit(
    visit: Visit | None, event: str, clause: str, by: Viewer, now: datetime, **details: Any
) -> None:
    if visit is not None:
        history.record(visit, event, by=by.id, now=now, clause=clause, **details)


# -- verbs ----------------------------------------------------------------------------------------------------


def _on_deposit(deposit: Deposit, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """RC-27: one verb on a deposit; the visit that it belongs to tells of it and counts again."""
    transitions.perform(DEPOSIT, deposit, verb, _VERBS[verb], by=by, now=now, **given)
    event = {
        "release": "visit:deposit-released",
        "untagged": "visit:deposit-untagged",
        "lost": "visit:deposit-lost",
    }[verb]
    _on_visit(deposit.visit, event, "RC-27", by, now, deposit=deposit.number, tag=deposit.tag.number)
    outstanding.count_again(deposit.visit_id)


def _on_loan(loan: KeyLoan, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """RC-26: one verb on a key loan; the visit that it belongs to tells of it and counts again."""
    transitions.perform(KEY_LOAN, loan, verb, _VERBS[verb], by=by, now=now, **given)
    event = {"return": "visit:key-returned", "lost": "visit:key-lost"}[verb]
    _on_visit(loan.visit, event, "RC-26", by, now, loan=loan.number, key=loan.key.number)
    outstanding.count_again(loan.visit_id)


def _on_goods(goods: GoodsPass, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """RC-26: one verb on a goods pass; who asked for it hears what was decided."""
    transitions.perform(GOODS_PASS, goods, verb, _VERBS[verb], by=by, now=now, **given)
    if verb != "check":
        watch.tell_asker(goods, f"goods_pass:{goods.state}", now, by=by.id)


def _locked(model: type[Kept], number: str, *reach_: sa.ColumnElement[bool]) -> Kept:
    wanted = sa.select(model).where(model.number == number, *reach_)
    if model is not GoodsPass:
        visit_id = sa.select(model.visit_id).where(model.number == number).scalar_subquery()
        db.session.execute(sa.select(Visit.id).where(Visit.id == visit_id).with_for_update())
    if model is Deposit:
        tag_id = sa.select(Deposit.tag_id).where(Deposit.number == number).scalar_subquery()
        db.session.execute(sa.select(Tag.id).where(Tag.id == tag_id).with_for_update())
    found: Kept | None = db.session.scalars(wanted.with_for_update(of=model)).one_or_none()
    if found is None:
        raise NotFound
    return found


deposit_act = transitions.one_write(lambda _by, number, lock: _locked(Deposit, number), _on_deposit)
loan_act = transitions.one_write(
    lambda by, number, lock: _locked(KeyLoan, number, loans_visible_to(by)), _on_loan
)
goods_act = transitions.one_write(
    lambda by, number, lock: _locked(GoodsPass, number, goods_visible_to(by)), _on_goods
)


def _back(held: Deposit | KeyLoan, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """Back where it belongs."""
    held.returned_at, held.returned_by_id = now, by.id
    return Effect()


def _without_tag(held: Deposit, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """RC-27: its owner has shown whose it is; the tag carries nothing more until it is found again."""
    checked = ["description", "name", *(["phone"] if rules.phone_tail(held) else [])]
    held.untagged_reason = reason
    held.tag.active, held.tag.missing_at = False, now
    history.record(held.tag, "tag:missing", by=by.id, now=now, clause="RC-27", tag=held.tag.number)
    _back(held, by=by, now=now)
    return Effect({"tag": held.tag.number, "checked": checked}, {"reason": reason})


def _lost(held: Deposit | KeyLoan, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """RC-26, RC-27: it was looked for once more and is gone; the reason stays with it."""
    held.lost_at, held.lost_by_id, held.lost_reason = now, by.id, reason
    timers.end(held, now)
    return Effect({}, {"reason": reason})


def _decide(goods: GoodsPass, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """The head of the department has decided."""
    goods.decided_at, goods.decided_by_id, goods.decision_note = now, by.id, note
    return Effect({}, {"note": note})


def _check(goods: GoodsPass, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """The desk has looked at the goods and let them through."""
    goods.checked_at, goods.checked_by_id, goods.check_note = now, by.id, note
    return Effect({}, {"note": note})


_VERBS: dict[str, transitions.Action] = {
    "release": _back,
    "untagged": _without_tag,
    "return": _back,
    "lost": _lost,
    "approve": _decide,
    "decline": _decide,
    "check": _check,
}


# -- tags and keys --------------------------------------------------------------------------------------------


def add_tags(first: int, last: int, *, by: Viewer, now: datetime) -> int:
    """Put tags from one number to another into use; those that are there stay. How many are new."""
    there = set(db.session.scalars(sa.select(Tag.number).where(Tag.number.between(first, last))))
    fresh = [Tag(number=number) for number in range(first, last + 1) if number not in there]
    db.session.add_all(fresh)
    for tag in fresh:
        history.record(tag, "tag:add", by=by.id, now=now, clause="RC-27", tag=tag.number)
    return len(fresh)


def add_key(number: str, opens: str, opens_en: str, *, by: Viewer, now: datetime) -> Key:
    """One more key of the house; Refused when its number is taken."""
    key = Key(number=number, opens=opens, opens_en=opens_en)
    db.session.add(key)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused([Reason("RC-26", "key_number_taken", {"number": number})]) from error
    history.record(key, "key:add", by=by.id, now=now, clause="RC-26", key=number)
    return key


def turn(model: type[Stock], its_id: int, active: bool, *, by: Viewer, now: datetime) -> Stock:
    """Retire a tag or a key, or take it back into use; Refused while it is out."""
    found = db.session.scalars(sa.select(model).where(model.id == its_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    if isinstance(found, Tag):
        clause, out = "RC-27", sa.select(Deposit.id).where(Deposit.tag_id == its_id, sa.text(OUT))
    else:
        clause, out = "RC-26", sa.select(KeyLoan.id).where(KeyLoan.key_id == its_id, sa.text(OUT))
    if not active and db.session.scalar(out) is not None:
        raise Refused([Reason(clause, "still_out", {"number": found.number})])
    found.active = active
    event = f"{found.history_kind}:{'restore' if active else 'retire'}"
    if isinstance(found, Tag) and active and found.missing_at is not None:
        found.missing_at, event = None, "tag:found"
    named: dict[str, Any] = {found.history_kind: found.number}
    history.record(found, event, by=by.id, now=now, clause=clause, **named)
    return found


# -- RC-20: when a visitor is forgotten -----------------------------------------------------------------------


def erase(visit_id: int) -> None:
    """RC-20: nothing that was written about the visitor stays; codes, numbers and moments do. Inside a write."""
    for model in TEXTS:
        for row in db.session.scalars(sa.select(model).where(model.visit_id == visit_id)):
            forget(row)


TEXTS: dict[Any, tuple[str, ...]] = {
    Deposit: ("name", "note", "lost_reason", "untagged_reason"),
    KeyLoan: ("name", "purpose", "lost_reason"),
    GoodsPass: ("what", "amount", "carrier", "company", "decision_note", "check_note"),
}


def forget(row: Deposit | KeyLoan | GoodsPass, *_: Any) -> None:
    """RC-20: one deposit, loan or pass without anybody's name. Inside a write."""
    for name in TEXTS[type(row)]:
        setattr(row, name, "")
    history.erase(row)


def forget_carrier(goods: GoodsPass, person: Person, _now: datetime) -> None:
    """RC-20: who carried it; what went through the door stays, unless it names them. Inside a write."""
    kept = {name: getattr(goods, name) for name in ("what", "amount")}
    forget(goods)
    for name, text in kept.items():
        setattr(goods, name, "" if person.mentioned(text) else text)


privacy.ERASERS.append(erase)
