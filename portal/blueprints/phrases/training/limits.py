"""A figure as people say it: `4 wh` is four working hours."""

from __future__ import annotations

from portal.i18n import _l

UNITS = {
    "min": _l("%(count)s minutes"),
    "h": _l("%(count)s hours"),
    "wh": _l("%(count)s working hours"),
    "wd": _l("%(count)s working days"),
    "d": _l("%(count)s days"),
}


def in_words(value: str) -> str:
    """The value with its unit in words; a bare number stays one."""
    count, _blank, unit = value.partition(" ")
    if unit in ("wd", "d") and count == "0":
        return str(_l("the same day"))
    return UNITS[unit] % {"count": count} if unit in UNITS else value
