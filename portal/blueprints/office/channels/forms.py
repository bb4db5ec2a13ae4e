"""What may be typed about a robot; a secret that is kept is never shown again."""

from __future__ import annotations

from typing import Any

from flask import current_app
from wtforms import Field
from wtforms.validators import ValidationError

from portal.drawing import department_name
from portal.forms import Choice, Line, OneOf, PortalForm, Secret, Version
from portal.i18n import _, _l, label
from portal.kernel import reference
from portal.kernel.channels.addresses import BadAddress, RobotKind, place
from portal.labels import ADDRESSES


def departments() -> list[tuple[str, str]]:
    """Every department: code and name."""
    return [(code, department_name(code)) for code in reference.staff().departments]


class RobotForm(PortalForm):
    """A robot's words; without an address the one it has stays, with its secret."""

    name = Line(_l("Name of the robot"), most=80, required=True)
    department = OneOf(_l("Tells the people of"), codes=departments, empty=_l("Every department"))
    webhook = Line(_l("Address"), most=400)
    secret = Secret(_l("Secret for signing"))
    version = Version()

    def __init__(self, *args: Any, robot_kind: RobotKind | None = None, **more: Any) -> None:
        self.robot_kind = robot_kind
        super().__init__(*args, **more)

    def validate_webhook(self, field: Field) -> None:
        """Only what belongs to the vendor, or to a host that the operator named."""
        kind, settings = self.robot_kind, current_app.config["SETTINGS"]
        if not field.data or kind is None:
            return
        try:
            place(kind, field.data, hosts=settings.robots_hosts, loopback=settings.robots_loopback)
        except BadAddress as error:
            raise ValidationError(str(ADDRESSES[error.code])) from None

    def validate_secret(self, field: Field) -> None:
        """A secret alone would be lost: address and secret are kept as one."""
        if field.data and not self.webhook.data:
            raise ValidationError(_("Please enter the address as well."))


class NewRobotForm(RobotForm):
    """A robot with its address."""

    kind = Choice(_l("Chat service"), of=RobotKind, words=label, required=True)
    webhook = Line(_l("Address"), most=400, required=True)

    def validate_webhook(self, field: Field) -> None:
        self.robot_kind = self.kind.data
        super().validate_webhook(field)
