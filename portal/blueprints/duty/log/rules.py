"""What DR-02 says of the shift log; pure."""

from __future__ import annotations

from typing import Any

from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.kernel.rights import Role

KEEPERS = frozenset({Role.DESK, Role.OFFICE})
REPAIRED = frozenset(
    {Category.FAULT, Category.EQUIPMENT}
)  # of these a repair order is made by one touch (DR-13)


def may_write(viewer: Any, on_duty: bool) -> bool:
    """DR-02: whoever is on duty at a post writes its log; the desk and the general office write every one."""
    return on_duty or viewer.role in KEEPERS


def reads_every_post(viewer: Any) -> bool:
    """Who reads the log of every post; others read those of their department and of the posts they are rostered for."""
    return viewer.role in KEEPERS or viewer.is_manager or viewer.is_director


def is_open(entry: Any) -> bool:
    """DR-09: true for a matter that goes on to the next shift: it was not done when written, and nobody settled it."""
    return entry.act is Act.NOTE and entry.standing is not Standing.DONE and not entry.settled


def may_be_ordered(entry: Any) -> bool:
    """DR-12: a repair order is made of a fault that is open, for with the order it is settled; of nothing else."""
    return entry.category in REPAIRED and is_open(entry)


def runs(entry: Any) -> bool:
    """DR-11: true for an event in progress that the incoming shift has not taken over by word."""
    return is_open(entry) and entry.standing is Standing.RUNNING and not entry.taken_over


def needs_consent(entry: Any) -> bool:
    """DR-12: true for a fault that is open and that nobody consented to pass on."""
    return is_open(entry) and entry.category is Category.FAULT and not entry.consented


def may_follow(entry: Any, act: Act) -> bool:
    """DR-02: every entry can be corrected; what is open can be settled, once."""
    return act is Act.CORRECT or (act is Act.SETTLE and is_open(entry))
