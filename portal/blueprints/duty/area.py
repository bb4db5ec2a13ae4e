"""The blueprint of duty."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.routing import BaseConverter

from portal.blueprints.duty.parts import PARTS
from portal.kernel import alarms

bp = Blueprint("duty", __name__, url_prefix="/duty")


@bp.record_once
def _tabs(state: Any) -> None:
    state.app.jinja_env.globals.update(parts_of_duty=PARTS.tabs, alarms=alarms.in_force)


def in_addresses(name: str, shape: str) -> None:
    """Let `<name:…>` in the area's addresses be texts of that shape only; anything else is not found."""
    converter = type(
        f"{name.capitalize()}Converter", (BaseConverter,), {"regex": shape, "part_isolating": True}
    )

    @bp.record_once
    def _known(state: Any) -> None:
        state.app.url_map.converters[name] = converter
