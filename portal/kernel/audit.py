"""Who may read which lines of history: the seam between the audit page and the areas whose history it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import sqlalchemy as sa

from portal.kernel.history import Line
from portal.kernel.people import Viewer

Reach: TypeAlias = Callable[[Viewer, Any], sa.ColumnElement[bool]]

# What the general office itself keeps: everybody who may read the audit may read these.
OWN = (
    "person", "department", "position", "policy", "routing", "special_day", "week_hours", "board_notice",
    "intake_token", "robot", "delivery", "sheet",
)  # fmt: skip
# Kind of subject -> the condition under which a viewer may know of the subject with that id. A kind that is neither
# here nor in OWN is not shown: an area adds its own, so that nobody reads about a case here which is hidden elsewhere.
REACH: dict[str, Reach] = {}


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a viewer may read a line."""
    # Asked line by line: an index would bring all lines of these kinds, to be sorted, before the first.
    of_kind = Line.subject_kind.concat("")
    shown: list[sa.ColumnElement[bool]] = [of_kind.in_(OWN)]
    for kind, may_know in REACH.items():
        shown.append(sa.and_(of_kind == kind, may_know(viewer, Line.subject_id)))
    return sa.or_(*shown)


def kinds() -> list[str]:
    """Every kind of subject that the audit can show."""
    return [*OWN, *REACH]
