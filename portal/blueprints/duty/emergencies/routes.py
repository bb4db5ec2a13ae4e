"""/duty/emergencies/: whom to call, two touches to declare, one emergency with its verbs, its report (DR-16)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import pages
from portal.addresses import in_addresses
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.emergencies import actions, page, queries
from portal.blueprints.duty.emergencies.codes import Kind, State
from portal.blueprints.duty.emergencies.forms import FORMS, DeclareForm
from portal.blueprints.duty.emergencies.labels import SAID
from portal.blueprints.duty.emergencies.models import Emergency
from portal.blueprints.duty.emergencies.workflow import EMERGENCY
from portal.blueprints.duty.log import holds
from portal.blueprints.duty.log.codes import Category
from portal.blueprints.duty.parts import PARTS
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l, label
from portal.kernel import clock, lists, numbers, sheets
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.workflow import Reason
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs, tell_why

INDEX, NEW, SHOW, LIVE = (f"duty/emergencies/{name}.html" for name in ("index", "new", "show", "_live"))

PARTS.append(Part(_l("Emergencies"), "duty.emergencies", May.SEE_DUTY, 5))


in_addresses(bp, "emergency", numbers.shape("TF"))


def _asked() -> queries.EmergencyList:
    return queries.EmergencyList.asked_for(me(), request.args)


@bp.get("/emergencies/")
@needs(May.SEE_DUTY)
def emergencies() -> str:
    """119, 110 and 120, a button for each playbook, and what there was (DR-16)."""
    return render_template(INDEX, **page.listed_page(_asked()))


@bp.get("/emergencies/export")
@needs(May.EXPORT_CASES)
def export_emergencies() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = map(page.sheet_row, _asked().rows(sheets.MOST_ROWS))
    book = sheets.workbook(_("Emergencies"), page.columns(), rows)
    return sheets.send(f"{_('Emergencies')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/emergencies/declare")
@needs(May.SEE_DUTY)
def declaring() -> str:
    """The second touch: the form is filled in from the playbook."""
    kind, now = _kind(), clock.now()
    drill = request.args.get("drill") == "1"
    form = page.declare_form(kind, page.active_posts(), me(), drill, now)
    return render_template(NEW, **page.declaring(kind, form))


@bp.post("/emergencies/declare")
@needs(May.SEE_DUTY)
def declare() -> Response:
    """DR-16: it is in force; whom its level calls is told at once."""
    kind, every = _kind(), page.active_posts()
    form = DeclareForm.of_request(posts=page.post_choices(every))
    if not form.validate():
        return make_response(render_template(NEW, **page.declaring(kind, form)), 422)
    given = form.data | {"post": queries.post_at(every, form.post.data)}
    try:
        with db.write():
            made = actions.declare(kind, by=me(), now=clock.now(), **given)
    except actions.SentBefore as sent:
        made = sent.made
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(render_template(NEW, **page.declaring(kind, form)), 409)
    said = (
        _("Drill %(number)s is declared.")
        if made.drill
        else _("%(number)s is declared; whom it calls was told.")
    )
    return gone_to(url_for(".emergency", emergency_number=made.number), said=said % {"number": made.number})


def _kind() -> Kind:
    code = lists.code(request.values.get("kind"), tuple(Kind))
    return Kind(code) if code else abort(404)


@bp.get("/emergencies/<emergency:emergency_number>")
@needs(May.SEE_DUTY)
def emergency(emergency_number: str) -> str:
    """One emergency: arrival, steps, roll-call, timeline; `?do=verb` opens that verb's form."""
    do = request.args.get("do", "").removeprefix("emergency-")
    return render_template(
        SHOW, tag=pages.tag(), **page.shown(queries.find(me(), emergency_number), me(), do=do)
    )


@bp.get("/emergencies/<emergency:emergency_number>/live")
@needs(May.SEE_DUTY, polled=True)
def emergency_live(emergency_number: str) -> Response:
    """How far it is, as an open page asks for it again; nothing when nothing changed."""
    if not wants_fragment():
        return redirect(url_for(".emergency", emergency_number=emergency_number))
    if (same := pages.unchanged()) is not None:
        return same
    found = queries.find(me(), emergency_number)
    return make_response(render_template(LIVE, tag=pages.tag(), **page.live(found, me())))


@printed(bp, "/emergencies/<emergency:emergency_number>/print", May.SEE_DUTY)
def emergency_print(emergency_number: str) -> Paper:
    """The closing report on A4, with its timeline (GO-01)."""
    found = queries.find(me(), emergency_number)
    title = _("PDF of the closing report %(number)s", number=found.number)
    drawn = page.paper(found, me())
    template = "duty/emergencies/print.html"
    return Paper(template, found.number, title, f"{found.number}.pdf", drawn, version=found.version)


VERBS = Verbs(
    flow=EMERGENCY,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".emergency", emergency_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/emergencies/<emergency:emergency_number>", "emergency_{}", May.SEE_DUTY)


def _leads_the_entry(entry: Any) -> Reason | None:
    """DR-11, DR-16: the entry of what is in force is settled by its end, not by hand."""
    if entry.category is not Category.INCIDENT:
        return None
    runs = sa.select(Emergency.number, Emergency.kind, Emergency.place)
    found = db.session.execute(
        runs.where(Emergency.log_entry_id == entry.id, Emergency.state == State.DECLARED)
    ).one_or_none()
    return (
        Reason("DR-16", "emergency_runs", {"number": f"{found.number} {label(found.kind)}"})
        if found
        else None
    )


holds.HOLDS.append(_leads_the_entry)
