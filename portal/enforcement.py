"""Where each clause is enforced, gathered from what the areas plugged in: workflow rows, gates, clocks, figures.

And the other way round: which clause an open matter on *my day* follows from.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from portal.kernel import figures
from portal.kernel.workflow import Workflow

# Filled as areas are registered: their tables, and the clause of each of their clocks.
FLOWS: list[Workflow] = []
CLOCKS: dict[str, str] = {}
# What has no table of states: clause -> the events of history that keep it.
RECORDS = {
    "DR-02": ("duty_log:note", "duty_log:correct", "duty_log:settle"),
    "DR-04": ("absence:record",),
    "DR-05": ("duty_check:record",),
    "DR-13": ("equipment:create", "equipment:edit"),
    "DR-15": ("contact:create", "contact:edit"),
    "DR-17": ("attendance:correct", "attendance_month:close"),
    "GO-01": ("checklist_list:edit", "playbook:edit"),
    "GO-05": ("policy:set",),
    "PG-04": ("customer_text:check",),
    "PG-11": ("customer_text:check",),
    "PG-10": ("standard_run:record",),
    "PG-12": ("standard_run:record",),
    "PG-14": ("standard_run:record",),
    "PG-15": ("standard_run:record",),
}
# Kind of subject -> the page where its steps are done.
PAGES = {
    "visit": "reception.index",
    "deposit": "reception.deposits",
    "key_loan": "reception.keys",
    "goods_pass": "reception.goods",
    "parcel": "reception.parcels",
    "question": "reception.questions",
    "daily_register": "reception.registers",
    "service": "reception.services",
    "purchase": "reception.purchases",
    "case": "complaints.index",
    "order": "complaints.orders",
    "improvement": "complaints.improvements",
    "archive": "complaints.archive_list",
    "penalty": "complaints.penalties",
    "case_report": "complaints.reports",
    "spot_check": "complaints.spot_checks",
    "return_visit": "complaints.return_visits",
    "roster": "duty.rosters",
    "handover": "duty.handovers",
    "leave": "duty.leaves",
    "absence": "duty.absences_list",
    "swap": "duty.swaps",
    "repair": "duty.repairs",
    "inspection": "duty.inspections",
    "checklist": "duty.checklists",
    "checklist_list": "duty.checklist_lists",
    "duty_check": "duty.spot_checks",
    "duty_log": "duty.log",
    "daily_report": "duty.reports",
    "emergency": "duty.emergencies",
    "playbook": "duty.playbooks",
    "equipment": "duty.equipment",
    "contact": "duty.contacts",
    "attendance": "duty.attendance",
    "attendance_month": "duty.attendance",
    "training_plan": "phrases.training_plan",
    "training": "phrases.training_sessions",
    "quiz": "phrases.training_quizzes",
    "quiz_attempt": "phrases.training_quizzes",
    "training_need": "phrases.training_needs",
    "assessment_period": "phrases.assessments",
    "assessment_sheet": "phrases.assessments",
    "standard_run": "phrases.standard_runs",
    "policy": "office.limits",
    "person_request": "office.person_requests",
    "document": "documents.index",
}
# Kind of clock -> the same; the others run on cases.
CLOCK_PAGES = {
    "visit_decision": "reception.index",
    "deposit": "reception.deposits",
    "key_return": "reception.keys",
    "parcel": "reception.parcels",
    "question": "reception.questions",
    "improvement": "complaints.improvements",
    "improvement_assign": "complaints.improvements",
    "improvement_effect": "complaints.improvements",
    "penalty_statement": "complaints.penalties",
    "penalty_ruling": "complaints.penalties",
    "return_visit": "complaints.return_visits",
    "relief": "duty.handovers",
    "handover": "duty.handovers",
    "repair": "duty.repairs",
    "repair_assign": "duty.repairs",
    "repair_accept": "duty.repairs",
    "inspection": "duty.inspections",
    "arrival": "duty.emergencies",
    "arrival_drill": "duty.emergencies",
    "document_decide": "documents.index",
    "document_review": "documents.index",
    "assessment_self": "phrases.assessments",
    "assessment_rate": "phrases.assessments",
    "assessment_answer": "phrases.assessments",
}
# What waits for somebody and is called otherwise than a step of its subject -> its clause.
AWAITED = {
    "morning-check": "RC-16",
    "visit-ready": "RC-16",
    "answer-visit": "CU-03",
    "forget-visits": "RC-20",
    "reply-question": "RC-22",
    "tell-asker": "RC-22",
    "supply-low": "RC-15",
    "bring-key-back": "RC-26",
    "take-key-back": "RC-26",
    "collect-parcel": "RC-29",
    "parcel": "RC-29",
    "confirm-effect": "CP-21",
    "name-owner": "CP-21",
    "sign-erratum": "GO-01",
    "document-review": "GO-01",
    "handover-mend": "DR-11",
    "handover-refused": "DR-11",
    "duty-check": "DR-05",
    "duty-check-answer": "DR-05",
    "duty-check-settle": "DR-05",
    "checklist-start": "DR-03",
    "checklist-end": "DR-14",
    "checklist-closing": "DR-20",
    "emergency-steps": "DR-16",
    "inspection": "DR-13",
    "take-swap": "DR-21",
    "name-substitute": "DR-04",
    "task": "RC-03",
    "care": "CU-02",
    "call-again": "CP-23",
    "standard-due": "PG-14",
    "assessment-self": "GO-03",
    "training-attend": "GO-02",
    "training-need": "GO-02",
    "training-quiz": "GO-02",
    "training-retake": "GO-02",
}
_CLAUSE = re.compile(r"\b[A-Z]{2}-\d{2}\b")


def plug(flows: tuple[Workflow, ...], clocks: Mapping[str, str]) -> None:
    """Take in an area's tables; again without harm."""
    FLOWS.extend(flow for flow in flows if flow not in FLOWS)
    CLOCKS.update(clocks)


def awaited(subject_kind: str, kind: str) -> str:
    """The clause that an open matter follows from; empty when none is known."""
    return _awaited(subject_kind, kind, len(FLOWS))


@cache
def _awaited(subject_kind: str, kind: str, _flows: int) -> str:
    """Kept, for a page asks a hundred times; anew when another area has brought its tables."""
    first = re.split("[:-]", kind)[0]
    known = AWAITED.get(kind) or AWAITED.get(first)
    if known:
        return known
    steps = {
        step.verb: step.clause for flow in FLOWS if flow.name == subject_kind for step in flow.steps[::-1]
    }
    # `approve`, or with the name of its thing before or behind it: `visit-agree`, `approve-leave`.
    return next((steps[name] for name in (kind, kind.partition("-")[2], first) if name in steps), "")


def places() -> dict[str, list[str]]:
    """Clause id -> the places that enforce it, each once, in the order of the tables."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for flow in FLOWS:
        for step in flow.steps:
            for clause in (step.clause, *step.also):
                found[clause][f"{flow.name}:{step.verb}"] = None
            for rule in step.rules:
                for clause in _CLAUSE.findall(inspect.getdoc(rule) or ""):
                    found[clause][f"{flow.name}:{step.verb}"] = None
    for kind, clause in CLOCKS.items():
        found[clause][f"clock:{kind}"] = None
    for figure in figures.SHIPPED:
        found[figure.clause][f"policy:{figure.key}"] = None
    for clause, events in RECORDS.items():
        found[clause].update(dict.fromkeys(events))
    return {clause: list(names) for clause, names in found.items()}
