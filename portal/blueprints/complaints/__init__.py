"""Cases: inquiries, suggestions, complaints; what the area shows the portal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# Each of these parts names its addresses as it is loaded; nothing here calls them, hence the mark at the last one.
import portal.blueprints.complaints.archive.routes
import portal.blueprints.complaints.calls.routes
import portal.blueprints.complaints.export.routes
import portal.blueprints.complaints.figures.routes
import portal.blueprints.complaints.finding
import portal.blueprints.complaints.glance
import portal.blueprints.complaints.imports.routes
import portal.blueprints.complaints.improvements.routes
import portal.blueprints.complaints.intake.routes
import portal.blueprints.complaints.penalties.routes
import portal.blueprints.complaints.retraining.routes
import portal.blueprints.complaints.return_visits.routes
import portal.blueprints.complaints.spot_checks.routes  # noqa: F401  # named for what it does when it is loaded
from portal import importing, limit_figures
from portal.blueprints.complaints import (
    call_end,
    daily,
    departing,
    disposal,
    handing,
    kept,
    labels,
    of_customer,
    wording,
)
from portal.blueprints.complaints import person_figures as of_person
from portal.blueprints.complaints.archive import labels as archive_words
from portal.blueprints.complaints.archive.workflow import ARCHIVE
from portal.blueprints.complaints.calls import labels as call_words
from portal.blueprints.complaints.figures import labels as figure_words
from portal.blueprints.complaints.figures import of_clauses
from portal.blueprints.complaints.figures.workflow import REPORT
from portal.blueprints.complaints.imports.plug import CASES
from portal.blueprints.complaints.improvements import labels as improvement_words
from portal.blueprints.complaints.improvements.models import Improvement
from portal.blueprints.complaints.improvements.queries import visible_to as improvement_visible_to
from portal.blueprints.complaints.improvements.watch import CLOCKS as IMPROVEMENT_LIMITS
from portal.blueprints.complaints.improvements.workflow import IMPROVEMENT
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import labels as order_words
from portal.blueprints.complaints.orders import plug as orders
from portal.blueprints.complaints.penalties import labels as penalty_words
from portal.blueprints.complaints.penalties.models import Penalty
from portal.blueprints.complaints.penalties.queries import visible_to as penalty_visible_to
from portal.blueprints.complaints.penalties.workflow import PENALTY
from portal.blueprints.complaints.queries import numbers_of
from portal.blueprints.complaints.reach import visible_to
from portal.blueprints.complaints.retraining import labels as retraining_words
from portal.blueprints.complaints.return_visits import labels as visit_words
from portal.blueprints.complaints.return_visits.actions import erase as erase_return_visits
from portal.blueprints.complaints.return_visits.workflow import RETURN_VISIT
from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.spot_checks import labels as spot_words
from portal.blueprints.complaints.spot_checks.actions import erase as erase_spot_checks
from portal.blueprints.complaints.spot_checks.models import SpotCheck
from portal.blueprints.complaints.spot_checks.workflow import SPOT_CHECK
from portal.blueprints.complaints.story import DETAILS
from portal.blueprints.complaints.watch import CLOCKS as LIMITS
from portal.blueprints.complaints.watch import recompute
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import (
    audit,
    calls,
    customers,
    departures,
    links,
    person_figures,
    personal_data,
    policies,
    what_if,
)
from portal.kernel import daily as days
from portal.kernel import handing as handed_on
from portal.kernel import wording as worded
from portal.kernel.rights import Role

policies.RECOMPUTE.append(recompute)
calls.ENDS.append(call_end.END)
calls.KNOWN.append(call_end.known)
handed_on.PROVIDERS.append(handing.what_is_open)
handed_on.PAPERS.append(handing.unfiled)
days.PROVIDERS.append(daily.of_day)
departures.BELONGINGS.extend(departing.BELONGINGS)
person_figures.PROVIDERS.append(of_person.of_people)
customers.HISTORIES.append(of_customer.cases)
links.SHOWN[Case.history_kind] = numbers_of
importing.KINDS[CASES.name] = CASES
worded.ABOUT["TS"] = wording.about
what_if.MAY_COUNT[Case.history_kind] = of_clauses.may_count
what_if.MAY_COUNT[Penalty.history_kind] = lambda viewer, _its_id: sa.literal(viewer.role is Role.OFFICE)
audit.REACH["case"] = lambda viewer, case_id: sa.exists().where(Case.id == case_id, visible_to(viewer))
audit.REACH["improvement"] = lambda viewer, its_id: sa.exists().where(
    Improvement.id == its_id, improvement_visible_to(viewer)
)
audit.REACH["penalty"] = lambda viewer, its_id: sa.exists().where(
    Penalty.id == its_id, penalty_visible_to(viewer)
)
audit.REACH["spot_check"] = lambda viewer, check_id: sa.exists().where(
    SpotCheck.id == check_id, sa.or_(SpotCheck.barred_id.is_(None), SpotCheck.barred_id != viewer.id)
)
disposal.ERASERS.extend((erase_spot_checks, erase_return_visits))
personal_data.declare(*kept.CLASSES)
personal_data.OWN.append(kept.OWN)
# Who may read the audit may see every report and sheet, and every improvement case, so also why one was not raised.
for kind in ("case_report", "penalty_sheet", "recurrence", "spot_sample", "return_visit"):
    audit.REACH[kind] = lambda viewer, its_id: sa.true()

WORDS = (
    labels,
    order_words,
    improvement_words,
    archive_words,
    penalty_words,
    figure_words,
    call_words,
    spot_words,
    visit_words,
    retraining_words,
)


def _of_all(name: str) -> dict[Any, Any]:
    """The words of that name in every part, put together."""
    return {key: words for part in WORDS for key, words in getattr(part, name, {}).items()}


# In place, for a case's page reads its own table.
labels.HISTORY.update(_of_all("OF_CASE"))
LABELS, HISTORY, CLOCKS = _of_all("LABELS"), _of_all("HISTORY"), _of_all("CLOCKS")
NOTICES, REASONS = _of_all("NOTICES"), _of_all("REASONS")
VERBS = (
    labels.VERBS | figure_words.VERBS | spot_words.VERBS | visit_words.VERBS | _of_all("AWAITED")
)  # a part's verbs may be called as a case's are; what waits has its own names
FLOWS = (CASE, *orders.FLOWS, IMPROVEMENT, ARCHIVE, PENALTY, REPORT, SPOT_CHECK, RETURN_VISIT)
READERS = {
    "case": {"improvement": (improvement_words.CASE, str), **DETAILS, **archive_words.DETAILS},
    "order": order_words.DETAILS,
    "improvement": improvement_words.DETAILS,
    "recurrence": improvement_words.DETAILS,
    "spot_check": spot_words.DETAILS,
    "spot_sample": spot_words.DRAWN,
    "return_visit": visit_words.DETAILS,
    **penalty_words.READERS,
}
CLOCK_CLAUSES = (
    {kind: clause for kind, (_, clause) in LIMITS.items()}
    | IMPROVEMENT_LIMITS
    | penalty_words.CLOCK_CLAUSES
    | visit_words.CLOCK_CLAUSES
    | {"promise": "CP-15"}  # its end is named with it
)
CLAUSE_FIGURES = (
    of_clauses.GROUP,
    limit_figures.group(IMPROVEMENT_LIMITS | visit_words.CLOCK_CLAUSES, CLOCKS),
    # CP-24: a penalty is nobody's news before it is published, not even by a number.
    limit_figures.group(penalty_words.CLOCK_CLAUSES, CLOCKS, lambda viewer: viewer.role is Role.OFFICE),
)

__all__ = [
    "CLAUSE_FIGURES",
    "CLOCKS",
    "CLOCK_CLAUSES",
    "FLOWS",
    "HISTORY",
    "LABELS",
    "NOTICES",
    "READERS",
    "REASONS",
    "VERBS",
    "bp",
]
