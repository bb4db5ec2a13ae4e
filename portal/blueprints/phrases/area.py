"""The blueprint of the phrases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.blueprints.phrases.parts import PARTS

bp = Blueprint("phrases", __name__, url_prefix="/phrases")


@bp.record_once
def _tabs(state: Any) -> None:
    state.app.jinja_env.globals.update(parts_of_phrases=PARTS.tabs)
