"""What the templates of assessments draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import timeline
from portal.blueprints.phrases.assessment import queries, rules
from portal.blueprints.phrases.assessment.codes import Grade, Rater, State
from portal.blueprints.phrases.assessment.forms import SHEET_FORMS, form_of, stored
from portal.blueprints.phrases.assessment.labels import BUTTONS
from portal.blueprints.phrases.assessment.models import Period, Rating, Sheet
from portal.blueprints.phrases.assessment.workflow import CORRECT, EDIT, PERIOD, RATE, SELF_RATE, SHEET
from portal.drawing import department_name, name_of
from portal.i18n import _, label, listed
from portal.kernel import clock, person_figures, retraining
from portal.kernel.aspects import Aspect
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Role
from portal.kernel.sheets import Column

FORM_NUMBER = "QR-GO-03 · V1"
TONES = {
    State.DRAFT: "", State.OPEN: "warn", State.RATED: "warn", State.PUBLISHED: "info", State.CLOSED: "ok",
}  # fmt: skip
GRADES = {Grade.EXCELLENT: "ok", Grade.GOOD: "ok", Grade.FAIR: "warn", Grade.BELOW: "bad"}


def sees_marks(sheet: Sheet, viewer: Viewer) -> bool:
    """A person reads what others say of them from the publication on."""
    return viewer.id != sheet.person_id or sheet.state in rules.AFTER


def periods(viewer: Viewer) -> dict[str, Any]:
    """All that the list of assessments draws."""
    return {
        "rows": queries.periods(viewer),
        "own": queries.own(viewer),
        "tones": TONES,
        "grades": GRADES,
        "may_plan": viewer.may(May.MANAGE_OFFICE),
    }


def weights(period: Period) -> list[tuple[str, str]]:
    """The weights as a page shows them: caption and what they are."""
    weight = period.weight
    return [
        (caption, listed(f"{label(code)} {weight[code]}%" for code in codes))
        for caption, codes in ((_("Weights of the criteria"), Aspect), (_("Weights of the raters"), Rater))
    ]


def shown_period(
    period: Period, viewer: Viewer, *, do: str = "", tried: Any = None, asked: Any = None
) -> dict[str, Any]:
    """All that the page of a period draws; `do` and `tried` are a form that came back."""
    forms: dict[str, Any] = {}
    for step in PERIOD.open_to(period, viewer):
        filled = stored(period) if step.verb == EDIT else {"version": period.version}
        forms[step.verb] = (
            tried if step.verb == do and tried is not None else form_of(step.verb).blank(**filled)
        )
    asked = asked or queries.SheetList(viewer, period=period.id)
    rows, newer, older = asked.page()
    people = queries.people(period) if period.state is State.DRAFT else []
    return {
        "period": period,
        "tone": TONES[period.state],
        "grades": GRADES,
        "weights": weights(period),
        "people": people,
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "takes_part": {
            "departments": listed(map(department_name, period.departments.split())) or _("Every department"),
            "roles": listed(Role(role) for role in period.roles.split()) or _("Every role"),
        },
        "every_grade": list(Grade),
        "several": queries.sees_all(viewer) or bool(viewer.leads),
        "may_export": viewer.may(May.EXPORT_CASES),
        "is_over": clock.now() >= period.is_over_at,
        "timeline": timeline.of(period),
        "name_of": name_of,
        "department_name": department_name,
    }


def _filled(verb: str, sheet: Sheet, given: dict[Rater, Rating]) -> dict[str, Any]:
    """What a form of marks begins with: the marks that stand, else what the records propose."""
    mine = {SELF_RATE: Rater.SELF, RATE: Rater.SUPERIOR, CORRECT: Rater.SUPERIOR}.get(verb)
    told: dict[str, Any] = {"version": sheet.version}
    if mine is None:
        return told
    if (rating := given.get(mine)) is None:
        return told | (dict(sheet.proposed) if verb == RATE else {})
    told |= {str(aspect): mark for aspect, mark in rating.given.items()}
    if verb == RATE:
        told |= {f"why_{aspect}": words for aspect, words in rating.why.items()} | {"note": rating.note}
    return told | ({"note": rating.note} if verb == SELF_RATE else {})


def sheet(found: Sheet, viewer: Viewer) -> dict[str, Any]:
    """What page and print of a sheet have in common."""
    given = queries.ratings([found])[found.id]
    open_ = sees_marks(found, viewer)
    if not open_:
        given = {rater: rating for rater, rating in given.items() if rater is Rater.SELF}
    marks = {rater: rating.given for rater, rating in given.items()}
    if open_:
        marks[Rater.CUSTOMER] = rules.of_customers(found.counted)
    results = queries.results(found)
    return {
        "sheet": found,
        "period": found.period,
        "tone": TONES[found.state],
        "grades": GRADES,
        "open": open_,
        "given": given,
        "marks": marks,
        "aspects": list(Aspect),
        "raters": list(Rater),
        "figures": _figures(found) if open_ else [],
        "proposed": found.proposed if open_ else {},
        "weights": weights(found.period),
        "results": results,
        "result": results[0] if results else None,
        "worked": _worked(results[0].worked) if results else None,
        "follows": rules.follows(found.grade) if found.grade else None,
        "form_number": FORM_NUMBER,
        "name_of": name_of,
        "department_name": department_name,
    }


def _figures(found: Sheet) -> list[dict[str, Any]]:
    """Each figure with how it becomes points, in the order of the criteria."""
    lines = []
    for row, counted in zip(found.figures, found.counted, strict=True):
        kind = person_figures.KINDS[row.kind]
        said = _("%(value)s of %(of)s", value=row.value, of=row.whole)
        points = rules.points(counted)
        how = (
            f"100 × {row.value} ÷ {row.whole} = {points}"
            if row.minus is None
            else f"100 − {row.value} × {row.minus} = {points}"
        )
        lines.append({"row": row, "caption": kind.caption, "address": kind.address, "said": said, "how": how})
    order = list(Aspect)
    return sorted(lines, key=lambda line: order.index(line["row"].aspect))


def _worked(workings: dict[str, Any]) -> dict[str, Any]:
    """The workings of a result with their codes, and what was lacking in words."""
    cells = [
        (Rater(rater), Aspect(aspect), mark, share, points)
        for rater, aspect, mark, share, points in workings["cells"]
    ]
    lacking = [f"{label(Rater(rater))} · {label(Aspect(aspect))}" for rater, aspect in workings["lacking"]]
    return {"cells": cells, "lacking": lacking}


def shown(found: Sheet, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    """All that the page of a sheet draws; `do` and `tried` are a form that came back."""
    told = sheet(found, viewer)
    forms: dict[str, Any] = {}
    for step in SHEET.open_to(found, viewer):
        if step.verb == do and tried is not None:
            forms[step.verb] = tried
        elif _offered(step.verb, found, viewer):
            forms[step.verb] = SHEET_FORMS[step.verb].blank(**_filled(step.verb, found, told["given"]))
    # What the superior said is not read before it is published.
    hidden = () if told["open"] else (f"{SHEET.name}:{RATE}",)
    return told | {
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "objections": queries.objections(found),
        "asked": retraining.of(found) if found.grade is Grade.BELOW else [],
        "timeline": timeline.of(found, but=hidden),
        "late": _late(found, clock.now()),
    }


def _offered(verb: str, found: Sheet, viewer: Viewer) -> bool:
    """Whether a page offers a verb that the table allows: not where a rule will say no to this very person."""
    own = viewer.id == found.person_id
    if verb == "object":
        return found.objected != found.result and not _late(found, clock.now())
    return not own or verb == SELF_RATE


def _late(found: Sheet, now: datetime) -> bool:
    return found.object_until is not None and found.object_until < now


def columns() -> list[Column]:
    """The head of the workbook."""
    marks = [f"{label(rater)} · {label(aspect)}" for rater in Rater for aspect in Aspect]
    captions = (_("Number"), _("Person"), _("Department"), *marks, _("Score"), _("Grade"), _("What follows"),
                _("Version of the result"))  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_rows(sheets: Any, viewer: Viewer) -> list[list[Any]]:
    """The lines of the workbook."""
    given = queries.ratings(sheets)
    lines = []
    for each in sheets:
        marks = {rater: rating.given for rater, rating in given[each.id].items()}
        marks[Rater.CUSTOMER] = rules.of_customers(each.counted)
        if not sees_marks(each, viewer):
            marks = {Rater.SELF: marks.get(Rater.SELF, {})}
        lines.append([
            each.number, name_of(each.person_id), department_name(each.department),
            *(marks.get(rater, {}).get(aspect) for rater in Rater for aspect in Aspect),
            each.score, label(each.grade) if each.grade else "",
            label(rules.follows(each.grade)) if each.grade else "", each.result or None,
        ])  # fmt: skip
    return lines
