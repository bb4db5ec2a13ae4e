"""Duty: posts, rosters, handovers, the shift log, emergencies; what the area shows the portal."""

from __future__ import annotations

from typing import Any

from portal import limit_figures
from portal.blueprints.duty import departing, kept
from portal.blueprints.duty import person_figures as of_person
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.attendance import plug as attendance
from portal.blueprints.duty.checklists import plug as checklists
from portal.blueprints.duty.contacts import plug as contacts
from portal.blueprints.duty.emergencies import plug as emergencies
from portal.blueprints.duty.equipment import plug as equipment
from portal.blueprints.duty.handover import plug as handover
from portal.blueprints.duty.inspections import plug as inspections
from portal.blueprints.duty.leave import plug as leave
from portal.blueprints.duty.log import plug as log
from portal.blueprints.duty.posts import plug as posts
from portal.blueprints.duty.repairs import plug as repairs
from portal.blueprints.duty.reports import plug as reports
from portal.blueprints.duty.rosters import plug as rosters
from portal.blueprints.duty.spot_checks import plug as spot_checks
from portal.blueprints.duty.swaps import plug as swaps
from portal.blueprints.duty.wall import plug as wall
from portal.i18n import _l
from portal.kernel import departures, person_figures, personal_data
from portal.plugs import words_of

# Each part plugs itself in as it is loaded; a new one is named here.
PLUGS: tuple[Any, ...] = (
    posts, rosters, equipment, log, handover, leave, swaps, repairs, inspections, checklists, spot_checks, attendance,
    reports, emergencies, contacts, wall,
)  # fmt: skip

person_figures.PROVIDERS.append(of_person.of_people)
departures.BELONGINGS.extend(departing.BELONGINGS)
personal_data.declare(*kept.CLASSES)
personal_data.nobodys(_l("Lists, plans and things of the company"), kept.NOBODYS)

LABELS, HISTORY, CLOCKS = words_of(PLUGS, "LABELS"), words_of(PLUGS, "HISTORY"), words_of(PLUGS, "CLOCKS")
NOTICES, REASONS = words_of(PLUGS, "NOTICES"), words_of(PLUGS, "REASONS")
READERS = words_of(PLUGS, "READERS")
VERBS, CLOCK_CLAUSES = words_of(PLUGS, "AWAITED"), words_of(PLUGS, "CLOCK_CLAUSES")
FIGURES = words_of(PLUGS, "FIGURES")
FLOWS: tuple[Any, ...] = tuple(flow for part in PLUGS for flow in part.FLOWS)
# Beside the real ones a drill needs its name.
DRILLED = {"arrival_drill": _l("On the scene, in a drill")}
CLAUSE_FIGURES = (limit_figures.group(CLOCK_CLAUSES, CLOCKS | DRILLED),)

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
