"""/complaints/intake: a hotline's or WeChat account's gateway records a case as the desk does (CP-01, CP-03, CP-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, g, jsonify, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from portal.blueprints.complaints import actions
from portal.blueprints.complaints.intake import forms
from portal.blueprints.complaints.routes import bp
from portal.guards import by_token
from portal.i18n import LANGUAGES, _
from portal.kernel import clock, history, intake_tokens, reference, sessions
from portal.kernel.db import db
from portal.kernel.intake_tokens import IntakeToken


@bp.post("/intake")
@by_token
def intake() -> Response:
    """Record a case for the person whom the token stands for; the same key and words again: the same case."""
    g.locale = _language()  # chosen here, because the usual choice asks whose session it is
    now = clock.now()
    token = _token()
    if token is None:
        said = _("Send a valid token as “Authorization: Bearer …”.")
        return _refused(401, "unauthorized", said, {"WWW-Authenticate": "Bearer"})
    token_id, person_id = token.id, token.person_id
    if not intake_tokens.may_answer(reference.staff().cards[person_id]):
        return _refused(403, "forbidden", _("Nobody answers for this token any more."))
    with db.write():
        its_turn = intake_tokens.take_turn(token_id, now)
    if not its_turn:
        rest = intake_tokens.minute_of(now) + intake_tokens.WINDOW - now
        said = _("Too many requests. Please wait a minute.")
        return _refused(429, "too_many", said, {"Retry-After": str(max(int(rest.total_seconds()), 1))})
    request.max_content_length = forms.MOST_BYTES
    try:
        sent = forms.read(request.get_data(cache=False))
    except RequestEntityTooLarge:
        return _refused(413, "too_large", _("This is too large."))
    except forms.Unreadable:
        said = _("The body must be one JSON object in UTF-8 that says each name once.")
        return _refused(400, "unreadable", said)
    return _register(token_id, person_id, sent, now)


def _register(token_id: int, person_id: int, sent: dict[str, Any], now: datetime) -> Response:
    try:
        key = forms.key_of(sent, request.headers.get("Idempotency-Key"))
    except ValueError as error:
        return _wrong({"idempotency_key": [str(error)]})
    form, wrong = forms.filled(sent)
    if wrong:
        return _wrong(wrong)
    # Under the token's own name: two gateways may both count their messages from one.
    own_key = sessions.digest(f"{token_id} {key}") if key else None
    try:
        with db.write():
            by = sessions.person_as_viewer(person_id)
            case = actions.register(by=by, now=now, idempotency_key=own_key, **form.record())
            token = db.session.get_one(IntakeToken, token_id)
            history.record(token, "intake_token:case", by=person_id, now=now, clause="CP-01", case_id=case.id)
    except actions.Doubled as before:
        if before.same:
            return _recorded(before.case.number, 200)
        return _refused(409, "key_used", _("This key was used before, for a case with other words."))
    return _recorded(case.number, 201)


def _language() -> str:
    asked = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans-CN", "en"])
    return LANGUAGES[asked[:2]] if asked else str(current_app.config["SETTINGS"].default_locale)


def _token() -> IntakeToken | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return intake_tokens.find(given.token)


def _recorded(number: str, code: int) -> Response:
    address = url_for("complaints.show", number=number)
    return _answer(code, {"number": number, "address": address}, {"Location": address})


def _wrong(fields: dict[str, list[str]]) -> Response:
    said = _("Nothing was saved yet. Please look at this again:")
    return _answer(422, {"error": "invalid", "message": said, "fields": fields})


def _refused(code: int, error: str, said: str, headers: dict[str, str] | None = None) -> Response:
    return _answer(code, {"error": error, "message": said}, headers)


def _answer(code: int, told: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    response = jsonify(told)
    response.status_code = code
    response.headers.update(headers or {})
    return response
