"""/reception/kiosk: what a visitor sees on the tablet; /reception/kiosks/: where the office sets tablets up (RC-18)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import abort, make_response, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import cookies
from portal.blueprints.reception import parts
from portal.blueprints.reception.area import NUMBER, bp
from portal.blueprints.reception.kiosk import actions, rules
from portal.blueprints.reception.kiosk.forms import ConfirmForm, FindForm, KioskForm, Turn, WalkInForm
from portal.drawing import department_name, name_of
from portal.forms import fresh_key
from portal.guards import by_kiosk, me, needs, public, tablet
from portal.hx import gone_to
from portal.i18n import _, _l, choose, is_chinese
from portal.kernel import clock, kiosks, policies, sessions
from portal.kernel.db import db
from portal.kernel.kiosks import Kiosk
from portal.kernel.policies import Policy
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.parts import Part

TURN = (
    "kiosk_turn"  # in the browser's signed session: whose turn it is, since when, which appointment was found
)
IDLE, THANKED = 60, 20  # seconds without a touch until the start comes back
LASTS = 60 * 60 * 24 * 365

parts.PARTS.append(Part(_l("Kiosks"), "reception.kiosks", May.MANAGE_OFFICE, 95))


# -- the turn -------------------------------------------------------------------------------------------------------


def _begin() -> str:
    """Another visitor: what the one before typed is worth nothing from now on."""
    key = fresh_key()
    session[TURN] = {"key": key, "at": clock.now().isoformat(), "number": ""}
    return key


def _turn() -> dict[str, str] | None:
    """The turn that is under way, unless it is over."""
    found: dict[str, str] | None = session.get(TURN)
    if not found or rules.turn_is_over(datetime.fromisoformat(found["at"]), clock.now()):
        return None
    return found


def _sent(form: Turn) -> dict[str, str] | None:
    """The turn of a form that was sent; None for one of somebody who stood there before."""
    found = _turn()
    return found if found and secrets.compare_digest(found["key"], str(form.turn.data or "")) else None


def _start() -> Response:
    session.pop(TURN, None)
    return redirect(url_for(".kiosk"), 303)


def _page(template: str, code: int = 200, idle: int = IDLE, **context: Any) -> Response:
    start = url_for(".kiosk")
    drawn = render_template(
        f"reception/kiosk/{template}.html", idle=idle, start=start, page_address=start, **context
    )
    return make_response(drawn, code)


def _notice() -> Policy:
    return actions.notice("zh" if is_chinese() else "en", clock.now())


# -- the pages of the tablet ----------------------------------------------------------------------------------------


@bp.get("/kiosk")
@by_kiosk
def kiosk() -> Response:
    """The start: with an appointment or without; nothing of the visitor before is left."""
    session.pop(TURN, None)
    now = clock.now()
    phone, place = policies.value("complaints.phone", now), policies.value("complaints.place", now)
    return _page("start", idle=0, phone=phone, place=place)


@bp.get("/kiosk/appointment")
@by_kiosk
def kiosk_appointment() -> Response:
    """RC-18: who has an appointment says which."""
    return _page("find", form=FindForm.blank(turn=_begin()))


@bp.post("/kiosk/appointment")
@by_kiosk
def kiosk_find() -> Response:
    """RC-18: look it up; wrong tries are counted, and after five of them the kiosk waits."""
    form, now, name = FindForm.of_request(), clock.now(), f"kiosk {tablet().id}"
    turn = _sent(form)
    if turn is None:
        return _start()
    if sessions.throttled(name, name, now):
        return _page(
            "sorry", 429, said=_("Too many tries. Please wait a few minutes, or turn to the front desk.")
        )
    if not form.validate():
        return _page("find", 422, form=form)
    typed = {"code": form.code.data, "tail": form.tail.data, "name": form.name.data}
    found = rules.fitting(actions.expected(now), **typed)
    if found is None:
        with db.write():
            sessions.count_failure(name, name, now)
        form.code.errors = [_("No appointment of today fits. Look again, or say that you have none.")]
        return _page("find", 422, form=form)
    session[TURN] = turn | {"number": found.number}
    return redirect(url_for(".kiosk_confirm"), 303)


@bp.get("/kiosk/confirm")
@by_kiosk
def kiosk_confirm() -> Response:
    """The own name in part and the host, the privacy notice, the number of people."""
    turn = _turn()
    found = _appointment(turn)
    if turn is None or found is None:
        return _start()
    return _page(
        "confirm", form=ConfirmForm.blank(turn=turn["key"], party_size=found.party_size), **_shown(found)
    )


def _appointment(turn: dict[str, str] | None) -> Any | None:
    """The appointment of this turn, as long as it may arrive."""
    if turn is None or not NUMBER.fullmatch(turn["number"]):
        return None
    return next((one for one in actions.expected(clock.now()) if one.number == turn["number"]), None)


def _shown(visit: Any) -> dict[str, Any]:
    host = name_of(visit.host_id) if visit.host_id else department_name(visit.department)
    return {
        "name": rules.masked_name(visit.visitor_name),
        "host": host,
        "starts_at": visit.starts_at,
        "notice": _notice().value,
    }


@bp.post("/kiosk/confirm")
@by_kiosk
def kiosk_arrive() -> Response:
    """RC-18, RC-23: it is them: the visit has arrived, the desk is told."""
    form = ConfirmForm.of_request()
    turn = _sent(form)
    found = _appointment(turn)
    if turn is None or found is None:
        return _start()
    if not form.validate():
        return _page("confirm", 422, form=form, **_shown(found))
    notice_id, number = _notice().id, found.number
    try:
        actions.arrive(
            tablet(), number, party_size=form.party_size.data, notice_id=notice_id, now=clock.now()
        )
    except Refused:
        db.session.rollback()
        session.pop(TURN, None)
        return _page(
            "sorry", 409, said=_("The front desk takes care of this appointment. Please turn to it.")
        )
    session.pop(TURN, None)
    return redirect(url_for(".kiosk_done"), 303)


@bp.get("/kiosk/walk-in")
@by_kiosk
def kiosk_walk_in() -> Response:
    """RC-18: who has no appointment writes who they are and what it is about."""
    return _page("walk_in", form=WalkInForm.blank(turn=_begin()), notice=_notice().value)


@bp.post("/kiosk/walk-in")
@by_kiosk
def kiosk_register() -> Response:
    """RC-18, RC-20: recorded for the desk, which decides what comes next."""
    form = WalkInForm.of_request()
    turn = _sent(form)
    if turn is None:
        return _start()
    if not form.validate():
        return _page("walk_in", 422, form=form, notice=_notice().value)
    actions.walk_in(
        tablet(),
        why=form.why.data,
        asked_for=form.asked_for.data,
        notice_id=_notice().id,
        key=f"kiosk-{turn['key']}",
        now=clock.now(),
        visitor_name=form.visitor_name.data,
        phone=form.phone.data,
        company=form.company.data,
        department=form.department.data or None,
        purpose=form.purpose.data,
        party_size=form.party_size.data or 1,
    )
    session.pop(TURN, None)
    return redirect(url_for(".kiosk_done"), 303)


@bp.get("/kiosk/done")
@by_kiosk
def kiosk_done() -> Response:
    """Thank you; nothing about anybody."""
    return _page("done", idle=THANKED)


# -- opening a tablet -----------------------------------------------------------------------------------------------


@bp.get("/kiosk/open/<token>")
@public
def kiosk_link(token: str) -> Response:
    """What happens when this link is opened here; nothing does yet."""
    found = kiosks.waiting(token, clock.now())
    if found is None:
        abort(404)
    return make_response(render_template("reception/kiosk/open.html", name=found.name, token=token))


@bp.post("/kiosk/open/<token>")
@public
def kiosk_open(token: str) -> Response:
    """RC-18: this browser is the kiosk from now on, and nobody is logged in with it any more."""
    now = clock.now()
    session_id = me().session_id if current_user.is_authenticated else None
    with db.write():
        key = kiosks.open_link(token, now)
        if key is not None and session_id is not None:
            sessions.end(session_id)
    if key is None:
        abort(404)
    spoken = choose()
    session.clear()
    session["locale"] = spoken
    answer = redirect(url_for(".kiosk"), 303)
    cookies.keep(answer, kiosks.COOKIE, key, lasts=LASTS, path=url_for(".kiosk"), samesite="Strict")
    return answer


# -- the office's page ----------------------------------------------------------------------------------------------


@bp.get("/kiosks/", endpoint="kiosks")
@needs(May.MANAGE_OFFICE)
def kiosks_page() -> str:
    """Every kiosk: who answers for it, when a visitor last used it."""
    return _managed(KioskForm.blank())


def _managed(form: KioskForm) -> str:
    return render_template("reception/kiosk/index.html", form=form, rows=kiosks.every())


@bp.post("/kiosks/add")
@needs(May.MANAGE_OFFICE)
def add_kiosk() -> Response:
    """A link for a tablet, shown once."""
    form = KioskForm.of_request()
    if not form.validate():
        return make_response(_managed(form), 422)
    with db.write():
        made, token = kiosks.issue(form.name.data, by=me().id, now=clock.now())
    link = url_for(".kiosk_link", token=token, _external=True)
    return make_response(render_template("reception/kiosk/link.html", name=made.name, link=link))


@bp.post("/kiosks/<int:kiosk_id>/revoke")
@needs(May.MANAGE_OFFICE)
def revoke_kiosk(kiosk_id: int) -> Response:
    """End a kiosk for good: its tablet shows the login from now on."""
    with db.write():
        found = db.session.get(Kiosk, kiosk_id) if kiosk_id < 2**31 else None
        if found is None:
            abort(404)
        kiosks.revoke(found, by=me().id, now=clock.now())
    return gone_to(url_for(".kiosks"), said=_("The kiosk %(name)s is ended.", name=found.name))
