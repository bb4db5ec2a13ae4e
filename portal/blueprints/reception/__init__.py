"""Reception: visits from the appointment to the archived register; what the area shows the portal."""

from __future__ import annotations

from typing import Any

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


def _of_all(name: str) -> dict[Any, Any]:
    """The words of that name in every part, put together."""
    return {key: words for part in PLUGS for key, words in getattr(part.labels, name, {}).items()}


def _readers() -> dict[str, Any]:
    """How details are read, by kind of thing: several parts write in the history of a visit, and each reads its own."""
    found: dict[str, Any] = {}
    for part in PLUGS:
        for kind, readers in getattr(part.labels, "READERS", {}).items():
            found[kind] = {**found.get(kind, {}), **readers}
    return found


LABELS, HISTORY, CLOCKS = _of_all("LABELS"), _of_all("HISTORY"), _of_all("CLOCKS")
NOTICES, REASONS, READERS = _of_all("NOTICES"), _of_all("REASONS"), _readers()
VERBS, CLOCK_CLAUSES, FIGURES = _of_all("AWAITED"), _of_all("CLOCK_CLAUSES"), _of_all("FIGURES")
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
