"""What the templates of inspections draw."""

from __future__ import annotations

from typing import Any

from portal import timeline
from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.equipment.forms import choices
from portal.blueprints.duty.inspections import queries
from portal.blueprints.duty.inspections.codes import Mark, Rhythm, State
from portal.blueprints.duty.inspections.forms import (
    DAYS,
    WEEKDAYS,
    PlanForm,
    RoundForm,
    round_form,
    said,
)
from portal.blueprints.duty.inspections.models import Plan, Round
from portal.blueprints.duty.inspections.workflow import COMPLETE, INSPECTION, MISS
from portal.blueprints.duty.posts.routes import colleagues
from portal.drawing import department_name, name_of
from portal.i18n import _, called, label, listed
from portal.kernel import clock, pictures
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

BAD = frozenset({"clock:overdue", f"inspection:{MISS}"})
TONES = {State.DUE: "warn", State.DONE: "ok", State.MISSED: "bad"}


def how_often(plan: Plan) -> str:
    """The rhythm in words."""
    if plan.rhythm is Rhythm.WEEK:
        return listed(
            [str(words) for day, words in zip(DAYS, WEEKDAYS, strict=True) if str(day) in plan.weekdays]
        )
    if plan.rhythm is Rhythm.MONTH:
        return _("Every month on day %(day)s", day=plan.month_day)
    return label(plan.rhythm)


def by_whom(plan: Plan) -> str:
    """Who does it: a person, or whoever is on duty at a post."""
    return name_of(plan.person_id) if plan.person_id else called(plan.post)


def rounds(asked: queries.RoundList) -> dict[str, Any]:
    """All that the list of rounds draws."""
    rows, newer, older = asked.page()
    viewer = asked.viewer
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "tones": TONES,
        "now": clock.now(),
        "plans": [(plan.id, called(plan)) for plan in queries.plans()],
        "edits": viewer.may(May.PLAN_DUTY),
        "may_export": viewer.may(May.EXPORT_CASES),
        "called": called,
        "by_whom": by_whom,
        "name_of": name_of,
    }


def plans() -> dict[str, Any]:
    """All that the list of plans draws."""
    every = queries.plans()
    return {
        "plans": every,
        "called": called,
        "how_often": how_often,
        "by_whom": by_whom,
        "department_name": department_name,
    }


def planned(form: PlanForm, title: str) -> dict[str, Any]:
    """All that the form of a plan draws."""
    return {
        "form": form,
        "title": title,
        "days": DAYS,
        "people": colleagues(),
        "equipment": choices(),
    }


def shown(found: Round, viewer: Viewer, *, do: str = "", tried: RoundForm | None = None) -> dict[str, Any]:
    """All that the page of a round draws: its form as long as it is due, else what was found."""
    offered = [step.verb for step in INSPECTION.open_to(found, viewer)]
    points = queries.points_of(found.plan_id) if found.state is State.DUE else []
    form = None
    if COMPLETE in offered:
        form = (
            tried if tried is not None and do == COMPLETE else round_form(points).blank(version=found.version)
        )
    lines = queries.lines_of(found.id) if found.state is State.DONE else []
    return {
        "round": found,
        "points": points,
        "form": form,
        "lines": lines,
        "pictures": pictures.of_many("inspection_line", [line.id for line in lines]) if lines else {},
        "things": equipment.by_id(),
        "said": said,
        "marks": list(Mark),
        "tone": TONES[found.state],
        "late": found.state is State.DUE and found.due_at is not None and found.due_at < clock.now(),
        "how_often": how_often(found.plan),
        "by_whom": by_whom(found.plan),
        "called": called,
        "name_of": name_of,
        "now": clock.now(),
        "timeline": timeline.of(found, BAD),
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Inspection"), _("Kind of inspection"), _("Day"), _("Done by whom"), _("State"), _("Due"),
        _("Done at"), _("Signed by"), _("Findings"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(found: Round) -> list[Any]:
    """One line of the workbook."""
    return [
        found.number, called(found.plan), label(found.plan.kind), found.day, by_whom(found.plan), label(found.state),
        found.due_at, found.done_at, name_of(found.done_by_id) if found.done_by_id else "", found.findings,
    ]  # fmt: skip
