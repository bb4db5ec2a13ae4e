"""/healthz, /readyz, /metrics."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from portal import migrate
from portal.blueprints.system import metrics as figures
from portal.guards import on_this_machine, public

bp = Blueprint("system", __name__)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """The database answers and its schema is this version's."""
    try:
        current = migrate.is_current()
    except SQLAlchemyError as error:
        current_app.logger.error("not ready: %s", error)
        return Response("the database does not answer\n", 503, mimetype="text/plain")
    if not current:
        return Response(
            "the database has another version's schema: run `upgrade`\n", 503, mimetype="text/plain"
        )
    return Response("ready\n", mimetype="text/plain")


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus; from this machine, or with the token."""
    token = current_app.config["SETTINGS"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not (known or on_this_machine()):
        abort(404)
    content, kind = figures.drawn()
    return Response(content, content_type=kind)
