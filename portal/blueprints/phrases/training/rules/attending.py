"""Who may do what with plan, session and need, and when somebody is late; pure (GO-02)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.phrases.training.codes import Presence
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


def keeps_training(viewer: Any) -> bool:
    """The general office keeps plan, sessions, quizzes and records."""
    return viewer.role is Role.OFFICE


def office(_thing: Any, by: Any) -> frozenset[str]:
    """What the general office alone decides."""
    return frozenset({"office"} if keeps_training(by) else ())


def standing(session: Any, by: Any) -> frozenset[str]:
    """The general office, whoever trains, and those invited."""
    roles = {
        "office": keeps_training(by),
        "trainer": session.trainer_id is not None and session.trainer_id == by.id,
        "invited": session.of(by.id) is not None,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def need_standing(need: Any, by: Any) -> frozenset[str]:
    """The general office and the lead of whoever is to be trained; never that person."""
    if need.person_id == by.id:
        return frozenset()
    roles = {"office": keeps_training(by), "lead": need.department in by.leads}
    return frozenset(name for name, holds in roles.items() if holds)


def came(at: datetime, starts_at: datetime, late_after: timedelta) -> Presence:
    """On time or late, by when the list was signed."""
    return Presence.LATE if at > starts_at + late_after else Presence.PRESENT


# -- gates -------------------------------------------------------------------------------------------------------


def signs_within(attempt: Attempt) -> Reason | None:
    """GO-02: the list is signed at the training, not before and not after."""
    session = attempt.subject
    if session.starts_at - attempt.given["early"] <= attempt.now <= session.ends_at:
        return None
    return Reason("GO-02", "signs_at_the_training")


def signs_once(attempt: Attempt) -> Reason | None:
    """GO-02: a name stands on the list once."""
    row = attempt.subject.of(attempt.by.id)
    return Reason("GO-02", "signed_before") if row and row.presence is not Presence.INVITED else None


def has_begun(attempt: Attempt) -> Reason | None:
    """GO-02: attendance is taken when the training has begun."""
    return Reason("GO-02", "not_begun") if attempt.now < attempt.subject.starts_at else None


def all_marked(attempt: Attempt) -> Reason | None:
    """GO-02: of everybody invited it is said who was there and why somebody was not."""
    open_ = [row for row in attempt.subject.people if row.presence is Presence.INVITED]
    return Reason("GO-02", "not_all_marked", {"count": len(open_)}) if open_ else None


def marks_others(attempt: Attempt) -> Reason | None:
    """GO-02: nobody but whoever keeps the list marks the own attendance; a participant signs."""
    row, by = attempt.given.get("person"), attempt.by
    return Reason("GO-02", "marks_own") if row is not None and row.id == by.id else None


def in_future(attempt: Attempt) -> Reason | None:
    """A training is put to a time that is still to come."""
    starts = attempt.given.get("starts_at")
    return Reason("GO-02", "training_in_the_past") if starts and starts <= attempt.now else None


def was_there(attempt: Attempt) -> Reason | None:
    """GO-02: a reflection is written by who was there."""
    row = attempt.subject.of(attempt.by.id)
    return None if row and row.came else Reason("GO-02", "was_not_there")
