"""Fields that nobody types: the key by which a form is taken once, and the version of what it edits."""

from __future__ import annotations

import re
import secrets
from typing import Any

from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from portal.i18n import _

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def fresh_key() -> str:
    """A new idempotency key for a form."""
    return secrets.token_urlsafe(16)


class IdempotencyKey(HiddenField):
    """A random key that stays with a form until it is accepted; one that is absent is not checked (None)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(default=fresh_key, **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]) if valuelist else ""
        self.data = sent if _KEY.fullmatch(sent) else None
        if sent and self.data is None:
            raise ValueError(_("This form is damaged. Please load the page again."))

    def _value(self) -> str:
        return self.data or fresh_key()


class Version(HiddenField):
    """The version of the thing that a form edits, in `number`; one that is absent is not checked (None)."""

    number: int | None = None

    def process_data(self, value: Any) -> None:
        self.data, self.number = value, value

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]).strip() if valuelist else ""
        self.number = int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else None
        if sent and self.number is None:
            raise ValueError(_("This form is damaged. Please load the page again."))

    def stale(self, stored: int) -> bool:
        """True when the thing has moved on since the form was drawn."""
        return self.number is not None and self.number != stored

    def insist(self, stored: int) -> None:
        """StaleDataError (409) when the thing has moved on since the form was drawn."""
        if self.stale(stored):
            raise StaleDataError

    def _value(self) -> str:
        return "" if self.number is None else str(self.number)
