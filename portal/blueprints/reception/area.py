"""The blueprint of reception and the form of a visit's number in an address."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint
from werkzeug.routing import BaseConverter

from portal.blueprints.reception import parts

NUMBER = re.compile(r"LF-[0-9]{8}-[0-9]{4,9}")

bp = Blueprint("reception", __name__, url_prefix="/reception")


class NumberConverter(BaseConverter):
    """A visit's number in an address; anything else is not found."""

    regex = NUMBER.pattern
    part_isolating = True


@bp.record_once
def _converter(state: Any) -> None:
    state.app.url_map.converters["visit"] = NumberConverter
    state.app.jinja_env.globals["parts_of_reception"] = parts.PARTS.tabs
