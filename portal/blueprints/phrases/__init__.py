"""Phrases: the right words by moment, what is not said, customer types, training; what the area shows the portal."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases import kept
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.assessment import plug as assessment
from portal.blueprints.phrases.calls import plug as calls
from portal.blueprints.phrases.check import plug as check
from portal.blueprints.phrases.customers import plug as customers
from portal.blueprints.phrases.library import plug as library
from portal.blueprints.phrases.scripts import plug as scripts
from portal.blueprints.phrases.standards import plug as standards
from portal.blueprints.phrases.taboo import plug as taboo
from portal.blueprints.phrases.technique import plug as technique
from portal.blueprints.phrases.training import plug as training
from portal.i18n import _l
from portal.kernel import personal_data
from portal.plugs import words_of

# Each part plugs itself in as it is loaded; a new one is named here.
PLUGS: tuple[Any, ...] = (
    library,
    calls,
    scripts,
    technique,
    customers,
    standards,
    taboo,
    check,
    training,
    assessment,
)

personal_data.declare(*kept.CLASSES)
personal_data.nobodys(_l("Questions, answers by their place, and marks"), kept.NOBODYS)

LABELS, HISTORY, CLOCKS = words_of(PLUGS, "LABELS"), words_of(PLUGS, "HISTORY"), words_of(PLUGS, "CLOCKS")
NOTICES, REASONS = words_of(PLUGS, "NOTICES"), words_of(PLUGS, "REASONS")
READERS = words_of(PLUGS, "READERS")
VERBS, CLOCK_CLAUSES = words_of(PLUGS, "AWAITED"), words_of(PLUGS, "CLOCK_CLAUSES")
FIGURES = words_of(PLUGS, "FIGURES")
FLOWS: tuple[Any, ...] = tuple(flow for part in PLUGS for flow in part.FLOWS)

__all__ = [
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
