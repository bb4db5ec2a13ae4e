"""The scripts in force, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound

from portal.blueprints.phrases import shipped
from portal.blueprints.phrases.scripts.codes import Channel

KIND = "script"
SHIPPED = Path(__file__).parent / "shipped"
Body = Mapping[str, Any]


def scripts() -> list[tuple[str, Body]]:
    """Code and body of every script, those for the phone first."""
    order = list(Channel)
    return sorted(shipped.files(SHIPPED), key=lambda found: (order.index(Channel(found[1]["channel"])), found[0]))


def script(code: str) -> Body:
    """The script of that code; NotFound otherwise."""
    found = dict(scripts()).get(code)
    if found is None:
        raise NotFound
    return found
