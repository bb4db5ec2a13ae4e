"""What rosters plug in."""

from __future__ import annotations

from typing import Any

from portal.blueprints.duty.rosters import labels

FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "labels"]
