"""What must leave the house: a row written with the change, delivered by the worker, tried again, never lost.

Rows that are due at the same time and go to the same place leave together as one message. A message keeps its id as
long as nobody knows whether it arrived, so one that was sent twice can be recognised.
"""

from __future__ import annotations

import enum
import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import chat_robots, company_calendar, message_choices, reference, sealing
from portal.kernel.channels import Channel, Fault, Message, Problem, Sent
from portal.kernel.channels.mail import Mail
from portal.kernel.channels.sink import Sink
from portal.kernel.db import Model, UTCDateTime, db, short
from portal.kernel.people import Card
from portal.kernel.quiet import MAIL

log = logging.getLogger(__name__)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
LEASE = timedelta(minutes=5)
# Seconds for one pass, well within the lease: behind a slow server the rest leaves with the next one, and neither limits
# nor PDFs wait for it.
LONGEST = 45.0
MOST_A_MINUTE = 20  # messages of one robot; every vendor refuses more
WINDOW = timedelta(minutes=1)
ALWAYS = frozenset({"emergency", "account"})  # topics that nobody can choose not to hear
# About the server, not the message: whatever else goes there would wait for it as long, and limits and PDFs with it.
AWAY = frozenset({Fault.UNREACHABLE, Fault.SILENT, Fault.CERTIFICATE, Fault.LOGIN})


