"""What customer types plug in: addresses, words, their card beside a case."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases import asides
from portal.blueprints.phrases.customers import documents, labels, routes
from portal.document_kinds import draw
from portal.kernel.asides import PROVIDERS
from portal.kernel.documents import register

FLOWS: tuple[Any, ...] = ()
register(documents.KIND)
draw(documents.DRAWN)
PROVIDERS.append(asides.of_case)

__all__ = ["FLOWS", "labels", "routes"]
