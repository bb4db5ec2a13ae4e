"""The blueprint of reception and the form of a visit's number in an address."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint

from portal.addresses import in_addresses
from portal.blueprints.reception import parts
from portal.kernel import numbers

NUMBER = re.compile(numbers.shape("LF"))

bp = Blueprint("reception", __name__, url_prefix="/reception")


in_addresses(bp, "visit", NUMBER.pattern)


@bp.record_once
def _tabs(state: Any) -> None:
    state.app.jinja_env.globals["parts_of_reception"] = parts.PARTS.tabs
