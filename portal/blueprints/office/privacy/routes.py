"""/office/privacy/: what is kept of people, for how long, one person's data, who looked (RC-20)."""

from __future__ import annotations

import json
from typing import Any

from flask import make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal import errors, telling, timeline
from portal.blueprints.office import labels as office_words
from portal.blueprints.office.area import bp
from portal.blueprints.office.privacy import actions, queries, report
from portal.blueprints.office.privacy.codes import State
from portal.blueprints.office.privacy.forms import FORMS, AskForm, EndForm, SoughtForm
from portal.blueprints.office.privacy.labels import BUTTONS, SAID
from portal.blueprints.office.privacy.models import PersonRequest
from portal.blueprints.office.privacy.workflow import PERSON_REQUEST
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, customers, jobs, personal_data, policies
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Reason
from portal.making import made_once
from portal.papers import Paper, printed
from portal.verbs import Verbs

FORM_NUMBER = "QR-RC-20 · V1"
SHOW = "office/privacy/request.html"
TONES = {
    State.SEARCHING: "",
    State.FOUND: "",
    State.ASKED: "warn",
    State.ERASING: "warn",
    State.WAITING: "warn",
    State.DONE: "ok",
    State.CLOSED: "ok",
}


# -- the register -----------------------------------------------------------------------------------------------------


@bp.get("/privacy/")
@needs(May.MANAGE_OFFICE)
def privacy() -> str:
    """Every class of personal data: whose, why, how long, where, how it ends."""
    return render_template(
        "office/privacy/index.html", entries=queries.register(clock.now()), nobodys=_nobodys()
    )


def _nobodys() -> dict[str, list[str]]:
    """The tables that describe nobody, by the reason for it."""
    found: dict[str, list[str]] = {}
    for table, reason in personal_data.NOBODYS.items():
        found.setdefault(str(reason), []).append(table)
    return found


@printed(bp, "/privacy/print", May.MANAGE_OFFICE)
def privacy_print() -> Paper:
    """The record of processing on A4, with its form number (GO-01)."""
    now = clock.now()
    told = {"entries": queries.register(now), "form_number": FORM_NUMBER, "made": now}
    return Paper(
        "office/privacy/print.html", "RC-20", _("PDF of the record of processing"), "privacy.pdf", told
    )


@bp.get("/privacy/classes/<kept_key>")
@needs(May.MANAGE_OFFICE)
def privacy_class(kept_key: str) -> str:
    """What of one class is past its term, and the way to end it."""
    return render_template("office/privacy/class.html", **_class(kept_key))


def _class(key: str, form: EndForm | None = None) -> dict[str, Any]:
    now = clock.now()
    kept = queries.by_class(key)
    count, tables, sample = queries.past_term(kept, now)
    return {
        "kept": kept,
        "count": count,
        "tables": tables,
        "sample": sample,
        "until": queries.before(kept, now),
        "term": policies.value(kept.figure, now),
        "form": form or EndForm.blank(),
        "job": jobs.find(actions.END, key),
        "day": queries.day,
    }


@bp.post("/privacy/classes/<kept_key>/end")
@needs(May.MANAGE_OFFICE)
def end_class(kept_key: str) -> Response:
    """Names and words past their term go, after their number was typed."""
    kept, now = queries.by_class(kept_key), clock.now()
    form = EndForm.of_request(count=queries.past_term(kept, now)[0])
    if not form.validate() or not form.count:
        return make_response(render_template("office/privacy/class.html", **_class(kept_key, form)), 422)
    with db.write():
        actions.end_terms(kept.key, by=me(), now=now)
    return gone_to(
        url_for(".privacy_class", kept_key=kept.key), said=_("The words past their term are being removed.")
    )


# -- requests -----------------------------------------------------------------------------------------------------------


@bp.get("/privacy/requests/")
@needs(May.MANAGE_OFFICE)
def person_requests() -> str:
    """Who asked for their data, or to be forgotten; the form for a new one."""
    return render_template("office/privacy/requests.html", **_requests(SoughtForm.blank()))


