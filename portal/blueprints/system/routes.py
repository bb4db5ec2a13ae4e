"""/healthz, /readyz, /metrics."""

from __future__ import annotations

import hmac
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from portal import migrate
from portal.guards import on_this_machine, public
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.timers import Clock

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
    # Loaded when first asked for: most offices never do.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    token = current_app.config["SETTINGS"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not (known or on_this_machine()):
        abort(404)
    registry = CollectorRegistry()
    for name, text, statement in (
        (
            "portal_clocks_due",
            "Clocks the sweep should look at now",
            _count(Clock, Clock.next_at <= clock.now()),
        ),
        ("portal_mail_waiting", "Deliveries not sent yet", _count(Delivery, Delivery.fate == Fate.WAITING)),
        ("portal_mail_dead", "Deliveries that failed for good", _count(Delivery, Delivery.fate == Fate.DEAD)),
    ):
        Gauge(name, text, registry=registry).set(db.session.scalar(statement) or 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _count(model: type, condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(model).where(condition)