class Fate(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DRY = "dry"  # a dry run: it would have been sent
    DEAD = "dead"  # every try failed; shown to the general office
    DROPPED = "dropped"  # given up by the general office, or because nobody is there to hear it


ENDED = frozenset({Fate.SENT, Fate.DRY, Fate.DROPPED})


class Delivery(Model):
    """One notice on its way to one address outside."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        sa.Index("ix_deliveries_next", "fate", "next_at"),
        sa.Index("ix_deliveries_taken", "channel", "taken_at"),
    )
    history_kind = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notices.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(sa.String(16))
    to: Mapped[str] = mapped_column("recipient", sa.String(160))
    urgent: Mapped[bool] = mapped_column(default=False)
    fate: Mapped[Fate] = mapped_column(short(Fate), default=Fate.WAITING)
    next_at: Mapped[datetime] = mapped_column(
        UTCDateTime
    )  # of the next try; once it has ended: when that was
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(sa.String(400), default="")
    batch: Mapped[str] = mapped_column(sa.String(32), default="")  # id of the message that it is part of
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when it was last tried


# What has the worker look at once, after the commit of something urgent; the worker names its own way.
WAKE: list[Callable[[], None]] = []
# Puts notices into words: the message's id, the channel, the notices, whether it may have been sent before.
Compose = Callable[[str, str, Sequence[int], bool], Message]


def queue(notice_id: int, card: Card, *, topic: str, urgent: bool, in_group: bool, now: datetime) -> None:
    """Plan the ways that a notice takes outside, as its person chose; none when nothing is set up. Inside a write.

    `in_group` lets it be told in a group's chat, where others read it, too. Nothing but urgent matters is sent in
    quiet hours.
    """
    settings = current_app.config["SETTINGS"]
    ways = {MAIL: card.email} if card.email and (settings.mail_server or settings.is_dry) else {}
    if in_group:
        ways |= dict.fromkeys(chat_robots.of_person(card), "")
    if not ways:
        return
    chosen = message_choices.of(card.id)
    for channel, to in ways.items():
        if topic in ALWAYS or chosen.wants(topic, channel):
            at = now if urgent else chosen.due(topic, now, company_calendar.current())
            for wake in WAKE if urgent else ():
                db.afterwards(wake)
            db.session.add(
                Delivery(
                    notice_id=notice_id,
                    person_id=card.id,
                    channel=channel,
                    to=to,
                    urgent=urgent,
                    next_at=at,
                )
            )


@dataclass(frozen=True)
class Parcel:
    """Deliveries that leave as one message."""

    channel: str
    to: str
    ids: tuple[int, ...]
    batch: str


@dataclass(frozen=True)
class Taken:
    """A parcel that this worker has leased."""

    parcel: Parcel
    batch: str
    ids: tuple[int, ...]
    notices: tuple[int, ...]
    again: bool  # an earlier try may have arrived


def deliver(now: datetime, compose: Compose, most: int = 500) -> Iterator[str]:
    """Send what is due; `compose` puts it into words. Yields a line for each message.

    A message is leased before it is sent and marked after, each in a write of its own: nothing is sent inside a
    transaction, and a worker killed in between leaves a lease that runs out, so the message goes out again under the
    same id. A server that is away is asked once in a pass.
    """
    _set_right(now)
    away: set[str] = set()
    due, began = _due(now, most), time.monotonic()
    for parcel in due:
        passed = time.monotonic() - began
        if passed > LONGEST:
            return
        at = now + timedelta(seconds=int(passed))
        taken = None if parcel.channel in away else _take(parcel, at)
        if taken is None:
            continue
        where = f"mail to {parcel.to}" if parcel.channel == MAIL else parcel.channel
        try:
            answer = _send(parcel, compose(taken.batch, parcel.channel, taken.notices, taken.again), at)
        except Exception as error:  # one message that cannot be put into words must not keep the others back
            log.exception("message %s failed", taken.batch)
            answer = Problem(Fault.BROKEN, type(error).__name__)
        if isinstance(answer, Problem) and answer.fault in AWAY:
            away.add(parcel.channel)
        fate = _mark(taken, answer, now + timedelta(seconds=int(time.monotonic() - began)))
        yield f"{where}: {fate}{f' ({answer})' if isinstance(answer, Problem) else ''}"


def _set_right(now: datetime) -> None:
    """What was planned or tried before the clock was set back leaves when it would have left by the right one."""
    from portal.kernel.inbox import Notice, topic_of  # which writes into the outbox

    ahead = sa.or_(Notice.at > now + LEASE, Delivery.taken_at > now + LEASE)
    waiting = Delivery.fate == Fate.WAITING, Delivery.next_at > now + LEASE
    columns = (Delivery.id, Delivery.person_id, Delivery.urgent, Delivery.next_at, Notice.kind)
    rows = sa.select(*columns).join(Notice, Notice.id == Delivery.notice_id).where(*waiting, ahead)
    calendar, earlier = company_calendar.current(), {}
    for row in db.session.execute(rows).all():
        chosen = message_choices.of(row.person_id or 0)
        due = now if row.urgent else chosen.due(topic_of(row.kind), now, calendar)
        if due < row.next_at:
            earlier[row.id] = due
    db.session.rollback()
    if earlier:
        with db.write():
            for each in db.session.scalars(sa.select(Delivery).where(Delivery.id.in_(earlier), *waiting)):
                each.next_at = earlier[each.id]


def _due(now: datetime, most: int) -> list[Parcel]:
    """What is due, put together: urgent first; a message that was tried before stays as it was.

    A mail goes to the address that its reader has now: a wrong one may have been mended since.
    """
    columns = (
        *(Delivery.id, Delivery.person_id, Delivery.channel, Delivery.to, Delivery.urgent),
        Delivery.batch,
    )
    due = sa.select(*columns).where(Delivery.fate == Fate.WAITING, Delivery.next_at <= now)
    due = due.order_by(Delivery.urgent.desc(), Delivery.next_at, Delivery.id).limit(most)
    found: dict[object, list[int]] = {}
    heads: dict[object, tuple[str, str, str]] = {}
    cards = reference.staff().cards
    for row in db.session.execute(due):
        to = row.to
        if row.channel == MAIL and row.person_id in cards:
            to = cards[row.person_id].email or to
        # An urgent mail goes alone: its subject names its number.
        alone = row.id if row.urgent and row.channel == MAIL else None
        key = (row.batch, to) if row.batch else (row.channel, to, row.urgent, alone)
        found.setdefault(key, []).append(row.id)
        heads[key] = (row.channel, to, row.batch)
    db.session.rollback()
    return [Parcel(channel, to, tuple(found[key]), batch) for key, (channel, to, batch) in heads.items()]


def _take(parcel: Parcel, now: datetime) -> Taken | None:
    """Lease a parcel; None when another worker has it, nobody is left to hear it, or its robot has had its turns."""
    with db.write():
        if parcel.channel != MAIL and not _turn(parcel.channel, now):
            return None
        ours = Delivery.id.in_(parcel.ids), Delivery.fate == Fate.WAITING, Delivery.next_at <= now
        rows = db.session.scalars(
            sa.select(Delivery).where(*ours).order_by(Delivery.id).with_for_update(skip_locked=True)
        ).all()
        staff, there = reference.staff(), []
        for row in rows:
            if row.person_id is not None and not staff.active(row.person_id):
                row.fate, row.next_at, row.problem = Fate.DROPPED, now, str(Problem(Fault.DEPARTED))
            else:
                there.append(row)
        # Nothing was marked after a try, or nobody answered it: it may have arrived.
        again = any(
            row.tries and (not row.problem or row.problem.startswith(f"{Fault.SILENT}:")) for row in there
        )
        batch = parcel.batch or secrets.token_hex(8)
        for row in there:
            row.next_at, row.taken_at, row.batch, row.problem = now + LEASE, now, batch, ""
            row.to, row.tries = parcel.to, row.tries + 1
    if not there:
        return None
    ids, notices = tuple(row.id for row in there), tuple(row.notice_id for row in there)
    return Taken(parcel, batch, ids, notices, again)


def _turn(channel: str, now: datetime) -> bool:
    """False when a robot has spoken often enough within a minute: what is due then waits and leaves as one message.

    Workers ask one after another, for each holds the robot's row until its own turn is written down.
    """
    its_id = channel.removeprefix(chat_robots.PREFIX)
    robot = chat_robots.ChatRobot
    db.session.execute(sa.select(robot.id).where(robot.id == int(its_id)).with_for_update())
    spoken = sa.select(sa.func.count(sa.distinct(Delivery.batch))).where(
        Delivery.channel == channel, Delivery.taken_at > now - WINDOW, Delivery.taken_at < now + WINDOW
    )
    return (db.session.scalar(spoken) or 0) < MOST_A_MINUTE


def _send(parcel: Parcel, message: Message, now: datetime) -> Sent | Problem:
    settings = current_app.config["SETTINGS"]
    channel: Channel
    if settings.is_dry:
        channel, to = Sink(), parcel.to
    elif parcel.channel == MAIL:
        channel, to = Mail(settings), parcel.to
    else:
        try:
            found = chat_robots.opened(parcel.channel, settings)
        except sealing.Unreadable:
            return Problem(Fault.SEALED, retry=False)
        finally:
            db.session.rollback()  # nobody waits for this reader while the other side takes its time
        if found is None:
            return Problem(Fault.GONE, retry=False)
        channel, to = found
    return channel.send(to, message, now)


def _mark(taken: Taken, answer: Sent | Problem, now: datetime) -> Fate:
    """Write down what became of a message; what comes last of its rows' fates."""
    fate = Fate.WAITING
    with db.write():
        ours = Delivery.id.in_(taken.ids), Delivery.batch == taken.batch, Delivery.fate == Fate.WAITING
        for row in db.session.scalars(sa.select(Delivery).where(*ours).order_by(Delivery.id)):
            if isinstance(answer, Sent):
                dry = current_app.config["SETTINGS"].is_dry
                row.fate, row.next_at, row.problem = Fate.DRY if dry else Fate.SENT, now, ""
            else:
                _failed(row, answer, now)
            fate = row.fate
        if isinstance(answer, Problem) and answer.fault is Fault.RATE and answer.after:
            _hold_back(taken.parcel.channel, now + answer.after)
    return fate


def _failed(row: Delivery, answer: Problem, now: datetime) -> None:
    row.problem = str(answer)
    if answer.fault is Fault.RATE:
        row.tries -= 1  # nothing is wrong with the message
    if not answer.retry or row.tries > len(BACK_OFF):
        row.fate, row.next_at = Fate.DEAD, now
        return
    wait = BACK_OFF[max(row.tries, 1) - 1]
    row.next_at = now + max(wait, answer.after or wait)
    if row.channel != MAIL and answer.fault is not Fault.SILENT:
        row.batch = ""  # it certainly did not arrive, and leaves with whatever else is due by then


def _hold_back(channel: str, until: datetime) -> None:
    """Let nothing more go to a robot that is refused for speaking too often; it all leaves together then."""
    waiting = Delivery.channel == channel, Delivery.fate == Fate.WAITING, Delivery.next_at < until
    db.session.execute(
        sa.update(Delivery).where(*waiting).values(next_at=until),
        execution_options={"synchronize_session": False},
    )


# -- what the general office does about it --------------------------------------------------------------------------


def send_again(chosen: Sequence[sa.ColumnElement[bool]], now: datetime) -> int:
    """Have those of the chosen deliveries that failed for good tried anew; how many. Inside a write."""
    return _changed(chosen, {Fate.DEAD}, fate=Fate.WAITING, next_at=now, tries=0, problem="")


def give_up(chosen: Sequence[sa.ColumnElement[bool]], now: datetime) -> int:
    """Send those of the chosen deliveries no more that have not been sent yet; how many. Inside a write."""
    return _changed(chosen, {Fate.DEAD, Fate.WAITING}, fate=Fate.DROPPED, next_at=now)


def _changed(chosen: Sequence[sa.ColumnElement[bool]], fates: Collection[Fate], **values: object) -> int:
    change = sa.update(Delivery).where(*chosen, Delivery.fate.in_(fates)).values(**values)
    return len(db.session.execute(change.returning(Delivery.id)).all())


def dead() -> int:
    """How many deliveries failed for good and nobody has looked after yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(Delivery.fate == Fate.DEAD)) or 0


def forget_old(now: datetime) -> int:
    """Delete what left, or was given up, long ago; how many. Inside a write."""
    kept = timedelta(days=current_app.config["SETTINGS"].messages_kept_days)
    old = sa.delete(Delivery).where(Delivery.fate.in_(ENDED), Delivery.next_at < now - kept)
    return len(db.session.execute(old.returning(Delivery.id)).all())
