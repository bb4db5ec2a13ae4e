"""What may be typed at the login and in one's own settings."""

from __future__ import annotations

from typing import Any

from flask import current_app
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from portal.blueprints.account import common, rules
from portal.config import Settings
from portal.forms import Line, NewUsername, PortalForm, Secret
from portal.i18n import _, _l

AGAINST = {
    "short": _l("Please use at least 10 characters."),
    "personal": _l("Please do not use your name or user name as the password."),
    "common": _l("This password is too common. Please choose another one."),
    "expected": _l("Please do not build the password from the names of the company or the portal."),
    "listed": _l("This password is on your company's list of those that must not be used."),
    "monotonous": _l("Please use more different characters."),
}
# Who proved who they are elsewhere, and yet may not come in.
BARRED = {
    "not_linked": _l(
        "The company knows you, but the portal has no account that is yours. The general office can make one."
    ),
    "locked": _l("Your account in the portal is locked. The general office can unlock it."),
    "no_role": _l("None of your groups has a role in the portal. Please ask whoever looks after the groups."),
    "no_department": _l("Your department is not known to the portal. Please ask the general office."),
    "bad_username": _l("Your user name cannot be used in the portal. Please ask the general office."),
    "username_taken": _l(
        "An account of your user name is there already and is not linked with you. Please ask the general office."
    ),
    "linked_before": _l("This login belongs to another account, or the account to another login."),
    "one_time_over": _l("This one-time password has expired. The general office can give you a new one."),
    "link_ended": _l("This link has been used or has expired. The general office can give you a new one."),
}
FAILED = {
    "away": _l("The login service does not answer. Please try again soon."),
    "refused": _l("The login service did not log you in."),
    "untrusted": _l(
        "The login service's answer cannot be trusted; nobody was logged in. Please tell whoever looks after it."
    ),
    "begun_elsewhere": _l("This login was begun in another window, or too long ago. Please begin again."),
}


def against_password(typed: str, username: str, name: str) -> str:
    """Why a new password will not do, by the rules and the company's own list: a key of AGAINST, or empty."""
    settings: Settings = current_app.config["SETTINGS"]
    against = rules.against_password(typed, username, name, settings.company)
    if not against and settings.refused_passwords and common.in_list(typed, settings.refused_passwords):
        return "listed"
    return against


class LoginForm(PortalForm):
    username = Line(_l("User name"), most=80, required=True)
    password = Secret(_l("Password"), required=True)


class CodeForm(PortalForm):
    """A code of the device, or a recovery code."""

    code = Line(_l("Code of the device, or a recovery code"), most=40, required=True)


class FactorForm(PortalForm):
    """Who changes the second factor shows to be the person, once more by both."""

    password = Secret(_l("Current password"), required=True)
    code = Line(_l("Code of the device, or a recovery code"), most=40, required=True)


class EnrolForm(PortalForm):
    """The first code of a device; `sealed` is the secret that the picture shows."""

    password = Secret(_l("Current password"), required=True)
    code = Line(_l("Code that the device shows"), most=40, required=True)
    sealed = HiddenField()


class FirstPersonForm(PortalForm):
    """The first person of the general office, and the code of the server's log."""

    code = Line(_l("Code of the server"), most=40, required=True)
    name = Line(_l("Name"), most=80, required=True)
    username = NewUsername(_l("User name"), required=True)
    password = Secret(_l("Password"), required=True)
    repeat = Secret(_l("Repeat the password"), required=True)

    def validate_password(self, field: Field) -> None:
        username, name = self.username.data or "", self.name.data or ""
        if against := against_password(field.data or "", username, name):
            raise ValidationError(str(AGAINST[against]))

    def validate_repeat(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords do not match."))


class PasswordForm(PortalForm):
    """A new password, typed twice, and the present one."""

    current = Secret(_l("Current password"), required=True)
    password = Secret(_l("New password"), required=True)
    repeat = Secret(_l("Repeat the new password"), required=True)

    def __init__(self, *args: Any, username: str = "", name: str = "", **more: Any) -> None:
        self.username, self.name = username, name
        super().__init__(*args, **more)

    def validate_password(self, field: Field) -> None:
        if against := against_password(field.data or "", self.username, self.name):
            raise ValidationError(str(AGAINST[against]))
        if field.data == self.current.data:
            raise ValidationError(_("The new password must differ from the current one."))

    def validate_repeat(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords do not match."))
