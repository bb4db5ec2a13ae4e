"""What every field of ours has in common."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from portal.i18n import _, _l

REQUIRED = _l("This must be filled in.")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Typed(Field):
    """What every field of ours has in common: one value, a demand that can be said in words, nothing
    unstorable.

    `required` is True for the usual message or a message of its own.
    """

    def __init__(self, label: Any = None, *, required: Any = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.demand = REQUIRED if required is True else required
        if required:
            self.flags.required = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; ValueError with the message when it cannot be taken."""
        if not valuelist:
            return
        text = self.tidy(str(valuelist[0]))
        self.data = self.unread(text)
        if len(valuelist) > 1:
            raise ValueError(_("This was sent more than once; only one answer can be given here."))
        if UNSTORABLE.search(text):
            raise ValueError(_("This contains characters that cannot be stored."))
        self.data = self.read(text)

    def tidy(self, text: str) -> str:
        """What was sent without what nobody means to type."""
        return text.strip()

    def unread(self, text: str) -> Any:
        """What stays in `data` when the text cannot be taken."""
        return None

    def read(self, text: str) -> Any:
        """The value of a text; ValueError with the message when there is none. An empty text is None."""
        return text or None

    def pre_validate(self, form: Any) -> None:
        """Stop at the first thing that is wrong, and ask for what is missing."""
        if self.process_errors:
            raise StopValidation
        if self.demand and self.data in (None, "", []):
            raise StopValidation(str(self.demand))

    def typed(self) -> str | None:
        """What was sent, to be shown again; None when nothing was."""
        return UNSTORABLE.sub("", str(self.raw_data[0])) if self.raw_data else None
