"""The blueprint of duty."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.blueprints.duty.parts import PARTS
from portal.kernel import alarms

bp = Blueprint("duty", __name__, url_prefix="/duty")


@bp.record_once
def _tabs(state: Any) -> None:
    state.app.jinja_env.globals.update(parts_of_duty=PARTS.tabs, alarms=alarms.in_force)
