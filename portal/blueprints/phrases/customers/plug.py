"""What customer types plug in: addresses, words, their card beside a case."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases import asides
from portal.blueprints.phrases.customers import labels, routes
from portal.kernel.asides import PROVIDERS

FLOWS: tuple[Any, ...] = ()
PROVIDERS.append(asides.of_case)

__all__ = ["FLOWS", "labels", "routes"]
