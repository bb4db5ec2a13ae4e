"""What people read of a return visit: its codes, verbs, refusals and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.complaints.return_visits.codes import Remark, State, VisitKind
from portal.blueprints.complaints.return_visits.workflow import ANSWER, CASE, RECORD
from portal.drawing import name_of
from portal.i18n import _l, label, moment

LABELS: dict[Any, Any] = {
    VisitKind: {
        VisitKind.OFFICE: _l("Visit of the general office"),
        VisitKind.STAFF: _l("Visit of staff"),
        VisitKind.MEETING: _l("Customer meeting"),
        VisitKind.SURVEY: _l("Survey"),
    },
    State: {
        State.PLANNED: _l("To be visited"),
        State.VISITED: _l("Visited"),
        State.ANSWERED: _l("Visited and answered"),
    },
    Remark: {
        Remark.NOTHING: _l("Nothing to remark"),
        Remark.PRAISE: _l("Praise"),
        Remark.WISH: _l("Wish"),
        Remark.QUESTION: _l("Query"),
        Remark.COMPLAINT: _l("Complaint"),
    },
}
VERBS = {RECORD: _l("Record the visit"), ANSWER: _l("Answer what was promised"), CASE: _l("Make it a case")}
SAID = {
    RECORD: _l("The visit is recorded."),
    ANSWER: _l("The answer is recorded."),
    CASE: _l("The remark is a case now."),
}
REASONS = {
    "no_answer_owed": _l("Nothing was promised at this visit."),
    "is_a_case": _l("This remark is a case already."),
}
CLOCKS = {"return_visit": _l("Return visit")}
CLOCK_CLAUSES = {"return_visit": "CU-03"}
HISTORY = {
    "return_visit:plan": _l("Visit planned"),
    "return_visit:reveal": _l("The whole phone number was looked at"),
    **{f"return_visit:{verb}": words for verb, words in VERBS.items()},
}
DETAILS: telling.Readers = {
    "kind": (_l("Kind of visit"), lambda code: label(VisitKind(code))),
    "handler": (_l("Who goes"), name_of),
    "remark": (_l("Sorted as"), lambda code: label(Remark(code))),
    "due": (_l("Promised by"), lambda text: moment(datetime.fromisoformat(text))),
    "case": (_l("Case"), str),
}
