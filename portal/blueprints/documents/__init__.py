"""Documents: proposed, approved, compared, confirmed; the same pages for every kind of them (GO-01)."""

from __future__ import annotations

from portal import limit_figures, setup
from portal.blueprints.documents.labels import (
    AWAITED,
    CLOCK_CLAUSES,
    CLOCKS,
    FIGURES,
    HISTORY,
    LABELS,
    NOTICES,
    READERS,
    REASONS,
)
from portal.blueprints.documents.routes import bp
from portal.kernel import audit, clock, documents
from portal.kernel.documents.reading import reach
from portal.kernel.documents.workflow import DOCUMENT

FLOWS = (DOCUMENT,)
VERBS = AWAITED
setup.LOADERS.append(lambda: documents.load_shipped(clock.now()))
audit.REACH["document"] = reach
# A review's day only warns.
CLAUSE_FIGURES = (limit_figures.group({"document_decide": "GO-01"}, CLOCKS),)

__all__ = [
    "CLAUSE_FIGURES",
    "CLOCKS",
    "CLOCK_CLAUSES",
    "FIGURES",
    "FLOWS",
    "HISTORY",
    "LABELS",
    "NOTICES",
    "READERS",
    "REASONS",
    "VERBS",
    "bp",
]
