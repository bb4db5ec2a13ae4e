"""/phrases/training/plan: the year's plan, read by everybody, kept by the general office (GO-02)."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import timeline
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.training import audience, page
from portal.blueprints.phrases.training.labels import BUTTONS, SAID
from portal.blueprints.phrases.training.models import PlanLine
from portal.blueprints.phrases.training.plan import actions, queries
from portal.blueprints.phrases.training.plan.forms import FORMS, PlanForm, stored
from portal.blueprints.phrases.training.rules import attending
from portal.blueprints.phrases.training.workflow import PLAN
from portal.forms import sent
from portal.guards import me, needs
from portal.i18n import _
from portal.kernel import clock
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.making import made_once
from portal.verbs import Verbs

INDEX, NEW, SHOW = (f"phrases/training/plan/{name}.html" for name in ("index", "new", "show"))


@bp.get("/training/plan")
@needs(May.USE_PORTAL)
def training_plan() -> str:
    """A year, month by month, with the sessions that came of it."""
    today = clock.local(clock.now()).date()
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else today.year
    lines = queries.of_year(year)
    return render_template(
        INDEX,
        year=year,
        years=sorted({*queries.years(), year, today.year}),
        lines=[(line, audience.in_words(line)) for line in lines],
        sessions=queries.sessions_of(lines),
        this_month=today.month if year == today.year else 0,
        keeps=attending.keeps_training(me()),
        trainer=page.trainer,
    )


@bp.route("/training/plan/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_training_plan() -> Response:
    """One more line."""
    if request.method == "GET":
        today = clock.local(clock.now()).date()
        return _form(PlanForm.blank(year=today.year, month=today.month), 200)
    return made_once(
        PlanForm.of_request(),
        sent("training plan", "add"),
        make=actions.add,
        draw=_form,
        back=lambda line: url_for(".training_plan", year=line.year if line else None),
        said=_("The plan has one line more."),
    )


def _form(form: PlanForm, code: int) -> Response:
    return make_response(render_template(NEW, form=form), code)


@bp.get("/training/plan/<int:line_id>")
@needs(May.USE_PORTAL)
def training_plan_line(line_id: int) -> str:
    """One line, its sessions and its history."""
    return render_template(SHOW, **_shown(queries.find(me(), line_id), me()))


def _shown(found: PlanLine, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    for step in PLAN.open_to(found, viewer):
        given = stored(found) if step.verb == "edit" else {"version": found.version}
        forms[step.verb] = FORMS[step.verb].blank(**given)
    if tried is not None and do in forms:
        forms[do] = tried
    return {
        "found": found,
        "whom": audience.in_words(found),
        "sessions": queries.sessions_of([found]).get(found.id, []),
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "keeps": attending.keeps_training(viewer),
        "trainer": page.trainer,
        "timeline": timeline.of(found),
    }


VERBS = Verbs(
    flow=PLAN,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: (
        url_for(".training_plan", year=found.year) if found else url_for(".training_plan")
    ),
    page=SHOW,
)
VERBS.add_to(bp, "/training/plan/<int:line_id>", "{}_training_plan", May.USE_PORTAL)
