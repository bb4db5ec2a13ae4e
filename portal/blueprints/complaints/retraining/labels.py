"""What people read of training that a case asks for."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

REASONS: dict[str, Any] = {
    "case_not_closed": _l("Training is asked for once the case is archived."),
    "nothing_to_learn": _l("Training is asked for after a breach or a mistake; this case has neither."),
    "cause_unknown": _l("First the root cause is told in the plan."),
    "improvement_cancelled": _l("A cancelled improvement case asks for nothing."),
    "trains_own_people": _l("A lead asks for the training of people of the own department."),
}
OF_CASE: dict[str, Any] = {"case:retraining": _l("Training asked for")}
HISTORY: dict[str, Any] = {"improvement:retraining": _l("Training asked for")}
