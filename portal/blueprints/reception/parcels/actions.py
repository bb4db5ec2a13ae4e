"""What is done with a parcel: take it in, hand it over against a signature, send it back, mend a slip."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import books
from portal.blueprints.reception.parcels import watch
from portal.blueprints.reception.parcels.codes import ParcelKind, State
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.parcels.rules import standing
from portal.blueprints.reception.parcels.workflow import PUT_BACK, RETURN, SIGN
from portal.blueprints.reception.traces import Person
from portal.kernel import history, numbers
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Action, Effect


def take_in(
    *,
    by: Viewer,
    now: datetime,
    kind: ParcelKind,
    recipient: Card | None = None,
    department: str = "",
    sender: str = "",
    tracking: str = "",
    place: str = "",
    pieces: int = 1,
    idempotency_key: str | None = None,
) -> Parcel:
    """RC-29: something arrived; whom it is for is told at once. Inside a write.

    Raises SentBefore for a form that was sent before.
    """
    said = books.digest({
        "kind": kind, "recipient": recipient.id if recipient else None, "department": department, "sender": sender,
        "tracking": tracking, "place": place, "pieces": pieces,
    })  # fmt: skip
    number = numbers.take("SF", now)  # first: two forms of one key queue here
    books.once(Parcel, by.id, idempotency_key, said)
    made = Parcel(
        number=number,
        kind=kind,
        state=State.WAITING,
        state_since=now,
        recipient_id=recipient.id if recipient else None,
        department=recipient.department if recipient else department,
        sender=sender,
        tracking=tracking,
        place=place,
        pieces=pieces,
        created_at=now,
        created_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=said,
    )
    db.session.add(made)
    db.session.flush()
    history.record(
        made,
        "parcel:take-in",
        by=by.id,
        now=now,
        clause="RC-29",
        words={"sender": sender},
        kind=kind,
        recipient=made.recipient_id,
        department=made.department,
        pieces=pieces,
    )
    watch.WATCH.start(made, "parcel", now)
    watch.tell(made, "parcel:arrived", now, but=by.id)
    watch.WATCH.clocks_moved(made, now)
    return made


def sign(parcel: Parcel, *, by: Viewer, now: datetime, collector: Card | None = None, **_: Any) -> Effect:
    """RC-29: it was handed over; whom it was for hears of it when somebody else took it."""
    if collector is not None:
        who = collector.id
    elif "desk" in standing(parcel, by) and parcel.recipient_id is not None:
        who = parcel.recipient_id
    else:
        who = by.id
    parcel.collected_at, parcel.collected_by_id = now, who
    if who != parcel.recipient_id:
        watch.tell(parcel, "parcel:collected", now, but=who)
    return Effect({"collector": who})


def send_back(parcel: Parcel, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """RC-29: it went back to the sender, with the reason."""
    parcel.returned_at, parcel.returned_reason = now, reason
    watch.tell(parcel, "parcel:returned", now, but=by.id)
    return Effect({}, {"reason": reason})


def put_back(parcel: Parcel, *, reason: str, **_: Any) -> Effect:
    """RC-29: it lies here after all: what was recorded by mistake is mended, and the reason kept."""
    parcel.collected_at = parcel.collected_by_id = parcel.returned_at = None
    parcel.returned_reason = ""
    return Effect({}, {"reason": reason})


ACTIONS: dict[str, Action] = {SIGN: sign, RETURN: send_back, PUT_BACK: put_back}


# -- RC-20: when a sender is forgotten --------------------------------------------------------------------------


def forget_sender(parcel: Parcel, _person: Person, _now: datetime) -> None:
    """RC-20: who sent it; that it came, for whom and who signed stays. Inside a write."""
    parcel.sender = parcel.tracking = parcel.returned_reason = parcel.fields_digest = ""
    history.erase(parcel)
