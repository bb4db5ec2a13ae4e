"""What service standards plug in: addresses, words, their kind of document, who reads of them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal import document_kinds
from portal.blueprints.phrases.standards import labels, queries, routes, rules, shipped, watch
from portal.blueprints.phrases.standards.forms import ChapterForm, parts
from portal.blueprints.phrases.standards.models import Run
from portal.blueprints.phrases.standards.workflow import RUN
from portal.document_kinds import Drawn
from portal.i18n import _l
from portal.kernel import audit, documents
from portal.kernel.documents import Kind

FLOWS = (RUN,)
documents.register(Kind(queries.KIND, title=shipped.title, shipped=shipped.chapters, check=rules.against))
document_kinds.draw(
    Drawn(
        queries.KIND, _l("Service standard"), ChapterForm, parts,
        address=lambda code: f"/phrases/standards/{code}", tabs="phrases/_parts.html",
    )
)  # fmt: skip
audit.REACH["standard_run"] = lambda viewer, its_id: sa.exists().where(
    Run.id == its_id, queries.visible_to(viewer)
)

__all__ = ["FLOWS", "labels", "routes", "watch"]
