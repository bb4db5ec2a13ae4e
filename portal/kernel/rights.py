"""Roles, positions and ranks; which role may do what: data, and the one question asked of it."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    EMPLOYEE = "employee"
    DESK = "desk"
    LEAD = "lead"
    OFFICE = "office"


class Position(enum.StrEnum):
    """Who answers. Roles give rights; a position, held for a department or the company, says whose turn it is."""

    GENERAL_MANAGER = "general_manager"
    OFFICE_DIRECTOR = "office_director"
    PERSONNEL = "personnel"
    PURCHASER = "purchaser"
    DUTY_LEADER = "duty_leader"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    CLERK = "clerk"


COMPANY_WIDE = frozenset(
    {
        Position.GENERAL_MANAGER,
        Position.OFFICE_DIRECTOR,
        Position.PERSONNEL,
        Position.PURCHASER,
        Position.DUTY_LEADER,
    }
)


class Rank(enum.StrEnum):
    """A person's rank, lowest first (CP-36, DR-06)."""

    STAFF = "staff"
    SUPERVISOR = "supervisor"
    MIDDLE = "middle"
    SENIOR = "senior"

    @property
    def height(self) -> int:
        """0 for the lowest."""
        return list(Rank).index(self)


class May(enum.StrEnum):
    """What a route asks for. Whose turn a verb is, the workflow row says."""

    USE_PORTAL = "use_portal"
    SEE_CASES = "see_cases"
    REGISTER_CASES = "register_cases"
    EXPORT_CASES = "export_cases"
    IMPORT_CASES = "import_cases"
    SEE_VISITS = "see_visits"
    RECEIVE = "receive"
    SEE_DUTY = "see_duty"
    PLAN_DUTY = "plan_duty"
    MANAGE_OFFICE = "manage_office"
    READ_AUDIT = "read_audit"


_EVERYBODY = frozenset({May.USE_PORTAL, May.SEE_CASES, May.REGISTER_CASES, May.SEE_VISITS, May.SEE_DUTY})

GRANTS: dict[Role, frozenset[May]] = {
    Role.EMPLOYEE: _EVERYBODY,
    Role.DESK: _EVERYBODY | {May.EXPORT_CASES, May.RECEIVE},
    Role.LEAD: _EVERYBODY | {May.EXPORT_CASES},
    Role.OFFICE: _EVERYBODY
    | {May.EXPORT_CASES, May.IMPORT_CASES, May.RECEIVE, May.PLAN_DUTY, May.MANAGE_OFFICE, May.READ_AUDIT},
}


def allowed(role: Role, what: May) -> bool:
    """True when the role grants the right."""
    return what in GRANTS[role]
