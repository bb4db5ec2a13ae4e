"""Refusals and faults: as a page, or as a toast that leaves the page as it is."""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal import hx
from portal.i18n import _, _l, listed, with_clause
from portal.kernel.accounts import Unreachable
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Reason, Refused
from portal.observed import ticket

log = logging.getLogger(__name__)

SENTENCES = {
    400: _l("This form is out of date. Please go back, where your text still is, and load the page again."),
    403: _l("You do not have the right to do this."),
    404: _l("There is nothing here, or nothing that you have the right to see."),
    405: _l("This address does not accept that kind of request."),
    409: _l("Somebody else has changed this in the meantime. Please load the page again to see what is new."),
    413: _l("This is too large. Files may have up to 20 MB each."),
    429: _l("Too many attempts. Please wait a few minutes."),
    503: _l("The database is busy. Nothing was saved; please try again."),
    507: _l("The portal's disk is full. Nothing was saved; please tell whoever looks after the portal."),
}
AWAY = _l(
    "The company's directory does not answer, so your password cannot be checked. Please try again soon."
)
OUT_OF_ORDER = _l(
    "The portal's disk does not take anything. Nothing was saved; please tell whoever looks after the portal."
)
OTHERWISE = _l("Something went wrong in the portal. The fault has been recorded; nothing was saved.")

# How reasons are put into words: code -> sentence with named holes. Areas add theirs as they are registered.
REASONS: dict[str, Any] = {
    "wrong_state": _l("This cannot be done now."),
    "too_many_files": _l("There may be up to %(most)s files here."),
    "wrong_kind": _l("A case of this kind has no such step."),
}


def say(reason: Reason) -> str:
    """One reason as a sentence that names its clause; several things that it is given become a list."""
    sentence = REASONS[reason.code]
    given = {name: listed(told) if isinstance(told, tuple) else told for name, told in reason.given.items()}
    words = str(sentence) % given if given else str(sentence)
    return with_clause(words, reason.clause)


def init_app(app: Flask) -> None:
    """Answer every refusal and fault; the transaction ends before anything is drawn."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(Unreachable, _unreachable)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _fault)


def answer(code: int, said: str = "", clauses: tuple[str, ...] = (), *, back: str = "") -> Response:
    """The refusal: for htmx a toast and nothing swapped, otherwise a page that leads `back`, or to one's day."""
    db.session.rollback()
    said = said or str(SENTENCES.get(code, OTHERWISE))
    told = ticket() if code >= 500 else ""
    if hx.wants_fragment():
        if told:
            said = f"{said} {_('The fault has the number %(ticket)s.', ticket=told)}"
        response = make_response(said, code)
        response.mimetype = "text/plain"
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = hx.toast(said, "bad")
        return response
    return make_response(
        render_template("errors/page.html", said=said, code=code, clauses=clauses, ticket=told, back=back),
        code,
    )


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400 and error.response is not None:
        return error.response  # type: ignore[return-value]  # a redirect made by the routing
    return answer(error.code or 500)


def _refused(error: Refused) -> Response:
    said = " ".join(say(reason) for reason in error.reasons)
    return answer(409, said, tuple(dict.fromkeys(r.clause for r in error.reasons)))


def _forbidden(error: Forbidden) -> Response:
    return answer(403, with_clause(SENTENCES[403], error.clause), (error.clause,))


def _conflict(error: Exception) -> Response:
    log.info("conflict at %s: %s", request.endpoint, type(error).__name__)
    return answer(409)


def _operational(error: OperationalError) -> Response:
    log.error("database at %s: %s", request.endpoint, error.orig, extra={"told": {"request": ticket()}})
    if _says(error.orig, "SQLITE_FULL", "53100"):
        return answer(507)
    if _says(error.orig, "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "58030"):
        return answer(503, str(OUT_OF_ORDER))
    return answer(503)


def _says(error: BaseException | None, *codes: str) -> bool:
    """True when the database's own code for an error is one of these, or a kind of them."""
    said = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
    return said.startswith(codes)


def _disk(error: OSError) -> Response:
    """A file that cannot be written: the write that needs it has not begun, see `kernel.files`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        log.error("disk at %s: %s", request.endpoint, error, extra={"told": {"request": ticket()}})
        return answer(507)
    if error.errno in {errno.EIO, errno.EROFS}:
        log.error("disk at %s: %s", request.endpoint, error, extra={"told": {"request": ticket()}})
        return answer(503, str(OUT_OF_ORDER))
    return _fault(error)


def _unreachable(_error: Unreachable) -> Response:
    return answer(503, str(AWAY))


def _fault(error: Exception) -> Response:
    log.error("fault at %s", request.endpoint, exc_info=error, extra={"told": {"request": ticket()}})
    return answer(500)
