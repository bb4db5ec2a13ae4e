"""What the wall plugs in: addresses and words."""

from __future__ import annotations

from typing import Any

from portal.blueprints.duty.wall import labels, routes

FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "labels", "routes"]
