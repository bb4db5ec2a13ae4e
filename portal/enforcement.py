"""Where each clause is enforced, gathered from what the areas plugged in: workflow rows, gates, clocks, figures."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Mapping

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
    "PG-10": ("standard_run:record",),
    "PG-12": ("standard_run:record",),
    "PG-14": ("standard_run:record",),
    "PG-15": ("standard_run:record",),
}
_CLAUSE = re.compile(r"\b[A-Z]{2}-\d{2}\b")


def plug(flows: tuple[Workflow, ...], clocks: Mapping[str, str]) -> None:
    """Take in an area's tables; again without harm."""
    FLOWS.extend(flow for flow in flows if flow not in FLOWS)
    CLOCKS.update(clocks)


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
