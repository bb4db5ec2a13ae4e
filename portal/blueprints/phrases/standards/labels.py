"""What people read of service standards: their codes, verbs, refusals, figures and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.phrases.standards.codes import State, Verdict
from portal.blueprints.phrases.standards.workflow import CORRECT
from portal.drawing import department_name
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Verdict: {
        Verdict.DONE: _l("Fulfilled"),
        Verdict.NOT_DONE: _l("Not fulfilled"),
        Verdict.NOT_APPLICABLE: _l("Does not apply"),
    },
    State: {State.SIGNED: _l("Is signed")},
}
AWAITED: dict[str, Any] = {"standard-due": _l("Run the checklist of the standard")}
REASONS: dict[str, Any] = {
    "standard_clause": _l(
        "A service standard belongs to one of the clauses for service standards, not to %(clause)s."
    ),
    "standard_items": _l("A chapter has from 1 to %(most)s things to look at."),
    "standard_half": _l("Each thing is said in Chinese and in English; see number %(numbers)s."),
    "standard_long": _l("A thing to look at is said in at most %(most)s characters."),
    "standard_holes": _l("No figure is called %(holes)s; known are %(known)s."),
    "standard_steps": _l(
        "What follows one another is told by %(least)s to %(most)s numbers of the things, each once."
    ),
    "run_corrected": _l("This record has been corrected already; correct the later one."),
    "corrects_own_run": _l("Nobody corrects what another recorded of them."),
}
HISTORY: dict[str, Any] = {
    "standard_run:record": _l("Service standard looked at and signed"),
    f"standard_run:{CORRECT}": _l("Record of a service standard corrected by a new one"),
}
FIGURES: dict[str, Any] = {
    "standard.call_minutes": _l("Service standards: a private call takes at most (minutes)"),
    "standard.pick_days": _l("Service standards: an online order is picked within (days)"),
    "standard.video_minutes": _l("Service standards: video is set up before a showing (minutes)"),
    "standard.repair_least": _l("Service standards: a repair that is sent out takes at least (months)"),
    "standard.repair_most": _l("Service standards: a repair that is sent out takes at most (months)"),
}
READERS: dict[str, telling.Readers] = {
    "standard_run": {
        "department": (_l("Department"), department_name),
        "person": (_l("Colleague"), telling.people),
        "day": (_l("Day"), str),
        "lacking": (_l("Things not in order"), str),
        "corrects": (_l("Corrects"), str),
    },
}
