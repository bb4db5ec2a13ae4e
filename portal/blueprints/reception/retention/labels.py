"""The words of RC-20."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

# What happens to anything that a part keeps of a person, see `traces`.
KEPT = ("visit", "question", "deposit", "key_loan", "goods_pass", "parcel")
HISTORY: dict[str, Any] = {
    **{f"{kind}:anonymise": _l("Term over: names and texts were removed") for kind in KEPT},
    **{f"{kind}:remove": _l("Names and texts were removed on request") for kind in KEPT},
    **{f"{kind}:export": _l("The person's data were handed over") for kind in KEPT},
    **{f"{kind}:reveal": _l("The whole phone number was looked at") for kind in ("visit", "question")},
    "visit:companion-remove": _l("A companion's name was removed on request"),
    "visit:companion-export": _l("A companion's data were handed over"),
    "customer:remove": _l("The card was removed on request"),
}
NOTICES: dict[str, Any] = {
    "visit:term_over": _l("Names are past their term; look at them and have them removed."),
}
AWAITED: dict[str, Any] = {"forget-visits": _l("Remove names past their term")}
REASONS: dict[str, Any] = {
    "visit_not_over": _l("The visit is not over."),
    "thing_not_over": _l("It is not over yet, or something of it is still here."),
    "visit_things_here": _l("Things of this visit are still here: %(things)s."),
    "too_many_traces": _l("More than %(most)s entries fit this. Search with name and phone number."),
    "several_people": _l("This fits several people. Search with name and phone number."),
}
FIGURES: dict[str, Any] = {
    "retention.visits_days": _l("Days the names of visitors are kept"),
    "visit.long_wait_minutes": _l("Minutes after which a wait is apologised for"),
}
