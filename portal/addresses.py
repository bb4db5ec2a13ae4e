"""What may stand in an address, by its shape: whatever else is typed there is not found."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.routing import BaseConverter


def in_addresses(bp: Blueprint, name: str, shape: str) -> None:
    """Let `<name:…>` in the addresses of the portal be texts of that shape (a regular expression) only."""
    converter = type(
        f"{name.capitalize()}Converter", (BaseConverter,), {"regex": shape, "part_isolating": True}
    )

    @bp.record_once
    def _known(state: Any) -> None:
        state.app.url_map.converters[name] = converter
