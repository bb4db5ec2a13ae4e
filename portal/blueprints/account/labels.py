"""What people read of their account: messages, events, refusals, the figure of the second factor."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l, label
from portal.kernel.rights import Role

NOTICES: dict[str, Any] = {
    "account:new_browser": _l(
        "Somebody logged in as you, in a browser that you had not used before. If it was not you, change your"
        " password at once and end that session under My account."
    ),
    "account:wrong_codes": _l(
        "Your password was typed correctly, and then several wrong codes. If it was not you, change your password"
        " at once."
    ),
}
REASONS: dict[str, Any] = {
    "second_factor_needed": _l("The general office requires a second factor of your role."),
}
FIGURES: dict[str, Any] = {
    "account.second_factor_roles": _l("Roles that must log in with a second factor"),
}
HISTORY: dict[str, Any] = {
    "person:first_run": _l("Began as the first person of the general office"),
    "person:code_failed": _l("A code of the second factor was wrong"),
    "person:second_factor_on": _l("Second factor set up"),
    "person:second_factor_off": _l("Second factor turned off"),
    "person:recovery_codes": _l("New recovery codes"),
    "person:recovery_code_used": _l("Logged in with a recovery code"),
    "person:unlocked": _l("Let in again after too many tries"),
    "person:sessions_ended": _l("Logged out in other browsers"),
}


def roles(written: str) -> list[str]:
    """The value of the figure in words."""
    return [label(Role(code)) for code in written.split()]
