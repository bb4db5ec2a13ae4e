"""What is done with a handover: opened by the clock; counted, explained, signed, refused, ordered by people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from portal.blueprints.duty.handover import queries, rules, watch, who
from portal.blueprints.duty.handover.codes import Ground, Side, State
from portal.blueprints.duty.handover.models import Count, Handover, PostItem, Reading, Signature
from portal.blueprints.duty.handover.queries import Carried
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.handover.workflow import (
    CONSENT,
    COUNT,
    EXPLAIN,
    HANDOVER,
    ORDER,
    REFUSE,
    SIGN,
    TAKE_OVER,
)
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Act
from portal.blueprints.duty.posts.models import Post
from portal.kernel import history, numbers, policies, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.transitions import Action, Effect

LATEST = timedelta(days=1)  # so long after a change its handover is still opened, if nothing ran meanwhile


# -- opened by the clock -------------------------------------------------------------------------------------------


def due(now: datetime) -> list[tuple[Seats, Seats]]:
    """DR-07: the changes of shifts whose handover opens now and is not open yet."""
    before = timedelta(minutes=policies.number("handover.opens_before", now))
    shifts = who.planned(now - LATEST, now + LATEST)
    ending = [seats for seats in shifts if seats.ends_at - before <= now]
    changes = [(seats, relief) for seats in ending if (relief := rules.relief_of(seats, shifts))]
    known = queries.opened([outgoing.id for outgoing, _ in changes]) if changes else set()
    return [(outgoing, incoming) for outgoing, incoming in changes if outgoing.id not in known]


def open_due(now: datetime) -> Iterator[str]:
    """DR-07: open what is due, each in a write of its own; a line for each, as the sweep has it."""
    for outgoing, incoming in due(now):
        with db.write():
            made = open_one(outgoing, incoming, now)
        if made is not None:
            yield f"{made.number}\thandover\topened (DR-07)"


def open_one(outgoing: Seats, incoming: Seats, now: datetime) -> Handover | None:
    """One handover, with its limits; None when another was faster. Inside a write."""
    # The post is where two who open it at once queue.
    db.session.execute(sa.select(Post.id).where(Post.id == outgoing.post_id).with_for_update())
    pair = sa.or_(Handover.outgoing_id == outgoing.id, Handover.incoming_id == incoming.id)
    if db.session.scalar(sa.select(Handover.id).where(pair)) is not None:
        return None
    made = Handover(
        number=numbers.take("JJ", now), post_id=outgoing.post_id, outgoing_id=outgoing.id, incoming_id=incoming.id,
        changes_at=outgoing.ends_at, state=State.OPEN, state_since=now, opened_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made = queries.load(made.id)
    history.record(made, "handover:open", by=None, now=now, clause="DR-07", due=made.changes_at)
    for kind in ("relief", "handover"):
        watch.WATCH.start(made, kind, now)
    watch.tell(made, "handover:opened", "handler", now)
    watch.WATCH.clocks_moved(made, now)
    return made


timers.BY_CALENDAR.append(open_due)


# -- done by people ------------------------------------------------------------------------------------------------


def act(
    handover_id: int,
    verb: str,
    *,
    viewer: Viewer,
    by: Viewer,
    now: datetime,
    seen: int | None = None,
    last: Callable[[], None] | None = None,
    **given: Any,
) -> Handover:
    """One verb, from looking the handover up to the commit; `by` acts on the viewer's screen, and may be another.

    `last` is done once nothing else refuses, and may refuse itself. Raises NotFound, Forbidden, Refused,
    StaleDataError, and what `last` raises.
    """
    with db.write():
        found = queries.find(viewer, handover_id, lock=True)
        if seen is not None and seen != found.version:
            raise StaleDataError
        perform(found, verb, by=by, now=now, **given)
        if last is not None:
            last()
    return found


def perform(handover: Handover, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write, with what its gates must know."""
    carried = queries.carried(handover, now)
    read, lines = given.pop("read", False), given.pop("line", [])
    if read and by.id in handover.parties[1]:
        carried = _receipts(handover, carried, lines, by, now)
    side = rules.side_of(handover, by.id, carried.signatures)
    facts = carried.facts() | {"side": side, "carried": carried}
    transitions.perform(HANDOVER, handover, verb, ACTIONS[verb], by=by, now=now, **given, **facts)


def _receipts(handover: Handover, carried: Carried, lines: list[str], by: Viewer, now: datetime) -> Carried:
    """DR-09: what the incoming shift has read, each line once."""
    open_ones = {line.number: line for line in carried.lines}
    fresh = {}
    for number in carried.facts()["unread"]:
        if number in lines:
            kind, address = (
                (open_ones[number].kind, open_ones[number].address) if number in open_ones else ("", "")
            )
            db.session.add(
                Reading(
                    handover_id=handover.id, number=number, kind=kind, address=address, by_id=by.id, at=now
                )
            )
            fresh[number] = queries.Mark(number, kind, address, "", by.id, now)
    return replace(carried, readings=carried.readings | fresh)


