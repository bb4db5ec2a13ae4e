"""When a person wants to hear of something, and by which way; pure: handed the moment and the calendar."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from portal.kernel.calendars import Calendar

MAIL = "mail"  # the channel's name; every other one is a robot


class Quiet(enum.StrEnum):
    """When nothing is sent that is not urgent."""

    OFFICE = "office"  # outside working hours
    OWN = "own"  # between two times of the day
    NEVER = "never"


class Where(enum.StrEnum):
    """Ways beside the inbox, which has everything."""

    ALL = "all"
    MAIL = "mail"
    ROBOT = "robot"
    NONE = "none"


@dataclass(frozen=True)
class Choices:
    """What one person chose. Times are minutes of the company's day; what is collected leaves every so many minutes."""

    quiet: Quiet = Quiet.OFFICE
    quiet_from: int = 20 * 60
    quiet_until: int = 7 * 60 + 30
    every: int = 30
    handle: str = ""  # by which the chat service knows the person
    where: Mapping[str, Where] = field(default_factory=dict)  # topic -> ways; those left out: all
    collected: frozenset[str] = frozenset()  # topics

    def wants(self, topic: str, channel: str) -> bool:
        """Is this way among those chosen for the topic?"""
        chosen = self.where.get(topic, Where.ALL)
        return chosen in {Where.ALL, Where.MAIL if channel == MAIL else Where.ROBOT}

    def due(self, topic: str, now: datetime, calendar: Calendar) -> datetime:
        """The first moment at which a message of the topic may leave; what is urgent does not ask."""
        at = self._awake(now, calendar)
        if topic not in self.collected:
            return at
        together = _next_of(at, self.every, calendar)
        # Rather at once than tomorrow: at the end of the day nothing is left to collect for.
        return together if self._awake(together, calendar) == together else at

    def _awake(self, at: datetime, calendar: Calendar) -> datetime:
        if self.quiet is Quiet.NEVER:
            return at
        if self.quiet is Quiet.OFFICE:
            return calendar.next_open(at)
        here = at.astimezone(calendar.timezone)
        minute = here.hour * 60 + here.minute
        begins, ends = self.quiet_from, self.quiet_until
        asleep = begins <= minute < ends if begins <= ends else not ends <= minute < begins
        if not asleep:
            return at
        days = 1 if minute >= ends else 0
        wakes = datetime.combine(
            here.date() + timedelta(days=days), time(ends // 60, ends % 60), calendar.timezone
        )
        return wakes.astimezone(at.tzinfo)


def _next_of(at: datetime, every: int, calendar: Calendar) -> datetime:
    """The next of the moments that lie `every` minutes apart from midnight on; `at` itself when it is one."""
    here = at.astimezone(calendar.timezone)
    midnight = datetime.combine(here.date(), time(), calendar.timezone)
    minutes = -(-(here - midnight) // timedelta(minutes=every)) * every
    return (midnight + timedelta(minutes=minutes)).astimezone(at.tzinfo)
