"""What each verb does to a case: one function a verb, called by `perform` after right, state and gates.

By the hand that does it: `intake` (the desk), `solving` (the department), `questions` (one asks, another decides),
`closing` (answer, follow-up, archive).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import disposal, queries, rules, watch
from portal.blueprints.complaints.actions import beside, closing, intake, questions, solving
from portal.blueprints.complaints.actions.intake import (
    EDITABLE,
    Doubled,
    edit,
    proposed_department,
    register,
)
from portal.blueprints.complaints.codes import TWO_PERSON
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import files, policies, reference, timers, transitions
from portal.kernel.people import Viewer
from portal.kernel.rights import Rank, Role


def perform(case: Case, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb, with what its gates must know besides the form."""
    transitions.perform(
        CASE, case, verb, ACTIONS[verb], by=by, now=now, **prepared(case, verb, by, now, given)
    )


act = transitions.one_write(queries.find, perform)


def prepared(case: Case, verb: str, by: Viewer, now: datetime, given: dict[str, Any]) -> dict[str, Any]:
    """The form's fields and what the gates must know besides."""
    if verb == "route":
        proposed = proposed_department(case)
        department = given.get("department") or proposed
        signers = watch.signers(case, department) if department else []
        given |= {
            "proposed": proposed,
            "department": department,
            "nobody_signs": bool(department) and not signers,
        }
    if verb in {"accept", "assign"}:
        given["lowest_rank"] = Rank(policies.value(f"level.{rules.level(case)}", now))
    if verb in {"approve", "return"}:
        given["concerns_lead"] = watch.concerns_lead(case)
    if verb in {"merge", "link"}:
        given["other_case"] = queries.find_other(by, given.pop("other"))
    if verb == "read-back":
        given["attached"] = bool(given.get("files") or files.of(case))
    if verb in {"extend", "special"}:
        given |= _limits_at_stake(case, verb)
    if verb in {"archive", "decide", "report"}:
        given["loose"] = queries.loose_ends(case)
    if verb == "dispose":
        given["bars"] = disposal.bars(case)
    if verb in TWO_PERSON and (question := queries.open_question(case, verb)):
        asker = reference.staff().cards[question.by_id]
        desk = {Role.DESK, Role.OFFICE}
        given |= {
            "asked_by": question.by_id,
            "same_side": (asker.role in desk) == (by.role in desk),
            "question": question,
        }
    return given


def _limits_at_stake(case: Case, verb: str) -> dict[str, Any]:
    if verb == "extend":
        return {"limits": limits_to_extend(case)}
    running = timers.running(case, ["first_contact"])
    return {"first_contact_due": running[0].due_at if running else None}


def limits_to_extend(case: Case) -> list[datetime | None]:
    """CP-14: the ends of the limits that an extension lengthens; None for one that is paused."""
    return [running.due_at for running in timers.running(case, questions.EXTENDED)]


# The verb is the key: the row of the workflow, the address, the form, the function.
ACTIONS: dict[str, transitions.Action] = {
    "read-back": intake.read_back,
    "route": intake.route,
    "accept": solving.accept,
    "on-site": solving.on_site,
    "propose": solving.propose,
    "approve": solving.approve,
    "return": solving.return_,
    "adopt": solving.adopt,
    "decline": solving.decline,
    "resolve": solving.resolve,
    "report": closing.report,
    "follow-up": closing.follow_up,
    "satisfied": closing.satisfied,
    "reopen": closing.reopen,
    "confirm": closing.confirm,
    "file": closing.file,
    "archive": closing.archive,
    "contact": solving.contact,
    "promise": solving.promise,
    "opinion": solving.opinion,
    "escalate": solving.escalate,
    "decide": solving.decide,
    "special": solving.special,
    "concern": intake.concern,
    "assist": solving.assist,
    "assisted": solving.assisted,
    "assign": solving.assign,
    "hand-back": intake.hand_back,
    "reporter": questions.reporter,
    "extend": questions.extend,
    "pause": solving.pause,
    "resume": solving.resume,
    "not-upheld": questions.not_upheld,
    "no-contact": questions.no_contact,
    "dispose": closing.dispose,
    "withdraw": closing.withdraw,
    "merge": beside.merge,
    "link": beside.link,
    "visit": beside.visit,
    "external": beside.external,
    "phrase": beside.phrase,
    "publish": beside.publish,
    "tick": beside.tick,
    "edit": intake.edit,
    "attach": intake.attach,
    "note": intake.note,
}

__all__ = [
    "ACTIONS",
    "EDITABLE",
    "Doubled",
    "act",
    "edit",
    "limits_to_extend",
    "perform",
    "prepared",
    "proposed_department",
    "register",
]
