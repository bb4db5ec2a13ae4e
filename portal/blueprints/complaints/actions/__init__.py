"""What each verb does to a case: one function a verb, called by `perform` after right, state and gates.

By the hand that does it: `intake` (the desk), `solving` (the department), `questions` (one asks, another decides),
`closing` (answer, follow-up, archive).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries, rules, watch
from portal.blueprints.complaints.actions import closing, intake, questions, solving
from portal.blueprints.complaints.actions.intake import (
    EDITABLE,
    Doubled,
    edit,
    proposed_department,
    register,
)
from portal.blueprints.complaints.codes import TWO_PERSON
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import policies, reference, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Rank, Role


def act(
    number: str, verb: str, *, by: Viewer, now: datetime, idempotency_key: str | None = None, **given: Any
) -> Case:
    """Perform one verb on a case, from looking it up to the commit. Raises NotFound, Forbidden, Refused."""
    with db.write():
        case = queries.find(by, number, lock=True)
        if idempotency_key:
            sent = sa.select(Dealing.id).where(
                Dealing.by_id == by.id, Dealing.idempotency_key == idempotency_key
            )
            if db.session.scalar(sent) is not None:
                return case
            given["idempotency_key"] = idempotency_key
        transitions.perform(
            CASE, case, verb, ACTIONS[verb], by=by, now=now, **prepared(case, verb, by, now, given)
        )
    return case


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
    if verb == "special":
        running = timers.running(case, ["first_contact"])
        given["first_contact_due"] = running[0].due_at if running else None
    if verb in {"archive", "decide"}:
        given["loose"] = queries.loose_ends(case)
    if verb in TWO_PERSON and (question := queries.open_question(case, verb)):
        asker = reference.staff().cards[question.by_id]
        desk = {Role.DESK, Role.OFFICE}
        given |= {
            "asked_by": question.by_id,
            "same_side": (asker.role in desk) == (by.role in desk),
            "question": question,
        }
    return given


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
    "edit": intake.edit,
    "attach": intake.attach,
    "note": intake.note,
}

__all__ = ["ACTIONS", "EDITABLE", "Doubled", "act", "edit", "prepared", "proposed_department", "register"]