def _requests(form: SoughtForm) -> dict[str, Any]:
    rows, newer, older = queries.RequestList.asked_for(me(), request.args).page()
    return {
        "form": form,
        "rows": rows,
        "newer": newer,
        "older": older,
        "tones": TONES,
        "masked": customers.masked,
    }


@bp.post("/privacy/requests/open")
@needs(May.MANAGE_OFFICE)
def open_person_request() -> Response:
    """Look for one person; a form of its own, so that neither name nor number stands in an address."""

    def again(form: SoughtForm, code: int) -> Response:
        return make_response(render_template("office/privacy/requests.html", **_requests(form)), code)

    return made_once(
        SoughtForm.of_request(),
        sent("person request", "open"),
        make=actions.open_request,
        draw=again,
        back=lambda made: (
            url_for(".person_request", request_number=made.number) if made else url_for(".person_requests")
        ),
        said=_("The person is being looked for."),
    )


def _held(entry: dict[str, Any]) -> str:
    """Why an entry stays for now, in words."""
    if not entry["held"]:
        return ""
    code, _blank, given = entry["held"].partition(" ")
    return errors.say(Reason(entry["clause"], code, json.loads(given)))


def _drawn(found: PersonRequest, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    steps = PERSON_REQUEST.open_to(found, viewer)
    forms = {step.verb: FORMS[step.verb].blank(version=found.version) for step in steps}
    if tried is not None and do in forms:
        forms[do] = tried
    return {
        "found": found,
        "forms": forms,
        "tried": do,
        "wished": found.wanted_by_id == viewer.id,
        "buttons": BUTTONS,
        "held": _held,
        "classes": personal_data.REGISTER,
        "tone": TONES[found.state],
        "masked": customers.masked,
        "person": name_of(found.person_id) if found.person_id else "",
        "timeline": timeline.of(found),
    }


@bp.get("/privacy/requests/<request_number>")
@needs(May.MANAGE_OFFICE)
def person_request(request_number: str) -> str:
    """One request: what is kept, what goes, what a rule holds back."""
    return render_template(SHOW, **_drawn(queries.find(me(), request_number), me()))


@bp.post("/privacy/requests/<request_number>/export")
@needs(May.MANAGE_OFFICE)
def export_person_request(request_number: str) -> Response:
    """The person's data as an archive to hand over; that it was is written down."""
    found, now = queries.find(me(), request_number), clock.now()
    told, files = actions.take_out(found, by=me(), now=now)
    found = queries.find(me(), request_number)
    looks = [
        (at, name_of(by) if by else _("the portal"), _what(event))
        for at, by, event in actions.looks(found, now)
    ]
    packed, name = report.archive(found, told, looks, files, now), f"{found.number}.zip"
    answer = send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(found: PersonRequest, verb: str) -> Any:
    form = FORMS[verb].of_request()
    if isinstance(form, AskForm):
        form.goes = found.goes
    return form


VERBS = Verbs(
    flow=PERSON_REQUEST,
    find=queries.find,
    form=_form,
    act=actions.act,
    draw=_drawn,
    said=SAID,
    back=lambda found, _verb: url_for(".person_request", request_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/privacy/requests/<request_number>", "{}_person_request", May.MANAGE_OFFICE)


# -- looks ------------------------------------------------------------------------------------------------------------


def _what(event: str) -> str:
    return str(telling.EVENTS.get(event, event))


@bp.get("/privacy/looks")
@needs(May.MANAGE_OFFICE)
def looks() -> str:
    """Who looked at a whole phone number, or took somebody's data out; newest first."""
    asked = queries.LookList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    return render_template(
        "office/privacy/looks.html",
        rows=rows,
        newer=newer,
        older=older,
        asked=asked,
        numbers=queries.numbers_of((row.subject_kind, row.subject_id) for row in rows),
        name_of=name_of,
        what=_what,
        kinds=office_words.KINDS,
    )
