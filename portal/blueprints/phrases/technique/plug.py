"""What technique cards plug in: words. They are shown with the scripts and beside a case."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.technique import labels

FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "labels"]
