"""/complaints/: the list, the intake, a case's page, and one address for each verb."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import pages
from portal.addresses import in_addresses
from portal.blueprints.complaints import actions, forms, page, parts, phones, queries
from portal.blueprints.complaints.codes import TWO_PERSON
from portal.blueprints.complaints.labels import SAID
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.record_form import Intake
from portal.blueprints.complaints.workflow import CASE
from portal.forms import fresh_key
from portal.guards import me, needs
from portal.hx import gone_to, invalid, is_for, part, wants_fragment
from portal.i18n import _
from portal.kernel import clock, files, links, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.papers import Paper, printed
from portal.verbs import Verbs

bp = Blueprint("complaints", __name__, url_prefix="/complaints")

CARD, PAGE = "complaints/_card.html", "complaints/show.html"


in_addresses(bp, "case", forms.NUMBER.pattern)


@bp.record_once
def _tabs(state: Any) -> None:
    state.app.jinja_env.globals["parts_of_complaints"] = parts.PARTS.tabs


@bp.get("/")
@needs(May.SEE_CASES)
def index() -> Response | str:
    """The case list; its filters are in the address."""
    if (same := pages.unchanged()) is not None:
        return same
    asked = queries.CaseList.asked_for(me(), request.args)
    if is_for("case-list"):
        drawn = make_response(part("complaints/_list.html", **page.listed(asked, whole=False)))
    else:
        drawn = make_response(render_template("complaints/index.html", **page.listed(asked, whole=True)))
    drawn.set_etag(pages.tag())
    return drawn


@bp.route("/new", methods=["GET", "POST"])
@needs(May.REGISTER_CASES)
def new() -> Response | str:
    """Record a case (CP-01, CP-03, CP-04)."""
    visit = request.values.get("visit", "")[:24]
    known = links.FILLS["visit"](me(), visit) if visit and "visit" in links.FILLS else None
    masked = known["customer_phone"] if known else ""
    if request.method == "GET":
        return render_template(
            "complaints/new.html",
            form=Intake.blank(masked=masked, idempotency_key=fresh_key(), **(known or {})),
            people=page.colleagues(),
            visit=visit if known else "",
        )
    form = Intake.of_request(masked=masked)
    if not form.validate():
        return invalid(
            "complaints/_intake.html",
            page="complaints/new.html",
            form=form,
            people=page.colleagues(),
            visit=visit,
        )
    for checked in form.files.checked:
        files.keep(checked)
    try:
        with db.write():
            told = form.record()
            if form.left_masked:
                told["customer_phone"] = links.HANDS_OVER["visit"](me(), visit, clock.now())
            case = actions.register(
                by=me(),
                now=clock.now(),
                idempotency_key=form.idempotency_key.data,
                files=form.files.checked,
                visit=visit,
                **told,
            )
    except actions.Doubled as sent:
        if sent.same:
            return _to_case(sent.case)
        form.idempotency_key.data = fresh_key()
        form.form_errors.append(
            _("This form was sent before with other words. Send it again to record a second case.")
        )
        answer = invalid(
            "complaints/_intake.html",
            page="complaints/new.html",
            form=form,
            people=page.colleagues(),
            visit=visit,
        )
        answer.status_code = 409
        return answer
    return _to_case(case)


def _to_case(case: Case) -> Response:
    """On to the case; somebody who recorded a complaint about themselves sees the list instead (CP-09)."""
    address, said = page.after_recording(case, me())
    return gone_to(address, said=said)


@bp.get("/similar")
@needs(May.REGISTER_CASES)
def similar() -> Response | str:
    """What is open of a phone number while a call is typed, so that no double is recorded; alone, the list itself."""
    phone = request.args.get("customer_phone", "").strip()[:40]
    if not wants_fragment():
        return redirect(url_for(".index", words=phone or None))
    return render_template("complaints/_similar.html", similar=queries.of_phone(me(), phone) if phone else [])


@bp.get("/suggestions/")
@needs(May.USE_PORTAL)
def suggestions() -> str:
    """Adopted suggestions and what became of them, for everybody (CP-26)."""
    return render_template("complaints/suggestions.html", suggestions=queries.published())


@bp.get("/<case:number>/linked")
@needs(May.SEE_CASES)
def linked(number: str) -> str:
    """The cases that belong to this one, as far as the viewer may see them (CP-22)."""
    case = queries.find(me(), number)
    return render_template("complaints/linked.html", case=case, linked=queries.linked(case, me()))


@bp.get("/<case:number>")
@needs(May.SEE_CASES)
def show(number: str) -> Response | str:
    """A case: what it is about, its clocks, what comes next, its history; `?do=verb` opens that verb's form."""
    case = queries.find(me(), number)
    template = CARD if wants_fragment() and request.args.get("part") == "card" else PAGE
    return render_template(template, **page.card(case, me(), do=request.args.get("do", "")))


