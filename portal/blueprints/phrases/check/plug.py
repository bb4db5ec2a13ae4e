"""What the check plugs in: addresses."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.check import labels, routes

FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "labels", "routes"]
