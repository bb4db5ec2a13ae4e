"""What scripts plug in: addresses and words."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.scripts import labels, routes

FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "labels", "routes"]
