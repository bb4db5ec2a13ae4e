"""/complaints/improvements/: the list, one improvement case, one address for each verb, and what is proposed."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.complaints import parts
from portal.blueprints.complaints.codes import Finding
from portal.blueprints.complaints.improvements import actions, forms, page, queries, rules
from portal.blueprints.complaints.improvements.codes import Recurring
from portal.blueprints.complaints.improvements.labels import SAID
from portal.blueprints.complaints.improvements.workflow import IMPROVEMENT
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.routes import bp
from portal.drawing import department_name
from portal.forms import PortalForm
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _
from portal.kernel import clock, numbers, policies, sheets
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden
from portal.verbs import Verbs

CARD, PAGE = "complaints/improvements/_card.html", "complaints/improvements/show.html"
FORM, NEW = "complaints/improvements/_form.html", "complaints/improvements/new.html"
PROPOSALS = "complaints/improvements/proposals.html"


in_addresses(bp, "improvement", numbers.shape("GS"))


def _after_mistake(case: Case, viewer: Viewer) -> tuple[Any, str] | None:
    """CP-34: an ordinary mistake asks for an improvement plan (CP-21)."""
    offers = case.finding is Finding.MISTAKE and rules.may_raise(viewer, case.department or "")
    if not offers:
        return None
    address = url_for(".new_improvement", case=case.number, origin=Recurring.MISTAKE)
    return _("Raise an improvement case"), address


parts.OFFERS.append(_after_mistake)


@bp.get("/improvements/")
@needs(May.SEE_CASES)
def improvements() -> str:
    """The list; its filters are in the address."""
    asked = queries.ImprovementList.asked_for(me(), request.args)
    return render_template("complaints/improvements/index.html", **page.listed(asked))


@bp.get("/improvements/export")
@needs(May.EXPORT_CASES)
def improvements_export() -> Response:
    """What the list shows, as a workbook."""
    asked = queries.ImprovementList.asked_for(me(), request.args)
    rows = [page.sheet_row(row) for row in asked.rows(clock.now(), sheets.MOST_ROWS)]
    name = f"{_('Improvement cases')} {clock.local(clock.now()):%Y-%m-%d}"
    return sheets.send(name, sheets.workbook(_("Improvement cases"), page.columns(), rows))


def _raiser() -> None:
    if not rules.may_raise(me()):
        raise Forbidden("raise", "CP-21")


@bp.route("/improvements/new", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def new_improvement() -> Response | str:
    """Raise an improvement case (CP-21); `?case=` names the cases it comes from."""
    _raiser()
    viewer = me()
    if request.method == "GET":
        return render_template(NEW, **_new(_blank()))
    form = forms.NewForm.of_request(viewer=viewer)
    if not form.validate():
        return invalid(FORM, page=NEW, **_new(form))
    given = {
        name: form.data[name] for name in ("title", "problem", "department", "cause", "changes", "origin")
    }
    key = form.idempotency_key.data
    digest = fields_digest(given | {"cases": [case.number for case in form.taken]}) if key else ""
    try:
        with db.write():
            cases = queries.may_take(viewer, [case.number for case in form.taken]) if form.taken else []
            made = actions.raise_(
                by=viewer, now=clock.now(), cases=cases, idempotency_key=key, digest=digest, **given
            )
    except actions.Doubled as sent:
        if not sent.same:
            return _sent_before(form)
        made = sent.improvement
    said = _("Improvement case %(number)s is raised.", number=made.number)
    return gone_to(url_for(".improvement", improvement_number=made.number), said=said)


def _blank() -> forms.NewForm:
    viewer = me()
    asked = forms.numbers_in(" ".join(request.args.getlist("case")))[: rules.MOST_CASES]
    cases = queries.may_take(viewer, asked) if asked else []
    found = {case.department for case in cases if case.department}
    department = found.pop() if len(found) == 1 else ""
    if not department and not rules.may_raise(viewer, "*") and len(viewer.leads) == 1:
        (department,) = viewer.leads
    origin = request.args.get("origin", "")
    return forms.NewForm.blank(
        viewer=viewer,
        title=request.args.get("title", "")[:120],
        department=department if rules.may_raise(viewer, department or "-") else "",
        cases=", ".join(case.number for case in cases),
        origin=origin if origin in set(Recurring) else "",
    )


def _new(form: forms.NewForm) -> dict[str, Any]:
    return {"form": form, "clauses": page.suggestions()}


def _sent_before(form: forms.NewForm) -> Response:
    """The key was used for other words: what was typed, under a new key (409)."""
    db.session.rollback()
    form.idempotency_key.data = None
    form.form_errors.append(
        _("This form was sent before with other words. Send it again to raise a second one.")
    )
    return make_response(render_template(FORM if wants_fragment() else NEW, **_new(form)), 409)


@bp.get("/improvements/<improvement:improvement_number>")
@needs(May.SEE_CASES)
def improvement(improvement_number: str) -> str:
    """One improvement case; `?do=verb` opens that verb's form."""
    found = queries.find(me(), improvement_number)
    return render_template(
        CARD if wants_fragment() and request.args.get("part") == "card" else PAGE,
        **page.card(found, me(), do=request.args.get("do", "")),
    )


