"""What scripts plug in: addresses and words."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.scripts import documents, finding, labels, routes
from portal.document_kinds import draw
from portal.kernel.documents import register

FLOWS: tuple[Any, ...] = ()
register(documents.KIND)
draw(documents.DRAWN)

__all__ = ["FLOWS", "finding", "labels", "routes"]
