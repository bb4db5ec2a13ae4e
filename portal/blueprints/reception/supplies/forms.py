"""What may be typed about supplies: one form for each movement, one for a supply, those of a purchase request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.reception.area import NUMBER
from portal.blueprints.reception.supplies import queries
from portal.blueprints.reception.supplies.codes import SupplyKind
from portal.blueprints.reception.supplies.models import PurchaseLine, Supply
from portal.forms import (
    Choice,
    IdempotencyKey,
    Line,
    OneOf,
    Paragraph,
    PortalForm,
    Version,
    VersionedForm,
    Whole,
)
from portal.i18n import _, _l, is_chinese, label

MOST = 100_000
CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")
TAKEN = frozenset({"new", "export", "import", "purchases"})  # addresses of pages


def called(supply: Supply) -> str:
    """A supply's name in the language of the page."""
    return supply.name if is_chinese() else (supply.name_en or supply.name)


def unit_of(supply: Supply) -> str:
    """What it is counted in, in the language of the page."""
    return supply.unit if is_chinese() else (supply.unit_en or supply.unit)


class StockForm(PortalForm):
    """What every movement has: a key, so that a form sent twice moves the stock once."""

    idempotency_key = IdempotencyKey()

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {name: value for name, value in self.data.items() if name != "idempotency_key"}


class UseForm(StockForm):
    """Without an amount it is one: the touch in the list sends none."""

    amount = Whole(_l("Amount"), least=1, most=MOST, required=True, default=1)
    visit = Line(_l("Number of the visit"), most=24)
    note = Line(_l("Note"), most=400)

    def validate_visit(self, field: Field) -> None:
        if field.data and not NUMBER.fullmatch(field.data):
            raise ValidationError(_("Write the whole number of the visit, such as LF-20261121-0003."))


class ReceiveForm(StockForm):
    amount = Whole(_l("Amount"), least=1, most=MOST, required=True)
    note = Line(_l("Note"), most=400)


class CountForm(StockForm):
    counted = Whole(_l("Counted"), least=0, most=MOST, required=True)
    note = Line(_l("Explanation of a difference"), most=400)


class WriteOffForm(StockForm):
    amount = Whole(_l("Amount"), least=1, most=MOST, required=True)
    note = Line(_l("Reason"), most=400, required=True)


STOCK: dict[str, type[StockForm]] = {
    "use": UseForm,
    "receive": ReceiveForm,
    "count": CountForm,
    "write-off": WriteOffForm,
}


def _offered() -> list[tuple[str, str]]:
    """Every supply in use, with what is left of each."""
    return [
        (s.code, _("%(name)s (%(left)s left)", name=called(s), left=f"{s.on_hand} {unit_of(s)}"))
        for s in queries.active()
    ]


class VisitUseForm(StockForm):
    """What a visit used, one supply at a time."""

    supply = OneOf(_l("Supply"), codes=_offered, empty=_l("Please choose"), required=True)
    amount = Whole(_l("Amount"), least=1, most=MOST, required=True, default=1)
    note = Line(_l("Note"), most=400)


class BackForm(StockForm):
    """What was laid out and not used; the button beside it sends one."""

    supply = Line(_l("Supply"), most=24, required=True)
    amount = Whole(_l("Amount"), least=1, most=MOST, required=True, default=1)


class TakeBackForm(StockForm):
    """The use that was a mistake; nobody types it."""

    movement = Whole(least=1, most=10**18, required=True)


class SupplyForm(PortalForm):
    """A supply as it stands."""

    name = Line(_l("Name in Chinese"), most=80, required=True)
    name_en = Line(_l("Name in English"), most=80)
    kind = Choice(_l("Kind"), of=SupplyKind, words=label, required=True, default=SupplyKind.GENERAL)
    unit = Line(_l("Unit in Chinese"), most=16, required=True)
    unit_en = Line(_l("Unit in English"), most=16)
    minimum = Whole(_l("Minimum level"), least=0, most=MOST, required=True)
    active = BooleanField(_l("In use"), default=True)
    version = Version()

    def record(self) -> dict[str, Any]:
        """The fields as the supply keeps them."""
        return {name: value for name, value in self.data.items() if name != "version"}


