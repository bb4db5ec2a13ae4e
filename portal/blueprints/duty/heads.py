"""Who answers for a post besides those on duty there; pure."""

from __future__ import annotations

from typing import Any

from portal.kernel.rights import Role


def is_over_all(viewer: Any) -> bool:
    """The general office, its director and the general manager look after every post."""
    return viewer.role is Role.OFFICE or viewer.is_manager or viewer.is_director


def is_head(viewer: Any, department: str) -> bool:
    """The head of a department and whoever looks after every post."""
    return department in viewer.leads or is_over_all(viewer)


def heads_somewhere(viewer: Any) -> bool:
    """True for whoever is head of anything."""
    return bool(viewer.leads) or is_over_all(viewer)
