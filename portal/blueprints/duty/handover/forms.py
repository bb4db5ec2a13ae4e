"""What may be typed about a handover, and about what a post holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.blueprints.duty.handover.codes import Ground
from portal.blueprints.duty.handover.queries import Carried
from portal.blueprints.duty.handover.workflow import (
    CONSENT,
    COUNT,
    EXPLAIN,
    ORDER,
    REFUSE,
    SIGN,
    TAKE_OVER,
)
from portal.forms import Choice, Line, PortalForm, Secret, Several, Someone, Version, VersionedForm, Whole
from portal.i18n import _, _l, called, label

WHO = frozenset({"username", "password", "code"})


class PartyForm(VersionedForm):
    """A form of one of the two shifts: who is not logged in on this screen confirms it as at the login (DR-10)."""

    username = Someone(_l("Your user name"))
    password = Secret(_l("Your password"))
    code = Line(_l("Code of your device, or a recovery code"), most=40)

    def validate_password(self, field: Any) -> None:
        if self.username.data and not field.data:
            raise ValidationError(_("Confirm with your own password. (DR-10)"))

    def given(self) -> dict[str, Any]:
        """The fields as an action takes them; who confirmed is asked elsewhere."""
        return {name: value for name, value in super().given().items() if name not in WHO}


class ReadingForm(PartyForm):
    """The incoming shift's: with it goes the receipt for what was read (DR-09)."""

    line = Several(_l("What is open"), times=400, most=40)
    read = BooleanField(_l("I have read the log and everything that is open (DR-09)"))


class NoteForm(PartyForm):
    note = Line(_l("In your own words"), most=400, required=True)


class RefuseForm(PartyForm):
    ground = Choice(_l("Reason for refusing"), of=Ground, words=label, required=True)
    note = Line(_l("What exactly"), most=400, required=True)


class ConsentForm(VersionedForm):
    note = Line(_l("What is agreed about the fault"), most=400, required=True)


class OrderForm(VersionedForm):
    defect = Line(_l("The defect with which the post is taken over"), most=400, required=True)


class CountForm(ReadingForm):
    """The count of every thing of the post; its fields are made for the post."""

    def given(self) -> dict[str, Any]:
        """The counts by the id of the thing."""
        return _gathered(super().given(), "found")


class ExplainForm(PartyForm):
    """What the outgoing shift says of each difference; its fields are made for the count."""

    def given(self) -> dict[str, Any]:
        """The explanations by the id of the thing."""
        return _gathered(super().given(), "explanation", "explanations")


def _gathered(given: dict[str, Any], prefix: str, name: str = "") -> dict[str, Any]:
    its = {key: value for key, value in given.items() if key.startswith(f"{prefix}_")}
    rest = {key: value for key, value in given.items() if key not in its}
    return rest | {name or prefix: {int(key.rpartition("_")[2]): value for key, value in its.items()}}


def _of(base: type[PartyForm], fields: Iterable[tuple[str, Any]]) -> type[PartyForm]:
    return type(base.__name__, (base,), dict(fields))


def form_of(verb: str, carried: Carried) -> type[VersionedForm]:
    """The form of a verb for what this handover carries."""
    if verb == COUNT:
        counted = (
            (f"found_{item.id}", Whole(called(item), most=9999, required=True)) for item in carried.items
        )
        return _of(CountForm, counted)
    if verb == EXPLAIN:
        differing = (item for item in carried.items if item.differs)
        said = ((f"explanation_{item.id}", Line(called(item), most=400, required=True)) for item in differing)
        return _of(ExplainForm, said)
    return FORMS[verb]


FORMS: dict[str, type[VersionedForm]] = {
    TAKE_OVER: NoteForm,
    CONSENT: ConsentForm,
    SIGN: ReadingForm,
    REFUSE: RefuseForm,
    ORDER: OrderForm,
}


class ItemForm(PortalForm):
    """Something that a post holds."""

    name = Line(_l("Name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    quantity = Whole(_l("How many there should be"), least=0, most=9999, default=1, required=True)
    active = BooleanField(_l("Is counted"), default=True)
    version = Version()

    def record(self) -> dict[str, Any]:
        """The fields as the ledger keeps them."""
        return {name: value for name, value in self.data.items() if name != "version"}