def count(handover: Handover, *, by: Viewer, now: datetime, found: Mapping[int, int], **_: Any) -> Effect:
    """DR-08: the incoming shift counted; what was signed before counts no more."""
    handover.relieved_at = handover.relieved_at or now
    handover.round += 1
    handover.counted_round = handover.round
    handover.ground, handover.refused_note = None, ""
    differing = []
    for item in queries.items_of(handover.post_id):
        if item.active and item.id in found:
            row = {"handover_id": handover.id, "round": handover.round, "item_id": item.id}
            db.session.add(Count(**row, should_be=item.quantity, found=found[item.id]))
            differing += [item.name] if found[item.id] != item.quantity else []
    if differing:
        watch.tell(handover, "handover:differs", "handler", now, but=by.id)
    return Effect({"differing": len(differing) or None}, {"items": "、".join(differing)})


def explain(handover: Handover, *, by: Viewer, explanations: Mapping[int, str], **_: Any) -> Effect:
    """DR-08: the outgoing shift says what became of what is missing."""
    ours = sa.select(Count).where(Count.handover_id == handover.id, Count.round == handover.counted_round)
    said = []
    for row in db.session.scalars(ours):
        if text := explanations.get(row.item_id):
            row.explanation, row.explained_by_id = text, by.id
            said.append(text)
    return Effect({}, {"explanation": "; ".join(said)})


def take_over(
    handover: Handover, *, by: Viewer, now: datetime, note: str, carried: Carried, **_: Any
) -> Effect:
    """DR-11: the incoming shift takes an event in progress over by word, and the log says so."""
    return _into_the_log(handover, Act.TAKE_OVER, "running", by=by, now=now, note=note, carried=carried)


def consent(
    handover: Handover, *, by: Viewer, now: datetime, note: str, carried: Carried, **_: Any
) -> Effect:
    """DR-12: the leader consents to pass the open faults on, and the log says so."""
    return _into_the_log(handover, Act.CONSENT, "faults", by=by, now=now, note=note, carried=carried)


def _into_the_log(
    handover: Handover, act: Act, which: str, *, by: Viewer, now: datetime, note: str, carried: Carried
) -> Effect:
    numbered = carried.facts()[which]
    for entry in carried.notes:
        if entry.number in numbered:
            log.enter(
                handover.post, by=by, now=now, category=entry.category, text=note, act=act, about_id=entry.id
            )
    return Effect({"entries": numbered}, {"note": note})


def sign(
    handover: Handover, *, by: Viewer, now: datetime, side: Side, signatures: list[Any], by_password: bool = False,
    **_: Any,
) -> Effect:  # fmt: skip
    """DR-10: one of the two signatures; with the second the duty changes hands."""
    db.session.add(
        Signature(
            handover_id=handover.id, round=handover.round, side=side, person_id=by.id, at=now, by_password=by_password
        )
    )  # fmt: skip
    if side is Side.INCOMING:
        handover.relieved_at = handover.relieved_at or now
    both = len(signatures) + 1 == len(Side)
    if both and handover.state is not State.SIGNED:
        handover.signed_at = now
        timers.meet(handover, ("handover",), now)
    return Effect({"side": side, "by_password": by_password or None}, stay=not both)


def refuse(handover: Handover, *, by: Viewer, now: datetime, ground: Ground, note: str, **_: Any) -> Effect:
    """DR-11: the incoming shift refuses for one of the four reasons; the head hears of it, the outgoing shift stays."""
    handover.round += 1  # who had signed already signs anew
    handover.ground, handover.refused_note = ground, note
    for audience in ("handler", "lead", "office"):
        watch.tell(handover, "handover:refused", audience, now, but=by.id)
    return Effect({"ground": ground}, {"note": note})


def order(handover: Handover, *, by: Viewer, now: datetime, defect: str, **_: Any) -> Effect:
    """DR-11: the head orders the takeover with the defect recorded, which both shifts sign afterwards."""
    handover.defect, handover.ordered_by_id, handover.signed_at = defect, by.id, now
    watch.tell(handover, "handover:ordered", "handler", now, but=by.id)
    return Effect({}, {"defect": defect})


ACTIONS: dict[str, Action] = {
    COUNT: count,
    EXPLAIN: explain,
    TAKE_OVER: take_over,
    CONSENT: consent,
    SIGN: sign,
    REFUSE: refuse,
    ORDER: order,
}


# -- the ledger ----------------------------------------------------------------------------------------------------


def add_item(post_id: int, *, by: int, now: datetime, **fields: Any) -> PostItem:
    """DR-08: something more that a post holds. Inside a write."""
    made = PostItem(post_id=post_id, **fields)
    db.session.add(made)
    db.session.flush()
    words = {"name": made.name}
    history.record(
        made, "post_item:create", by=by, now=now, clause="DR-08", quantity=made.quantity, words=words
    )
    return made


def edit_item(item: PostItem, *, by: int, now: datetime, **fields: Any) -> None:
    """Another name or number; a handover that was counted keeps what there should have been. Inside a write."""
    changed = [name for name, value in fields.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, fields[name])
    if changed:
        words = {"name": item.name}
        history.record(
            item, "post_item:edit", by=by, now=now, clause="DR-08", quantity=item.quantity, fields=changed, words=words
        )  # fmt: skip
