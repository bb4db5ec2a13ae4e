"""Who may write, decide and read a document, and what stands in the way: pure (GO-01, GO-05)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


def standing(version: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a version: its author, the general office, a reader."""
    roles = {"reader"}
    if by.id == version.author_id:
        roles.add("author")
    if by.role is Role.OFFICE:
        roles.add("office")
    return frozenset(roles)


def another_approves(attempt: Attempt) -> Reason | None:
    """GO-01: nobody approves what they wrote, nor what they wrote in, whoever wrote in it after them."""
    if attempt.by.id in attempt.given["writers"]:
        return Reason("GO-01", "own_document")
    return None


def sound(attempt: Attempt) -> Iterable[Reason]:
    """GO-01: what its kind has against it stands in the way; a withdrawal says nothing that could be wrong."""
    given = attempt.given
    return () if attempt.subject.withdraws else given["check"](given["code"], attempt.subject.body)


def says_something_new(attempt: Attempt) -> Reason | None:
    """GO-01: a version that changes nothing is none."""
    version, before = attempt.subject, attempt.given["before"]
    if before is not None and not version.withdraws and version.body == before:
        return Reason("GO-01", "nothing_changed")
    return None


def nothing_came_between(attempt: Attempt) -> Reason | None:
    """GO-01: what was written from an edition that has been followed meanwhile is looked at again first."""
    version, last = attempt.subject, attempt.given["last_edition"]
    if (version.based_on or 0) != (last or 0):
        return Reason("GO-01", "overtaken", {"edition": last})
    return None


def from_today_on(attempt: Attempt) -> Reason | None:
    """GO-05: it comes into force today or later, and not before the edition that it follows."""
    start, today, coming = (attempt.given[name] for name in ("in_force_from", "today", "coming"))
    if start < today:
        return Reason("GO-05", "in_the_past", {"day": start.isoformat()})
    if coming is not None and start < coming:
        return Reason("GO-05", "before_the_last", {"day": coming.isoformat()})
    return None


def asks_to_confirm(version: Any) -> Reason | None:
    """GO-01: only of a version that asks for it is reading confirmed."""
    return None if version.to_confirm else Reason("GO-01", "nothing_to_confirm")
