"""How a person gets in: where they are logged in, tries that failed, the second factor; the office ends and opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.people import queries
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import browsers, clock, history, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.rights import May


def of_person(person: Person, now: datetime) -> dict[str, Any]:
    """What the person's page shows of it."""
    return {
        "browser_of": browsers.words_of,
        "sessions": sessions.of_person(person.id, now),
        "shut_out": person.username.casefold() in sessions.shut_out(now),
        "second": second_factor.state_of(person.id),
    }


@bp.post("/people/<int:person_id>/sessions/<int:session_id>/end")
@needs(May.MANAGE_OFFICE)
def end_session_of(person_id: int, session_id: int) -> Response:
    """Log a person out of one browser; their very next request asks for the login."""
    now = clock.now()
    queries.find(person_id)
    if session_id not in {other.id for other in sessions.of_person(person_id, now)}:
        abort(404)
    with db.write():
        sessions.end(session_id)
        history.record(queries.find(person_id), "person:sessions_ended", by=me().id, now=now)
    return _back(person_id, _("%(name)s has been logged out there.", name=name_of(person_id)))


@bp.post("/people/<int:person_id>/sessions/end")
@needs(May.MANAGE_OFFICE)
def end_sessions_of(person_id: int) -> Response:
    """Log a person out everywhere."""
    with db.write():
        found = queries.find(person_id)
        sessions.end_all_of(found.id, but=me().session_id)
        history.record(found, "person:sessions_ended", by=me().id, now=clock.now())
    return _back(person_id, _("%(name)s has been logged out everywhere.", name=name_of(person_id)))


@bp.post("/people/<int:person_id>/unlock")
@needs(May.MANAGE_OFFICE)
def unlock_person(person_id: int) -> Response:
    """Let somebody try again at once who typed a wrong password or code too often."""
    with db.write():
        found = queries.find(person_id)
        sessions.forget_failures(found.username)
        history.record(found, "person:unlocked", by=me().id, now=clock.now())
    return _back(person_id, _("%(name)s can try again at once.", name=name_of(person_id)))


@bp.post("/people/<int:person_id>/reset-second-factor")
@needs(May.MANAGE_OFFICE)
def reset_second_factor(person_id: int) -> Response:
    """For somebody whose device and recovery codes are lost; never one's own, for which the codes are there."""
    with db.write():
        found = queries.find(person_id)
        if found.id == me().id:
            abort(403)
        sessions.end_all_of(found.id)
        if not second_factor.turn_off(found, by=me().id, now=clock.now()):
            abort(409)
    return _back(person_id, _("The second factor of %(name)s is off.", name=name_of(person_id)))


def _back(person_id: int, said: str) -> Response:
    response: Response = gone_to(url_for(".person", person_id=person_id), said=said)
    return response
