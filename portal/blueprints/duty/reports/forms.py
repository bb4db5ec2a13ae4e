"""What may be typed about a day."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.reports.workflow import READ, SIGN, SUPPLEMENT, WRITE
from portal.drawing import department_name
from portal.forms import Day, OneOf, Paragraph, PortalForm, VerbForm, VersionedForm
from portal.i18n import _, _l
from portal.kernel import clock


class BeginForm(PortalForm):
    """Of which day and department; the departments are those that the writer may write for."""

    day = Day(_l("Day"), required=True)
    department = OneOf(_l("Department"), codes=lambda: (), required=True)

    def validate_day(self, field: Field) -> None:
        if field.data and field.data > clock.local(clock.now()).date():
            raise ValidationError(_("This day has not come yet."))

    def __init__(self, *args: Any, departments: list[str], **more: Any) -> None:
        self.departments = departments
        super().__init__(*args, **more)

    def process(self, *args: Any, **more: Any) -> None:
        """The departments to choose from are known before anything is read."""
        self.department.codes = lambda: [(code, department_name(code)) for code in self.departments]
        super().process(*args, **more)


class WordsForm(VersionedForm):
    done = Paragraph(_l("Work of the day"), most=4000)
    problems = Paragraph(_l("Problems"), most=4000)
    improvements = Paragraph(_l("What could be improved"), most=4000)
    plan = Paragraph(_l("Plan for the next day"), most=4000)


class SupplementForm(VerbForm):
    text = Paragraph(_l("Supplement"), most=2000, required=True)


FORMS: dict[str, type[VerbForm]] = {
    WRITE: WordsForm,
    SIGN: WordsForm,
    READ: VersionedForm,
    SUPPLEMENT: SupplementForm,
}
