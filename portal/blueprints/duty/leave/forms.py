"""What may be typed about a leave or an absence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.leave.codes import LeaveKind
from portal.blueprints.duty.leave.workflow import ACCEPT, APPROVE, DECLINE, LEFT, NAME, WITHDRAW
from portal.forms import Choice, Line, Moment, Someone, VerbForm
from portal.i18n import _, _l, label
from portal.kernel import clock

LONGEST = timedelta(days=92)
ONE = "substitute_"  # before the id of a shift: its own substitute


class SubstitutesForm(VerbForm):
    """A form that names substitutes: one for every shift, or, by fields made for the leave, one for each."""

    substitute = Someone(_l("Substitute"))

    @property
    def ones(self) -> dict[int, Any]:
        """The field of each shift, by the shift's id."""
        return {
            int(name.removeprefix(ONE)): field for name, field in self._fields.items() if name.startswith(ONE)
        }

    def given(self) -> dict[str, Any]:
        """The fields as an action takes them."""
        plain = {name: value for name, value in super().given().items() if not name.startswith(ONE)}
        named = {shift_id: field.card for shift_id, field in self.ones.items() if field.card}
        return plain | {"named": named}


def with_ones(base: type[SubstitutesForm], shifts: Iterable[Any]) -> type[SubstitutesForm]:
    """The form with a field for each of these shifts."""
    fields = {f"{ONE}{shift.id}": Someone(_l("Substitute")) for shift in shifts}
    return type(base.__name__, (base,), fields)


class AskForm(SubstitutesForm):
    person = Someone(_l("Who is away (empty: yourself)"))
    starts_at = Moment(_l("Begins"), required=True)
    ends_at = Moment(_l("Ends"), required=True)
    kind = Choice(_l("Kind of leave"), of=LeaveKind, words=label, default=LeaveKind.PERSONAL)
    reason = Line(_l("Reason"), most=400, required=True)

    def validate_starts_at(self, field: Field) -> None:
        """DR-04: leave comes before leaving."""
        today = clock.local(clock.now()).date()
        if field.data and clock.local(field.data).date() < today:
            raise ValidationError(_("Leave is asked for beforehand; what is past is recorded by the head."))

    def validate_ends_at(self, field: Field) -> None:
        begins = self.starts_at.data
        if not begins or not field.data:
            return
        if not begins < field.data <= begins + LONGEST:
            raise ValidationError(_("A leave ends after it begins, and lasts at most 92 days."))
        if field.data <= clock.now():
            raise ValidationError(_("Leave is asked for beforehand; what is past is recorded by the head."))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them; nothing chosen is personal leave."""
        found = super().given()
        return found | {"kind": found["kind"] or LeaveKind.PERSONAL}


class NameForm(SubstitutesForm):
    def validate_substitute(self, field: Field) -> None:
        """DR-04: somebody is named."""
        if not field.data and not field.errors and not any(one.data for one in self.ones.values()):
            raise ValidationError(_("Name a substitute. (DR-04)"))


class ApproveForm(VerbForm):
    gap_reason = Line(_l("Why a shift is left to nobody"), most=400)
    note = Line(_l("Note"), most=400)


class NoteForm(VerbForm):
    note = Line(_l("Note"), most=400)


FORMS: dict[str, type[VerbForm]] = {
    ACCEPT: VerbForm,
    NAME: NameForm,
    APPROVE: ApproveForm,
    DECLINE: NoteForm,
    WITHDRAW: NoteForm,
    LEFT: VerbForm,
}


class AbsenceForm(VerbForm):
    """What the head records of somebody's absence (DR-04)."""

    person = Someone(_l("Who was absent"), required=True)
    since = Moment(_l("Begins"), required=True)
    until = Moment(_l("Ends"), required=True)
    note = Line(_l("Note"), most=400)

    def validate_until(self, field: Field) -> None:
        if self.since.data and field.data and not self.since.data < field.data:
            raise ValidationError(_("An absence ends after it begins."))

    def validate_since(self, field: Field) -> None:
        if field.data and field.data > clock.now():
            raise ValidationError(_("Only what has happened is recorded."))
