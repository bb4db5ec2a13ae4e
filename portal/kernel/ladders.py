"""An escalation ladder as it is written: `75 % handler, 100 % lead, +4 wh office`; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from portal.kernel.calendars import Calendar
from portal.kernel.limits import Limit, due, part

_RUNG = re.compile(
    r"^(?:(?P<percent>\d{1,4}) ?%|\+ ?(?P<after>\d+(?:\.\d+)? (?:min|h|wh|wd|d))) (?P<to>[a-z_]+)$"
)

# Who a rung may name; each kind of subject says which persons that means for it.
AUDIENCES = (
    "handler",
    "first_responder",
    "reporter",
    "assistants",
    "supervisor",
    "lead",
    "deputy",
    "desk",
    "office",
    "director",
    "manager",
)


@dataclass(frozen=True)
class Rung:
    """One step: a share of the limit in percent, or a limit after its end; and whom it tells."""

    percent: int | None
    after: Limit | None
    to: str

    def __str__(self) -> str:
        return f"{self.percent} % {self.to}" if self.after is None else f"+{self.after} {self.to}"

    def at(
        self,
        started: datetime,
        limit: Limit | None,
        ends: datetime,
        calendar: Calendar,
        pauses: list[tuple[datetime, datetime | None]],
    ) -> datetime | None:
        """When this step is due. Without a limit (a promise names its own end) shares are of plain time."""
        if self.after is not None:
            return due(ends, self.after, calendar)
        share = (self.percent or 0) / 100
        if share == 1:
            return ends
        if limit is None:
            return started + (ends - started) * share
        return part(started, limit, calendar, share, pauses)


@dataclass(frozen=True)
class Ladder:
    """Steps in the order they were written."""

    rungs: tuple[Rung, ...]

    def __str__(self) -> str:
        return ", ".join(str(rung) for rung in self.rungs)

    @classmethod
    def parse(cls, text: str) -> Ladder:
        """The ladder that `text` writes; ValueError names the step that cannot be read."""
        rungs = []
        for written in text.split(","):
            found = _RUNG.match(" ".join(written.split()))
            if not found or found["to"] not in AUDIENCES:
                raise ValueError(
                    f"not a step of a ladder: {written.strip()!r} (such as `75 % handler`, `+4 wh office`)"
                )
            after = Limit.parse(found["after"]) if found["after"] else None
            rungs.append(Rung(None if after else int(found["percent"]), after, found["to"]))
        return cls(tuple(rungs))
