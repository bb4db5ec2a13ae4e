"""A calendar entry, and a calendar that is read again and again, as RFC 5545 and 5546 write them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST = 75  # bytes of a line
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Entry:
    """What a calendar has to know."""

    uid: str
    sequence: int
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    description: str
    status: str  # CONFIRMED, TENTATIVE, CANCELLED
    organizer: str
    mail: str
    url: str = ""


def written(entry: Entry, zone: ZoneInfo) -> str:
    """The whole file."""
    begins, ends = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Front Office Portal//Appointments//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *_timezone(zone, begins.year, ends.year),
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{entry.made_at.astimezone(UTC):{_STAMP}}Z",
        f"DTSTART;TZID={zone.key}:{begins:{_STAMP}}",
        f"DTEND;TZID={zone.key}:{ends:{_STAMP}}",
        f"SUMMARY:{text(entry.summary)}",
        f"LOCATION:{text(entry.place)}",
        f"DESCRIPTION:{text(entry.description)}",
        f'ORGANIZER;CN="{_quoted(entry.organizer)}":mailto:{entry.mail}',
        f"STATUS:{entry.status}",
        *([f"URL:{entry.url}"] if entry.url else []),
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


@dataclass(frozen=True)
class Event:
    """One line of somebody's calendar."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    url: str = ""


def feed(name: str, events: Iterable[Event], made_at: datetime) -> str:
    """A whole calendar in UTC, which every program shows in its reader's own time."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Front Office Portal//Duty//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"SEQUENCE:{event.sequence}",
            *(
                f"{part}:{at.astimezone(UTC):{_STAMP}}Z"
                for part, at in (("DTSTAMP", made_at), ("DTSTART", event.starts_at), ("DTEND", event.ends_at))
            ),
            f"SUMMARY:{text(event.summary)}",
            *([f"URL:{event.url}"] if event.url else []),
            "END:VEVENT",
        ]
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def text(value: str) -> str:
    """A text value: what has a meaning in the format is escaped."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _quoted(value: str) -> str:
    return "".join(" " if sign in '"\r\n' else sign for sign in value)


def folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, never within a sign."""
    pieces, piece, size = [], "", 0
    for sign in line:
        wide = len(sign.encode())
        if size + wide > LONGEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += wide
    return "\r\n".join([*pieces, piece])


def _timezone(zone: ZoneInfo, first: int, last: int) -> Iterator[str]:
    """The zone as it is in those years: how it begins, and each change of its clocks."""
    begins = datetime(first, 1, 1, tzinfo=zone)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    yield from _observance(begins, begins)
    for change in _changes(zone, first, last):
        before = (change - timedelta(seconds=1)).astimezone(zone)
        yield from _observance(before, change.astimezone(zone))
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """The moments at which the zone's clocks are put forward or back, to the second."""
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        behind = at + timedelta(days=1)
        if _offset(at, zone) != _offset(behind, zone):
            low, high = 0, 86_400
            while high - low > 1:
                middle = (low + high) // 2
                same = _offset(at + timedelta(seconds=middle), zone) == _offset(at, zone)
                low, high = (middle, high) if same else (low, middle)
            yield at + timedelta(seconds=high)
        at = behind


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    """What holds from `after` on; its beginning is told by the clocks as they were before."""
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    was, now = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    local = after.astimezone(UTC).replace(tzinfo=None) + was
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local:{_STAMP}}"
    yield f"TZOFFSETFROM:{_signed(was)}"
    yield f"TZOFFSETTO:{_signed(now)}"
    yield f"TZNAME:{after.tzname()}"
    yield f"END:{kind}"


def _signed(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
