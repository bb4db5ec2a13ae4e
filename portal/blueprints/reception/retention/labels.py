"""The words of RC-20."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

HISTORY: dict[str, Any] = {
    "visit:anonymise": _l("Term over: names and texts were removed"),
    "visit:remove": _l("Names and texts were removed on request"),
    "visit:export": _l("The person's data were handed over"),
    "visit:reveal": _l("The whole phone number was looked at"),
    "customer:remove": _l("The card was removed on request"),
}
NOTICES: dict[str, Any] = {
    "visit:term_over": _l("Visits are past their term; look at them and have their names removed."),
}
AWAITED: dict[str, Any] = {"forget-visits": _l("Remove names past their term")}
REASONS: dict[str, Any] = {
    "visit_not_over": _l("The visit is not over."),
    "visit_things_here": _l("Things of this visit are still here: %(things)s."),
    "several_people": _l("This fits several people. Search with name and phone number."),
}
FIGURES: dict[str, Any] = {
    "retention.visits_days": _l("Days the names of visitors are kept"),
    "visit.long_wait_minutes": _l("Minutes after which a wait is apologised for"),
}
