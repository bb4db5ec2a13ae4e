"""Messages on their way out; without the number of what they tell, which may be hidden from who reads the list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import notices
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import chat_robots, clock, inbox, lists
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.lists import Listing
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.people import Viewer
from portal.kernel.quiet import MAIL
from portal.labels import problem

TONES = {Fate.WAITING: "info", Fate.SENT: "ok", Fate.DRY: "warn", Fate.DEAD: "bad", Fate.DROPPED: ""}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One message to one person by one way, as it is drawn."""

    id: int
    person_id: int
    who: str
    way: str
    to: str
    topic: str
    said: str
    fate: Fate
    tone: str
    at: datetime
    meant: str  # by that moment, of what waits
    tries: int
    problem: str
    urgent: bool


@dataclass(frozen=True)
class Way:
    """One channel with what waits, what left within a day, what failed."""

    channel: str
    name: str
    waiting: int
    sent: int
    dead: int


@dataclass(frozen=True)
class OutboxList(Listing):
    """The filters of the outbox as the address holds them."""

    fate: str = ""
    channel: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> OutboxList:
        """What the address asks for; what it cannot mean is left out."""
        return cls(
            viewer,
            fate=lists.code(args.get("fate"), set(Fate)),
            channel=lists.code(args.get("channel"), channels()),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def page(self) -> tuple[list[Row], str | None, str | None]:
        """The rows of the page, newest first, and the query strings of the newer and the older one."""
        rows: Any = sa.select(Delivery, Notice).join(Notice, Notice.id == Delivery.notice_id)
        if self.fate:
            rows = rows.where(Delivery.fate == self.fate)
        if self.channel:
            rows = rows.where(Delivery.channel == self.channel)
        found = db.session.execute(self.placed(rows, Delivery.id.expression).limit(lists.PAGE + 1))
        now = clock.now()
        return self.paged([_drawn(delivery, notice, now) for delivery, notice in found])


def channels() -> dict[str, str]:
    """Every way out that there is: channel and name."""
    return {MAIL: _("E-mail"), **{robot.channel: robot.name for robot in chat_robots.known().values()}}


def ways(now: datetime) -> list[Way]:
    """What stands at each channel; one statement, and none that reads what left long ago."""
    lately = sa.and_(Delivery.fate.in_([Fate.SENT, Fate.DRY]), Delivery.next_at > now - DAY)
    open_ = Delivery.fate.in_([Fate.WAITING, Fate.DEAD])
    count = sa.func.count()
    rows = sa.select(Delivery.channel, Delivery.fate, count).where(sa.or_(open_, lately))
    found: dict[str, dict[Fate, int]] = defaultdict(lambda: defaultdict(int))
    for channel, fate, number in db.session.execute(rows.group_by(Delivery.channel, Delivery.fate)):
        found[channel][fate] = number
    names = channels()
    return [
        Way(
            channel,
            names.get(channel, _("a robot that was removed")),
            found[channel][Fate.WAITING],
            found[channel][Fate.SENT] + found[channel][Fate.DRY],
            found[channel][Fate.DEAD],
        )
        for channel in dict.fromkeys([*names, *found])
    ]


def _meant(delivery: Delivery, now: datetime) -> str:
    """What the moment of a waiting message is: it may be past while a server is away or a robot has had its turns."""
    if delivery.next_at <= now:
        return _("due since then")
    return _("next try") if delivery.tries else _("leaves then")


def _drawn(delivery: Delivery, notice: Notice, now: datetime) -> Row:
    topic = inbox.topic_of(notice.kind)
    known: dict[str, Any] = channels()
    return Row(
        id=delivery.id,
        person_id=notice.person_id,
        who=name_of(notice.person_id),
        way=known.get(delivery.channel, _("a robot that was removed")),
        to=delivery.to,
        topic=str(notices.TOPICS.get(topic, topic)),
        said=notices.sentence(notice),
        fate=delivery.fate,
        tone=TONES[delivery.fate],
        at=delivery.next_at,
        meant=_meant(delivery, now) if delivery.fate is Fate.WAITING else "",
        tries=delivery.tries,
        problem=problem(delivery.problem) if delivery.problem else "",
        urgent=delivery.urgent,
    )
