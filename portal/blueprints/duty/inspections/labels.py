"""What people read of inspections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.inspections.codes import Mark, PlanKind, Rhythm, State
from portal.blueprints.duty.inspections.workflow import COMPLETE, MISS
from portal.i18n import _, _l, label, listed, moment

LABELS: dict[Any, Any] = {
    PlanKind: {
        PlanKind.ROUND: _l("Inspection round"),
        PlanKind.FIRE: _l("Fire equipment"),
        PlanKind.PASSAGES: _l("Free passages"),
        PlanKind.ELECTRICITY: _l("Safe use of electricity"),
        PlanKind.TRAINING: _l("Safety training"),
        PlanKind.OTHER: _l("Other"),
    },
    Rhythm: {
        Rhythm.DAY: _l("Every day"),
        Rhythm.WEEK: _l("On days of the week"),
        Rhythm.MONTH: _l("Once a month"),
    },
    State: {
        State.DUE: _l("To be done"),
        State.DONE: _l("Inspected"),
        State.MISSED: _l("Missed"),
    },
    Mark: {
        Mark.FINE: _l("In order"),
        Mark.FINDING: _l("Something is wrong"),
    },
}
SAID: dict[str, Any] = {COMPLETE: _l("%(number)s is done and signed.")}
# What my day calls the awaited act.
AWAITED: dict[str, Any] = {"inspection": _l("Do the inspection")}
REASONS: dict[str, Any] = {
    "inspection_in_time": _l("The limit of the inspection is not over yet."),
}
NOTICES: dict[str, Any] = {"inspection:missed": _l("An inspection was missed.")}
HISTORY: dict[str, Any] = {
    "inspection_plan:create": _l("Inspection plan made"),
    "inspection_plan:edit": _l("Inspection plan changed"),
    "inspection:make": _l("Inspection due"),
    f"inspection:{COMPLETE}": _l("Inspection done and signed"),
    f"inspection:{MISS}": _l("Inspection missed"),
}
CLOCKS: dict[str, Any] = {"inspection": _l("Inspection")}
CLOCK_CLAUSES: dict[str, Any] = {"inspection": "DR-13"}
FIGURES: dict[str, Any] = {
    "limit.inspection.day": _l("A daily inspection is done within"),
    "limit.inspection.week": _l("A weekly inspection is done within"),
    "limit.inspection.month": _l("A monthly inspection is done within"),
    "ladder.inspection": _l("Inspection: not done yet"),
}
READERS: dict[str, telling.Readers] = {
    "inspection_plan": {
        "kind": (_l("Kind of inspection"), lambda code: label(PlanKind(code))),
        "rhythm": (_l("How often"), lambda code: label(Rhythm(code))),
        "points": (_l("Points to look at"), str),
        "active": (_l("In use"), lambda active: _("yes") if active else _("no")),
    },
    "inspection": {
        "findings": (_l("Findings"), str),
        "repairs": (_l("Repair orders"), listed),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
        "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
    },
}
