"""In what a person is assessed; pure (GO-03)."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """The four criteria."""

    ATTITUDE = "attitude"
    SKILL = "skill"
    EFFICIENCY = "efficiency"
    SATISFACTION = "satisfaction"
