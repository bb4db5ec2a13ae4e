"""What is done with a repair order: registered, assigned, done, checked again, accepted; each inside a write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.repairs import watch
from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import ACCEPT, ASSIGN, CANCEL, DONE, RECHECK, RETURN
from portal.kernel import files, history, numbers, timers
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.files import Checked
from portal.kernel.people import Card, Viewer
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.transitions import Action, Effect


class SentBefore(Exception):
    """This very form was taken before; nothing is registered a second time."""

    def __init__(self, made: Repair) -> None:
        self.made = made
        super().__init__(made.number)


def register(
    *,
    by: Viewer,
    now: datetime,
    what: str,
    department: str,
    equipment: Any = None,
    place: str = "",
    major: bool = False,
    entry: Any = None,
    post: Any = None,
    round_number: str = "",
    pictures: Sequence[Checked] = (),
    idempotency_key: str | None = None,
) -> Repair:
    """DR-13: a breakdown gets its number and its limit; of a major one the head hears at once.

    What belongs to a post stands in the post's log as a fault that is open, so that it is not passed on without consent
    (DR-12): it is the entry of which the order is made, or a new one. Raises SentBefore, SaidOtherwise for a used key.
    """
    said = fields_digest({
        "what": what, "department": department, "equipment": equipment.id if equipment else None, "place": place,
        "major": major, "entry": entry.id if entry else None, "pictures": [picture.sha256 for picture in pictures],
    })  # fmt: skip
    number = numbers.take("WX", now)  # first: two forms of one key queue here
    if (before := _sent_before(by, idempotency_key)) is not None:
        if before.fields_digest != said:
            raise SaidOtherwise
        raise SentBefore(before)
    entry_id = entry.id if entry else None
    if entry is None and post is not None:
        entry_id = _into_the_log(number, by, now, what, equipment, post, major)
    made = Repair(
        number=number, state=State.REGISTERED, state_since=now, what=what, place=place,
        equipment_id=equipment.id if equipment else None, department=department, major=major, log_entry_id=entry_id,
        round_number=round_number, registered_at=now, registered_by_id=by.id, idempotency_key=idempotency_key,
        fields_digest=said,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for picture in pictures:
        files.add(made, picture, by.id, now)
    history.record(
        made, "repair:register", by=by.id, now=now, clause="DR-13", words={"content": what}, major=major or None,
        equipment=equipment.code if equipment else None, round=round_number or None,
        entry=entry.number if entry else None,
    )  # fmt: skip
    watch.WATCH.start(made, "repair_assign", now)
    if major:
        watch.tell(made, "repair:major", log.heads_of(department), now, but=by.id)
    watch.WATCH.clocks_moved(made, now)
    return made


def _into_the_log(
    number: str, by: Viewer, now: datetime, what: str, equipment: Any, post: Any, major: bool
) -> int:
    named = f"{equipment.name} " if equipment else ""
    made = log.enter(
        db.session.get_one(Post, post.id), by=by, now=now, category=Category.FAULT, standing=Standing.OPEN,
        text=f"{named}{what} · {number}", equipment=equipment.code if equipment else "", major=major, heard=True,
    )  # fmt: skip
    return made.id


def _sent_before(by: Viewer, key: str | None) -> Repair | None:
    if not key:
        return None
    ours = sa.and_(Repair.registered_by_id == by.id, Repair.idempotency_key == key)
    return db.session.scalars(sa.select(Repair).where(ours)).one_or_none()


def assign(
    repair: Repair, *, by: Viewer, now: datetime, assignee: Card | None, firm: str, note: str, **_: Any
) -> Effect:
    """DR-13: a colleague repairs it, or an outside firm."""
    repair.assignee_id, repair.firm = assignee.id if assignee else None, firm
    repair.assigned_at, repair.assigned_by_id = now, by.id
    if assignee:
        watch.tell(repair, "repair:assigned", [assignee.id], now, but=by.id)
    return Effect({"assignee": repair.assignee_id}, {"firm": firm, "note": note})


def done(
    repair: Repair,
    *,
    by: Viewer,
    now: datetime,
    result: str,
    parts: str,
    material: str,
    minutes: int,
    **_: Any,
) -> Effect:
    """DR-13: what was done, with parts, material and working time."""
    repair.result, repair.parts, repair.material, repair.minutes = result, parts, material, minutes
    repair.done_at, repair.done_by_id = now, by.id
    return Effect({"minutes": minutes}, {"result": result, "parts": parts, "materials": material})


def recheck(repair: Repair, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """DR-13: somebody else looked at it again, and it works."""
    repair.rechecked_at, repair.rechecked_by_id, repair.recheck_note = now, by.id, note
    return Effect({}, {"note": note})


def send_back(repair: Repair, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """DR-13: it does not work yet; whoever did it goes on."""
    repair.rechecked_at = repair.rechecked_by_id = repair.done_at = repair.done_by_id = None
    repair.recheck_note = ""
    told = watch.WATCH.told(repair, "handler").people
    watch.tell(repair, "repair:returned", told, now, but=by.id)
    return Effect({}, {"note": note})


def accept(repair: Repair, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """DR-13: accepted, which the person who is logged in signs; DR-12: the fault in the log is settled with it."""
    repair.accepted_at, repair.accepted_by_id, repair.accept_note = now, by.id, note
    _settle(repair, by, now, repair.result)
    return Effect({}, {"note": note})


def cancel(repair: Repair, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """There is nothing to repair after all; the fault in the log is settled with the reason."""
    repair.cancelled_reason = reason
    timers.end(repair, now)
    _settle(repair, by, now, reason)
    return Effect({}, {"reason": reason})


def _settle(repair: Repair, by: Viewer, now: datetime, words: str) -> None:
    """DR-12: with the order its fault in the log is over, unless somebody settled it before."""
    if repair.log_entry_id is None:
        return
    wanted = sa.select(LogEntry).where(LogEntry.id == repair.log_entry_id).with_for_update()
    entry = db.session.scalars(wanted).one()
    settled = sa.exists().where(LogEntry.about_id == entry.id, LogEntry.act == Act.SETTLE)
    if entry.standing is Standing.DONE or db.session.scalar(sa.select(settled)):
        return
    log.enter(
        db.session.get_one(Post, entry.post_id), by=by, now=now, category=entry.category, act=Act.SETTLE,
        about_id=entry.id, text=f"{repair.number} · {words}"[:2000], equipment=entry.equipment_code,
    )  # fmt: skip


ACTIONS: dict[str, Action] = {
    ASSIGN: assign,
    DONE: done,
    RECHECK: recheck,
    RETURN: send_back,
    ACCEPT: accept,
    CANCEL: cancel,
}
