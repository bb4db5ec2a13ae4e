"""What may be typed about a day's register and its entries."""

from __future__ import annotations

from portal.blueprints.reception.register.codes import Field
from portal.forms import Choice, IdempotencyKey, Line, Paragraph, PortalForm, Secret, VerbForm
from portal.i18n import _l, label


class Nothing(VerbForm):
    """A touch that needs no word."""


class ReviewForm(VerbForm):
    note = Paragraph(_l("Note"), most=400)


class ReturnForm(VerbForm):
    reason = Paragraph(
        _l("What has to be put right"), most=400, required=_l("Say what has to be put right. (RC-17)")
    )


FORMS: dict[str, type[VerbForm]] = {
    "compile": Nothing,
    "review": ReviewForm,
    "return": ReturnForm,
    "archive": Nothing,
}


class CorrectionForm(PortalForm):
    """RC-17: what an entry should say, signed by the password of who signs."""

    field = Choice(_l("What is wrong"), of=Field, words=label, required=True)
    should_be = Line(_l("How it should read"), most=400, required=True)
    reason = Paragraph(_l("Why, and how it came to light"), most=400, required=True)
    password = Secret(_l("Your password, as your signature"), required=True)
    idempotency_key = IdempotencyKey()
