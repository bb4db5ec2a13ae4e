"""/duty/: who is on duty now; /duty/wall: the same for a big screen, and where the office lets screens show it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import cookies
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.emergencies import queries as emergencies
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.wall import page, screens
from portal.blueprints.duty.wall.forms import ScreenForm
from portal.blueprints.duty.wall.models import WallScreen
from portal.drawing import name_of
from portal.guards import me, needs, on_this_machine, public
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

LASTS = 60 * 60 * 24 * 365
WALL, PART = "duty/wall/show.html", "duty/wall/_board.html"

PARTS += [
    Part(_l("On duty now"), "duty.index", May.SEE_DUTY, 0),
    Part(_l("Screens"), "duty.screens", May.MANAGE_OFFICE, 95),
]


@bp.get("/")
@needs(May.SEE_DUTY)
def index() -> str:
    """Each post: who is on duty by signed handovers, until when, who comes next (DR-01, DR-10)."""
    return render_template("duty/index.html", **page.board(clock.now()))


# -- the wall -------------------------------------------------------------------------------------------------------


@bp.get("/wall")
@public
def wall() -> Response:
    """For a big screen: on this machine, with a screen's token, or for whoever is logged in and sees duty.

    A token in the address becomes a cookie, and the address is asked for again without it. Everybody else is told that
    there is nothing here.
    """
    token = request.args.get("token", "")
    if token:
        if not screens.known(token):
            abort(404)
        return _with_cookie(token)
    if not _may_watch():
        abort(404)
    now = clock.now()
    tag = page.tag(now)
    if wants_fragment() and request.if_none_match.contains(tag):
        return make_response("", 304)
    drawn = render_template(PART if wants_fragment() else WALL, tag=tag, **_shown(now))
    return make_response(drawn)


wall.polled = True  # type: ignore[attr-defined]  # read by the guard: a wall keeps nobody's login awake


def _shown(now: datetime) -> dict[str, Any]:
    found = page.board(now)
    return found | {"progress": emergencies.progress() if found["in_force"] else {}}


def _may_watch() -> bool:
    if on_this_machine() or screens.known(cookies.kept(screens.COOKIE)):
        return True
    return bool(current_user.is_authenticated) and me().may(May.SEE_DUTY) and not me().must_change


def _with_cookie(token: str) -> Response:
    answer = redirect(url_for(".wall"), 303)
    cookies.keep(answer, screens.COOKIE, token, lasts=LASTS, path=url_for(".wall"))
    return answer


# -- the office's page ----------------------------------------------------------------------------------------------


@bp.get("/screens/", endpoint="screens")
@needs(May.MANAGE_OFFICE)
def screens_page() -> str:
    """Every screen that may show the wall without a login."""
    return _managed(ScreenForm.blank())


def _managed(form: ScreenForm) -> str:
    return render_template("duty/wall/screens.html", form=form, rows=screens.every(), name_of=name_of)


@bp.post("/screens/add")
@needs(May.MANAGE_OFFICE)
def add_screen() -> Response:
    """An address with a token, shown once."""
    form = ScreenForm.of_request()
    if not form.validate():
        return make_response(_managed(form), 422)
    with db.write():
        made, token = screens.issue(form.name.data, by=me().id, now=clock.now())
    link = url_for(".wall", token=token, _external=True)
    return make_response(render_template("duty/wall/link.html", name=made.name, link=link))


@bp.post("/screens/<int:screen_id>/withdraw")
@needs(May.MANAGE_OFFICE)
def withdraw_screen(screen_id: int) -> Response:
    """The screen shows nothing from its next question on."""
    with db.write():
        found = db.session.get(WallScreen, screen_id) if screen_id < 2**31 else None
        if found is None:
            abort(404)
        screens.withdraw(found, by=me().id, now=clock.now())
    return gone_to(url_for(".screens"), said=_("The screen %(name)s is withdrawn.", name=found.name))