class NewSupplyForm(SupplyForm):
    code = Line(_l("Code"), most=24, required=True)

    def validate_code(self, field: Field) -> None:
        if field.data and (not CODE.fullmatch(field.data) or field.data in TAKEN):
            raise ValidationError(_("Small letters, digits and hyphens, such as green-tea."))


# -- purchase requests -----------------------------------------------------------------------------------------------


class AskForm(PortalForm):
    """A purchase request; `with_lines` gives it two fields for each supply."""

    reason = Paragraph(_l("What it is needed for"), most=400)
    idempotency_key = IdempotencyKey()
    supplies: Sequence[Supply] = ()

    def lines(self) -> dict[int, tuple[int, str]]:
        """Supply id -> amount and note, of those that are asked for."""
        return {
            s.id: (self.data[f"amount_{s.id}"], self.data[f"note_{s.id}"])
            for s in self.supplies
            if self.data[f"amount_{s.id}"]
        }

    def validate_reason(self, field: Field) -> None:
        typed = any(self[f"amount_{s.id}"].errors or self[f"amount_{s.id}"].data for s in self.supplies)
        if not typed:
            raise ValidationError(_("Write an amount beside at least one supply."))


def ask_form(supplies: Sequence[Supply]) -> type[AskForm]:
    """The form to ask for these supplies; the lines are checked before what it is needed for."""
    fields: dict[str, Any] = {"supplies": supplies}
    for supply in supplies:
        fields[f"amount_{supply.id}"] = Whole(_("Amount"), least=0, most=MOST)
        fields[f"note_{supply.id}"] = Line(_("Note"), most=200)
    return type("AskFormWithLines", (AskForm,), fields)


class ActForm(VersionedForm):
    """The form of a verb on a purchase request."""


class ApproveForm(ActForm):
    note = Line(_l("Note"), most=400)


class DeclineForm(ActForm):
    note = Line(_l("Reason"), most=400, required=True)


class BuyForm(ActForm):
    supplier = Line(_l("Bought from"), most=120)
    note = Line(_l("Note"), most=400)


class CancelForm(ActForm):
    note = Line(_l("Reason"), most=400, required=True)


class ReceiptForm(ActForm):
    """What came; `receipt_form` gives it a field for each line."""

    complete = BooleanField(_l("Nothing more will come"))
    note = Line(_l("Note"), most=400)
    lines: Sequence[PurchaseLine] = ()
    some: bool = False  # something came before

    def given(self) -> dict[str, Any]:
        came = {line.id: self.data[f"came_{line.id}"] or 0 for line in self.lines}
        return {"came": came, "complete": self.data["complete"], "note": self.data["note"]}

    def validate_note(self, field: Field) -> None:
        fields = [self[f"came_{line.id}"] for line in self.lines]
        if any(f.data or f.errors for f in fields) or (self.some and self.data["complete"]):
            return
        raise ValidationError(_("Write how much has come of at least one supply."))


def receipt_form(lines: Sequence[tuple[PurchaseLine, Supply]]) -> type[ReceiptForm]:
    """The form for what has come of these lines; it proposes all that is missing."""
    fields: dict[str, Any] = {
        f"came_{line.id}": Whole(
            f"{called(supply)} ({unit_of(supply)})", least=0, most=MOST, default=line.missing
        )
        for line, supply in lines
    }
    fields |= {"lines": [line for line, _s in lines], "some": any(line.received for line, _s in lines)}
    return type("ReceiptFormWithLines", (ReceiptForm,), fields)


ACTS: dict[str, type[ActForm]] = {
    "approve": ApproveForm,
    "decline": DeclineForm,
    "buy": BuyForm,
    "receive": ReceiptForm,
    "cancel": CancelForm,
}
