"""now(): the only read of the clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

_SHIFT = re.compile(r"^([+-])(\d{1,6})(min|h|d)$")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


def now() -> datetime:
    """The present moment, aware UTC; the same throughout one request; PORTAL_NOW moves it in demo mode."""
    if has_request_context():
        here = g._get_current_object()  # each look through the proxy takes a while
        moment: datetime | None = here.get("now")
        if moment is None:
            moment = here.now = _read()
        return moment
    return _read()


def real() -> datetime:
    """The machine's own time, which PORTAL_NOW does not move: for leases and heartbeats between processes."""
    return datetime.now(UTC)


def _read() -> datetime:
    settings = current_app.config["SETTINGS"]
    return moved(real(), settings.now, settings.timezone)


def moved(real: datetime, written: str, zone: ZoneInfo) -> datetime:
    """`real`, or what PORTAL_NOW makes of it: a fixed ISO time or a shift such as `+26h`; ValueError if neither."""
    if not written:
        return real
    if shift := _SHIFT.match(written):
        sign, amount, unit = shift.groups()
        return real + timedelta(**{_UNITS[unit]: int(f"{sign}{amount}")})
    fixed = datetime.fromisoformat(written)
    return (fixed if fixed.tzinfo else fixed.replace(tzinfo=zone)).astimezone(UTC)


def zone() -> ZoneInfo:
    """The company's time zone; moments are shown and typed in it."""
    found: ZoneInfo = current_app.config["SETTINGS"].timezone
    return found


def local(moment: datetime) -> datetime:
    """`moment` in company time."""
    return moment.astimezone(zone())


def today() -> date:
    """The day in company time."""
    return local(now()).date()
