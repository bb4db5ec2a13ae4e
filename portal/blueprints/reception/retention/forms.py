"""What is typed before anything is forgotten (RC-20)."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.forms import Line, PortalForm
from portal.i18n import _, _l


class ConfirmForm(PortalForm):
    """How many go, typed by whoever has looked at them."""

    confirm = Line(_l("To confirm, type how many entries that are"), most=12, required=True)

    def __init__(self, *args: Any, count: int = 0, **more: Any) -> None:
        self.count = count
        super().__init__(*args, **more)

    def validate_confirm(self, field: Field) -> None:
        if field.data != str(self.count):
            raise ValidationError(
                _("%(count)s entries would go; nothing was changed. (RC-20)", count=self.count)
            )
