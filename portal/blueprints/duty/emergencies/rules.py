"""What DR-16 says of an emergency; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.blueprints.duty.emergencies.codes import Answer, Level, Service
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

CLAUSE = "DR-16"
LEADERS = frozenset({Role.DESK, Role.OFFICE})


@dataclass(frozen=True)
class Called:
    """Somebody of the roll-call."""

    person_id: int
    name: str
    answer: Answer | None


def standing(emergency: Any, by: Any) -> frozenset[str]:
    """Who somebody is to an emergency: everybody helps; whoever leads it may end it and signs the report (DR-16)."""
    leads = (
        by.id == emergency.declared_by_id
        or by.role in LEADERS
        or by.is_manager
        or by.is_director
        or by.id in emergency.duty_leaders
        or bool(by.leads & emergency.concerned)
    )
    return frozenset({"anyone", "leader"} if leads else {"anyone"})


def on_the_roll(
    level: Level, seated: Mapping[str, Collection[int]], concerned: Collection[str], declarer: int
) -> list[int]:
    """DR-16: level one calls everyone on duty, level two who is on duty for the departments concerned.

    `seated` are the people on duty now by the department of their post; who declared is counted, too.
    """
    called = {
        person
        for department, people in seated.items()
        if level is Level.ONE or department in concerned
        for person in people
    }
    return sorted({*called, declarer})


def seconds_to_arrive(declared_at: datetime, arrived_at: datetime) -> int:
    """DR-16: how long it took until somebody was on the scene."""
    return max(int((arrived_at - declared_at).total_seconds()), 0)


# -- gates ----------------------------------------------------------------------------------------------------------


def nobody_there_yet(emergency: Any) -> Reason | None:
    """DR-16: the first arrival stops the clock."""
    return Reason(CLAUSE, "arrived_already") if emergency.arrived_at else None


def leader_not_told_yet(emergency: Any) -> Reason | None:
    """DR-16: the duty leader is told once; what follows is a note."""
    return Reason(CLAUSE, "leader_told_already") if emergency.leader_at else None


def was_called(attempt: Attempt) -> Reason | None:
    """DR-16: who was called answers; whoever leads puts others on the roll who are in the house, too."""
    wanted = _spoken_of(attempt)
    there = any(one.person_id == wanted for one in attempt.given["roll"])
    leads = "leader" in standing(attempt.subject, attempt.by)
    return None if there or leads else Reason(CLAUSE, "not_called")


def speaks_for_others(attempt: Attempt) -> Reason | None:
    """DR-16: each answers for themselves; whoever leads marks the others."""
    if _spoken_of(attempt) == attempt.by.id or "leader" in standing(attempt.subject, attempt.by):
        return None
    return Reason(CLAUSE, "answers_for_others")


def _spoken_of(attempt: Attempt) -> int:
    card = attempt.given.get("person")
    return int(card.id if card else attempt.by.id)


def step_is_open(attempt: Attempt) -> Reason | None:
    """DR-16: a step of the playbook that it was declared with, done once."""
    for step in attempt.given["steps"]:
        if step.id == attempt.given["step"]:
            return Reason(CLAUSE, "step_done") if step.done_at else None
    return Reason(CLAUSE, "no_such_step")


def silence_has_a_reason(attempt: Attempt) -> Reason | None:
    """DR-16: that nobody outside is called has a reason."""
    silent = attempt.given["service"] is Service.NONE and not attempt.given.get("note")
    return Reason(CLAUSE, "why_nobody_called") if silent else None


def somebody_was_there(attempt: Attempt) -> Reason | None:
    """DR-16: it ends only after somebody was on the scene."""
    return None if attempt.subject.arrived_at else Reason(CLAUSE, "nobody_arrived")


def help_was_called(attempt: Attempt) -> Reason | None:
    """DR-16: the police, fire brigade or ambulance were called, or it is recorded why not."""
    return None if attempt.subject.police_at else Reason(CLAUSE, "police_untold")


def leader_was_told(attempt: Attempt) -> Reason | None:
    """DR-16: the duty leader was told."""
    return None if attempt.subject.leader_at else Reason(CLAUSE, "leader_untold")


def unaccounted(roll: Iterable[Called]) -> list[Called]:
    """Those of whom nobody knows that they are safe or away."""
    return [one for one in roll if one.answer not in {Answer.SAFE, Answer.AWAY}]


def roll_is_complete(attempt: Attempt) -> Reason | None:
    """DR-16: it ends only when everybody of the roll-call is accounted for."""
    names = tuple(one.name for one in unaccounted(attempt.given["roll"]))
    return Reason(CLAUSE, "roll_open", {"names": names}) if names else None


def left_out_steps_explained(attempt: Attempt) -> Reason | None:
    """DR-16: the closing report says why steps of the playbook were left out; a false alarm needs none of them."""
    if attempt.subject.false_alarm or attempt.given.get("left_out"):
        return None
    places = tuple(str(step.place) for step in attempt.given["steps"] if not step.done_at)
    return Reason(CLAUSE, "steps_unexplained", {"places": places}) if places else None
