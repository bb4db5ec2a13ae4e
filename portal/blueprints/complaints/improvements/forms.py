"""What may be typed about improvement cases."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from portal.blueprints.complaints.improvements import queries, rules
from portal.blueprints.complaints.improvements.codes import Cause, Recurring
from portal.blueprints.complaints.models import Case
from portal.drawing import department_name
from portal.forms import Choice, Day, IdempotencyKey, Line, OneOf, Paragraph, PortalForm, Someone, VerbForm
from portal.i18n import _, _l, label
from portal.kernel import clauses, clock, figures, numbers, reference
from portal.kernel.people import Viewer

_NUMBER = re.compile(numbers.shape("TS"), re.ASCII)


def ends(day: date) -> datetime:
    """The last minute of a day in company time: a thing due that day is in time until then."""
    return datetime.combine(day, time(23, 59), clock.zone()).astimezone(UTC)


def numbers_in(text: str) -> list[str]:
    """The numbers of cases that a text names, each once."""
    return list(dict.fromkeys(_NUMBER.findall(text.upper())))


def check_changes(field: Field) -> None:
    """A clause or a figure must be one that exists; anything else is plain words."""
    text = field.data or ""
    kind = rules.points_at(text)
    if kind == "clause" and not clauses.known(text):
        raise ValidationError(_("There is no such clause."))
    if kind == "figure" and text not in figures.FIGURES:
        raise ValidationError(_("There is no such figure among the limits."))


class NewForm(PortalForm):
    """An improvement case, raised from cases or from what recurs (CP-21, CP-22)."""

    title = Line(_l("What is to become better"), most=120, required=True)
    problem = Paragraph(_l("Problem"), most=2000, required=True)
    department = OneOf(_l("Department"), codes=list, required=True, empty=_l("Please choose"))
    cases = Line(_l("Numbers of the cases it comes from"), most=600)
    cause = Choice(_l("Root cause"), of=Cause, words=label, empty=_l("not known yet"))
    changes = Line(_l("Changes"), most=200)
    origin = HiddenField()
    idempotency_key = IdempotencyKey()
    taken: list[Case]

    def __init__(self, *args: Any, viewer: Viewer, **more: Any) -> None:
        self.viewer, self.taken = viewer, []
        super().__init__(*args, **more)

    def process(self, *args: Any, **more: Any) -> None:
        """Offer the departments for which this person may raise one, before anything is read."""
        codes = [c for c in reference.staff().departments if rules.may_raise(self.viewer, c)]
        self.department.codes = lambda: [(code, department_name(code)) for code in codes]
        super().process(*args, **more)

    def validate_changes(self, field: Field) -> None:
        check_changes(field)

    def validate_origin(self, field: Field) -> None:
        field.data = Recurring(field.data) if field.data in set(Recurring) else None

    def validate_cases(self, field: Field) -> None:
        """Every number names a case from which this person may raise one."""
        asked = numbers_in(field.data or "")
        left = _NUMBER.sub("", (field.data or "").upper())
        if re.sub(r"[\s,;，；、]", "", left):
            raise ValidationError(_("Write numbers of cases such as TS-20261121-0001, with commas between."))
        if len(asked) > rules.MOST_CASES:
            raise ValidationError(_("At most %(most)s cases.", most=rules.MOST_CASES))
        self.taken = queries.may_take(self.viewer, asked) if asked else []
        there = {case.number for case in self.taken}
        if missing := [number for number in asked if number not in there]:
            raise ValidationError(
                _("There is no case %(number)s from which you may raise one.", number=missing[0])
            )


class AssignForm(VerbForm):
    owner = Someone(_l("Owner (user name)"), required=_l("Name who carries it out. (CP-21)"))
    due_on = Day(_l("To be carried out by"), required=_l("An improvement has a day. (CP-21)"))
    note = Paragraph(_l("Note"), most=2000)

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them; the day as its last minute."""
        given = super().given()
        return given | {"target_at": ends(given.pop("due_on"))}


class PlanForm(VerbForm):
    cause = Choice(
        _l("Root cause"), of=Cause, words=label, required=_l("Say which cause the plan takes away. (CP-21)")
    )
    plan = Paragraph(_l("Plan"), most=4000, required=True)
    changes = Line(_l("Changes"), most=200)

    def validate_changes(self, field: Field) -> None:
        check_changes(field)


class CarryOutForm(VerbForm):
    result = Paragraph(_l("What was done"), most=4000, required=True)


class EvaluateForm(VerbForm):
    evaluation = Paragraph(
        _l("How the effect shows"),
        most=4000,
        required=_l("An improvement case is closed with an evaluation. (CP-21)"),
    )


class ReopenForm(VerbForm):
    note = Paragraph(_l("What has not become better"), most=2000, required=True)
    due_on = Day(_l("To be carried out by"), required=_l("An improvement has a day. (CP-21)"))


class NoteForm(VerbForm):
    note = Paragraph(_l("Note"), most=2000, required=True)


class CancelForm(VerbForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VerbForm]] = {
    "assign": AssignForm,
    "plan": PlanForm,
    "carry-out": CarryOutForm,
    "evaluate": EvaluateForm,
    "reopen": ReopenForm,
    "note": NoteForm,
    "cancel": CancelForm,
}


class DismissForm(PortalForm):
    """Why a proposal is not followed; `key` says which."""

    key = HiddenField()
    reason = Line(_l("Why no improvement case"), most=400, required=_l("Say why it is not followed. (CP-22)"))
