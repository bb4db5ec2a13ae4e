"""What people read for the kernel's codes: roles, ranks, positions, standing of a person."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l
from portal.kernel.company_calendar import DayKind
from portal.kernel.files import Rejected
from portal.kernel.outbox import Fate
from portal.kernel.people import Status
from portal.kernel.rights import Position, Rank, Role

LABELS: dict[Any, Any] = {
    Role: {
        Role.EMPLOYEE: _l("Employee"),
        Role.DESK: _l("Front desk"),
        Role.LEAD: _l("Lead"),
        Role.OFFICE: _l("General office"),
    },
    Rank: {
        Rank.STAFF: _l("Staff"),
        Rank.SUPERVISOR: _l("Supervisor"),
        Rank.MIDDLE: _l("Middle manager"),
        Rank.SENIOR: _l("Senior manager"),
    },
    Position: {
        Position.GENERAL_MANAGER: _l("General manager"),
        Position.OFFICE_DIRECTOR: _l("General-office director"),
        Position.PERSONNEL: _l("Personnel"),
        Position.PURCHASER: _l("Purchaser"),
        Position.DUTY_LEADER: _l("Duty leader"),
        Position.LEAD: _l("Head of department"),
        Position.SUPERVISOR: _l("Supervisor of a department"),
        Position.CLERK: _l("Administrative clerk"),
    },
    Status: {
        Status.ACTIVE: _l("Active"),
        Status.DISABLED: _l("Disabled"),
        Status.DEPARTED: _l("Departed"),
    },
    DayKind: {
        DayKind.HOLIDAY: _l("Public holiday"),
        DayKind.WORKDAY: _l("Make-up workday"),
        DayKind.COMPANY: _l("Company day"),
    },
    Fate: {Fate.WAITING: _l("Waiting"), Fate.SENT: _l("Sent"), Fate.DEAD: _l("Given up")},
}

# Why a file is not taken.
REJECTIONS: dict[str, Any] = {
    "empty": _l("%(name)s is empty."),
    "too_large": _l("%(name)s is too large; a file may have up to %(most)s MB."),
    "unknown_type": _l("%(name)s is a kind of file that is not accepted. Accepted are pictures, PDF, Word, Excel, "
                       "PowerPoint, text, sound recordings and MP4."),
    "lies": _l("The name of %(name)s does not match its content, which is %(found)s."),
    "active": _l("%(name)s contains a program or a web page."),
    "damaged": _l("%(name)s is damaged and cannot be opened."),
    "no_picture": _l("%(name)s is no picture that can be shown."),
    "bomb": _l("%(name)s would become far too large when opened."),
}  # fmt: skip


def rejected(error: Rejected) -> str:
    """Why a file is not taken, in the language of the page."""
    return str(REJECTIONS[error.code]) % error.given
