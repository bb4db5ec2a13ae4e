"""What may be typed when a version of a document is decided."""

from __future__ import annotations

from wtforms import BooleanField

from portal.forms import Day, Line, VerbForm, VersionedForm
from portal.i18n import _l
from portal.kernel.documents.workflow import APPROVE, CONFIRM, DISCARD, GIVE_BACK, SUBMIT


class SubmitForm(VersionedForm):
    pass


class ApproveForm(VersionedForm):
    in_force_from = Day(_l("In force from"), required=True)
    review_by = Day(_l("To be looked at again by"))
    to_confirm = BooleanField(_l("Everybody confirms having read it"))
    note = Line(_l("Note"), most=400)


class GiveBackForm(VersionedForm):
    note = Line(_l("What is to be changed"), most=400, required=True)


class DiscardForm(VersionedForm):
    note = Line(_l("Reason"), most=400)


class ConfirmForm(VerbForm):
    pass


FORMS: dict[str, type[VerbForm]] = {
    SUBMIT: SubmitForm,
    APPROVE: ApproveForm,
    GIVE_BACK: GiveBackForm,
    DISCARD: DiscardForm,
    CONFIRM: ConfirmForm,
}
