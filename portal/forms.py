"""What every form is: made of the portal's fields, judged, sent once, refused when it is stale.

The fields themselves are in `portal.fields`; whoever writes a form has both from here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from flask import request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, Form, HiddenField

from portal import customer_texts
from portal.fields.base import REQUIRED, UNSTORABLE, Typed
from portal.fields.choices import Choice, NewUsername, OneOf, Someone
from portal.fields.counted import YEARS, Day, Moment, Whole
from portal.fields.hidden import IdempotencyKey, Version, fresh_key
from portal.fields.texts import (
    CustomerLine,
    CustomerText,
    CustomerTexts,
    ForCustomer,
    Line,
    Paragraph,
    Secret,
    Several,
    TextScope,
)
from portal.i18n import is_chinese
from portal.kernel import files
from portal.kernel.sent_forms import Sent

__all__ = [
    "REQUIRED",
    "UNSAID",
    "UNSTORABLE",
    "YEARS",
    "Choice",
    "CustomerLine",
    "CustomerText",
    "CustomerTexts",
    "Day",
    "ForCustomer",
    "IdempotencyKey",
    "Line",
    "Moment",
    "NewUsername",
    "OneOf",
    "Paragraph",
    "PortalForm",
    "Secret",
    "Several",
    "Someone",
    "TextScope",
    "Typed",
    "VerbForm",
    "Version",
    "VersionedForm",
    "Whole",
    "fresh_key",
    "sent",
]


class PortalForm(Form):
    """A form of the portal: fields, limits, messages. The guard checks CSRF before any form is read."""

    class Meta:
        """WTForms' own messages in the language of the page."""

        @property
        def locales(self) -> list[str]:
            return ["zh"] if is_chinese() else ["en"]

    @classmethod
    def of_request(cls, **more: Any) -> Self:
        """The form as it was sent with this request, files included."""
        return cls(CombinedMultiDict([request.form, request.files]), **more)

    @classmethod
    def blank(cls, **data: Any) -> Self:
        """The form before anybody typed, or filled with what is stored."""
        return cls(None, **data)

    def asks(self) -> list[Field]:
        """The fields that a person fills in; the others travel with the form."""
        return [field for field in self if not isinstance(field, HiddenField)]

    def validate(self, extra_validators: Any = None) -> bool:
        """True when everything can be taken as it is; what is said to a customer is judged last (PG-04, PG-11)."""
        texts = self._for_customers()
        # A better line that was asked for is shown before it is sent.
        fine = bool(super().validate(extra_validators)) and not any(text.was_mended for text in texts)
        due = self._fields.get("due_at")
        return customer_texts.judge_all(
            [text for text in texts if not text.when or self[text.when[0]].data == text.when[1]],
            fine=fine,
            dated=bool(due is not None and due.data),
        )

    def promised(self, by: Callable[[], bool] | bool) -> None:
        """Whether a promise with a date runs already, for the texts of this form that promise something (CP-15)."""
        for field in self._for_customers():
            field.promised = by

    def _for_customers(self) -> list[ForCustomer]:
        return [field for field in self if isinstance(field, ForCustomer)]


class VerbForm(PortalForm):
    """The form of one verb of a workflow, which is done once however often the form is sent."""

    idempotency_key = IdempotencyKey()

    def given(self) -> dict[str, Any]:
        """The fields as an action takes them, persons as cards; the key is left out."""
        fields = {name: field for name, field in self._fields.items() if name != "idempotency_key"}
        return {
            name: field.card if isinstance(field, Someone) else field.data for name, field in fields.items()
        }


# What a form carries besides its words: no two forms differ by it.
UNSAID = frozenset({"csrf_token", "idempotency_key"})


def sent(number: str, verb: str) -> Sent | None:
    """The form as it was sent; None when it carries no key, and is then never a double."""
    key = VerbForm.of_request().idempotency_key.data
    fields = {name: texts for name, texts in request.form.lists() if name not in UNSAID}
    for name, storages in request.files.lists():
        fields[name] = [files.digest(storage.stream) for storage in storages if storage.filename]
    return Sent.of(key, number, verb, fields) if key else None


class VersionedForm(VerbForm):
    """The form of a verb that a stale page must not send."""

    version = Version()

    def given(self) -> dict[str, Any]:
        """The fields as an action takes them, the version left out."""
        return {name: value for name, value in super().given().items() if name != "version"}
