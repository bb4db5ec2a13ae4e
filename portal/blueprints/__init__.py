"""AREAS: the list of areas, and how one is plugged in."""

from __future__ import annotations

from flask import Flask

from portal import enforcement, errors, i18n, labels, notices, telling
from portal.blueprints import (
    account,
    complaints,
    documents,
    duty,
    handbook,
    home,
    office,
    phrases,
    reception,
    system,
)
from portal.kernel import clause_figures

AREAS = (system, home, account, reception, complaints, duty, phrases, handbook, documents, office)


def register(app: Flask) -> None:
    """Plug in every area: its routes, its words for codes, its words for refusals."""
    i18n.LABELS.update(labels.LABELS)
    for area in AREAS:
        app.register_blueprint(area.bp)
        i18n.LABELS.update(getattr(area, "LABELS", {}))
        errors.REASONS.update(getattr(area, "REASONS", {}))
        notices.SENTENCES.update(getattr(area, "NOTICES", {}))
        enforcement.plug(getattr(area, "FLOWS", ()), getattr(area, "CLOCK_CLAUSES", {}))
        figures = getattr(area, "CLAUSE_FIGURES", ())
        clause_figures.GROUPS.extend(group for group in figures if group not in clause_figures.GROUPS)
        telling.EVENTS.update(getattr(area, "HISTORY", {}))
        telling.READERS.update(getattr(area, "READERS", {}))
        notices.VERBS.update(getattr(area, "VERBS", {}))
        notices.CLOCKS.update(getattr(area, "CLOCKS", {}))
        notices.FIGURES.update(getattr(area, "FIGURES", {}))
