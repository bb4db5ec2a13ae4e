"""Reception: visits from the appointment to the archived register; what the area shows the portal."""

from __future__ import annotations

from typing import Any

from portal import limit_figures
from portal.blueprints.reception import plug as visits
from portal.blueprints.reception.appointments import plug as appointments
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.categories import plug as categories
from portal.blueprints.reception.customers import plug as customers
from portal.blueprints.reception.keeping import plug as keeping
from portal.blueprints.reception.kiosk import plug as kiosk
from portal.blueprints.reception.parcels import plug as parcels
from portal.blueprints.reception.questions import plug as questions
from portal.blueprints.reception.register import plug as register
from portal.blueprints.reception.retention import plug as retention
from portal.blueprints.reception.rooms import plug as rooms
from portal.blueprints.reception.services import plug as services
from portal.blueprints.reception.supplies import plug as supplies
from portal.plugs import words_of

# Each part plugs itself in as it is loaded; a new one is named here.
PLUGS: tuple[Any, ...] = (
    visits,
    appointments,
    categories,
    customers,
    keeping,
    kiosk,
    parcels,
    questions,
    register,
    retention,
    rooms,
    services,
    supplies,
)


LABELS, HISTORY, CLOCKS = words_of(PLUGS, "LABELS"), words_of(PLUGS, "HISTORY"), words_of(PLUGS, "CLOCKS")
NOTICES, REASONS = words_of(PLUGS, "NOTICES"), words_of(PLUGS, "REASONS")
READERS = words_of(PLUGS, "READERS")  # several parts write in the history of a visit
VERBS, CLOCK_CLAUSES = words_of(PLUGS, "AWAITED"), words_of(PLUGS, "CLOCK_CLAUSES")
FIGURES = words_of(PLUGS, "FIGURES")
FLOWS: tuple[Any, ...] = tuple(flow for part in PLUGS for flow in part.FLOWS)
CLAUSE_FIGURES = (limit_figures.group(CLOCK_CLAUSES, CLOCKS),)

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
