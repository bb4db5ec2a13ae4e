"""What may be typed about a repair order."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.equipment.forms import EquipmentCode
from portal.blueprints.duty.posts.forms import departments
from portal.blueprints.duty.repairs.workflow import ACCEPT, ASSIGN, CANCEL, DONE, RECHECK, RETURN
from portal.forms import IdempotencyKey, Line, OneOf, Paragraph, PortalForm, Someone, VersionedForm, Whole
from portal.i18n import _, _l
from portal.pictures import Pictures

LONGEST = 60_000  # minutes of work


class RegisterForm(PortalForm):
    """A breakdown; of equipment in the ledger the department is known."""

    equipment = EquipmentCode(_l("Code of equipment"))
    what = Paragraph(_l("What is broken"), most=2000, required=True)
    place = Line(_l("Where it is"), most=120)
    department = OneOf(_l("Department that has it repaired"), codes=departments, empty=_l("the equipment's"))
    major = BooleanField(_l("Major: the head is told at once"))
    pictures = Pictures(_l("Pictures"))
    idempotency_key = IdempotencyKey()

    def validate_department(self, field: Field) -> None:
        """DR-13: somebody has it repaired."""
        if not field.data and not self.equipment.row and not self.equipment.errors:
            raise ValidationError(_("Name the equipment, or the department that has it repaired. (DR-13)"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        row = self.equipment.row
        return self.data | {
            "equipment": row,
            "department": self.department.data or row.department,
            "place": self.place.data or (row.place if row else ""),
            "pictures": self.pictures.checked,
        }


class AssignForm(VersionedForm):
    assignee = Someone(_l("Colleague (user name or name)"))
    firm = Line(_l("Or an outside firm"), most=120)
    note = Line(_l("Note"), most=400)

    def validate_firm(self, field: Field) -> None:
        """DR-13: one of the two, told beside the field."""
        if not self.assignee.errors and bool(field.data) == bool(self.assignee.data):
            raise ValidationError(_("Give it to a colleague or to an outside firm, to one of them. (DR-13)"))


class DoneForm(VersionedForm):
    result = Paragraph(_l("What was done, and how it is now"), most=2000, required=True)
    parts = Line(_l("Parts that were changed"), most=400)
    material = Line(_l("Material that was used"), most=400)
    minutes = Whole(_l("Working time in minutes"), least=1, most=LONGEST, required=True)


class RecheckForm(VersionedForm):
    note = Line(_l("What was checked"), most=400)


class ReturnForm(VersionedForm):
    note = Line(_l("What does not work yet"), most=400, required=True)


class AcceptForm(VersionedForm):
    note = Line(_l("Note"), most=400)


class CancelForm(VersionedForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VersionedForm]] = {
    ASSIGN: AssignForm,
    DONE: DoneForm,
    RECHECK: RecheckForm,
    RETURN: ReturnForm,
    ACCEPT: AcceptForm,
    CANCEL: CancelForm,
}