VERBS_OF_ONE = Verbs(
    flow=IMPROVEMENT,
    find=queries.find,
    form=lambda found, verb: page.form_for(found, verb, sent=True),
    act=actions.act,
    draw=page.card,
    said=SAID,
    back=lambda found, _verb: url_for(".improvement", improvement_number=found.number),
    page=PAGE,
    part=CARD,
    still_visible=queries.still_visible,
    list_page=lambda: url_for(".improvements"),
)
VERBS_OF_ONE.add_to(bp, "/improvements/<improvement:improvement_number>", "improvement_{}", May.SEE_CASES)


# -- what is proposed (CP-22, CP-34) --------------------------------------------------------------------------


@bp.get("/improvements/proposals")
@needs(May.SEE_CASES)
def improvement_proposals() -> str:
    """What recurs, and ordinary mistakes nobody learns from yet: raise one, or say why not."""
    _raiser()
    return render_template(PROPOSALS, **_proposed(queries.proposals(me(), clock.now())))


def _proposed(found: list[queries.Proposal], tried: PortalForm | None = None) -> dict[str, Any]:
    now = clock.now()
    return {
        "recurring": [each for each in found if each.origin is not Recurring.MISTAKE],
        "mistakes": [each for each in found if each.origin is Recurring.MISTAKE],
        "title_of": page.proposal_title,
        "department_name": department_name,
        "form": tried or forms.DismissForm.blank(),
        "days": policies.number("recurrence.days", now),
        "times": policies.number("recurrence.times", now),
        "customer_times": policies.number("recurrence.customer_times", now),
    }


@bp.post("/improvements/proposals/dismiss")
@needs(May.SEE_CASES)
def dismiss_proposal() -> Response:
    """A proposal is not followed, with a reason; it is not made again for these cases."""
    _raiser()
    viewer, now = me(), clock.now()
    form = forms.DismissForm.of_request()
    found = queries.proposals(viewer, now)
    if form.key.data not in {each.key for each in found}:
        abort(404)
    if not form.validate():
        return invalid(PROPOSALS, page=PROPOSALS, **_proposed(found, form))
    with db.write():
        # Asked again inside the write: a case that came meanwhile makes another proposal of it.
        again = [each for each in queries.proposals(viewer, now) if each.key == form.key.data]
        if not again:
            abort(404)
        actions.dismiss(again[0], by=viewer, now=now, reason=form.reason.data)
    return gone_to(
        url_for(".improvement_proposals"), said=_("Kept; it is not proposed again for these cases.")
    )