def _act(number: str, verb: str, **given: Any) -> Case:
    """The verb's one write; what it brings is put into its place before."""
    for checked in given.get("files", ()):
        files.keep(checked)
    return actions.act(number, verb, **given)


VERBS = Verbs(
    flow=CASE,
    find=queries.find,
    form=lambda case, verb: page.form_for(case, verb, sent=True),
    act=_act,
    draw=page.card,
    said=SAID,
    # Whoever works through the calls to make goes on with the next one.
    back=lambda case, _verb: parts.to_calls() or url_for(".show", number=case.number),
    page=PAGE,
    part=CARD,
    still_visible=queries.still_visible,
    list_page=lambda: url_for(".index"),
)
VERBS.add_to(bp, "/<case:number>", "{}", May.SEE_CASES, but=("edit",))


@bp.route("/<case:number>/edit", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def edit(number: str) -> Response | str:
    """Mend the record. A stale edit answers 409 and shows both versions."""
    viewer = me()
    case = queries.find(viewer, number)
    transitions.check(CASE, case, "edit", viewer)
    if request.method == "GET":
        return render_template(
            "complaints/edit.html", case=case, form=page.edit_form(case, viewer), version=case.version
        )
    form = Intake.of_request(masked=phones.in_part(phones.of_case(case, viewer)))
    for name in set(form.data) - set(actions.EDITABLE):
        del form[name]
    if not form.validate():
        return invalid(
            "complaints/edit.html", page="complaints/edit.html", case=case, form=form, version=case.version
        )
    seen = request.form.get("version", "")
    with db.write():
        case = queries.find(viewer, number, lock=True)
        stale = seen.isdigit() and int(seen) != case.version
        if not stale:
            transitions.perform(CASE, case, "edit", actions.edit, by=viewer, now=clock.now(), **form.mended())
    if stale and (compared := page.compared(case, form)):
        drawn = render_template(
            "complaints/edit.html", case=case, form=form, compared=compared, version=case.version
        )
        return make_response(drawn, 409)
    return gone_to(url_for(".show", number=number), said=str(SAID["edit"]))


@bp.post("/<case:number>/reveal")
@needs(May.SEE_CASES)
def reveal_customer(number: str) -> Response:
    """The customer's whole phone number for whoever does not call them; the look is written down (RC-20)."""
    return phones.reveal(queries.find, number, page.card, PAGE)


@printed(bp, "/<case:number>/notice", May.SEE_CASES)
def notice(number: str) -> Paper:
    """The handling notice as an A4 form (CP-10)."""
    case = queries.find(me(), number)
    if not case.notice_number:
        abort(404)
    title = _("PDF of notice %(number)s", number=case.notice_number)
    drawn, file = page.notice(case, me()), f"{case.notice_number}.pdf"
    return Paper("complaints/notice.html", number, title, file, drawn, version=case.version)


@bp.get("/<case:number>/slip")
@needs(May.SEE_CASES)
def slip(number: str) -> str:
    """Procedure, papers and time for the customer to take home, as an A4 form (CP-33)."""
    return render_template("complaints/slip.html", **page.slip(queries.find(me(), number)))


@bp.get("/<case:number>/files/<int:file_id>")
@needs(May.SEE_CASES)
def file_(number: str, file_id: int) -> Response:
    """One attachment, to those who may see the case."""
    case = queries.find(me(), number)
    kept = next((row for row in files.of(case) if row.id == file_id), None)
    if kept is None:
        abort(404)
    return files.send(kept)


@bp.get("/<case:number>/")
@needs(May.SEE_CASES)
def slashed(number: str) -> Response:
    """The address with a slash at its end leads to the one without."""
    return redirect(url_for(".show", number=number), 308)


__all__ = ["TWO_PERSON", "bp"]
