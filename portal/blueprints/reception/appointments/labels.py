"""What people read about recurring appointments and the list's tabs."""

from __future__ import annotations

from typing import Any

from portal.blueprints.reception.appointments.codes import Repeat, Scope, When
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Repeat: {
        Repeat.WEEKLY: _l("every week"),
        Repeat.WORKDAYS: _l("every working day"),
        Repeat.MONTHLY: _l("every month"),
    },
    Scope: {Scope.ONE: _l("this one"), Scope.FOLLOWING: _l("this and the following")},
    When: {
        When.CONFIRM: _l("To confirm"),
        When.TODAY: _l("Today"),
        When.COMING: _l("Coming"),
        When.PAST: _l("Past"),
        When.ALL: _l("All"),
    },
}
