"""What technique cards plug in: words. They are shown with the scripts and beside a case."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.technique import documents, labels
from portal.document_kinds import draw
from portal.kernel.documents import register

FLOWS: tuple[Any, ...] = ()
register(documents.KIND)
draw(documents.DRAWN)

__all__ = ["FLOWS", "labels"]
