"""How a cell of the matrix is changed: ticks, ordered choices and sides, in words; never codes (GO-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField

from portal.blueprints.reception.categories import labels, rules
from portal.blueprints.reception.codes import Side, Task
from portal.figure_forms import ChangeForm, objection
from portal.forms import OneOf, Whole
from portal.i18n import _, _l, label
from portal.kernel.figures import Figure

TICKED = frozenset({"hosts", "ready_check", "room_check", "fields"})
ORDERED = frozenset({"places", "refreshments", "order"})


class CellForm(ChangeForm):
    """What every cell's form says besides its choices; each kind of row adds its own."""

    cell_error = ""

    def written(self) -> str:
        """The value as the figure keeps it; ValueError with the message when the choices make none."""
        raise NotImplementedError

    @property
    def choices(self) -> list[Any]:
        """The fields that make the value."""
        return [field for name, field in self._fields.items() if name not in {"in_force_from", "reason"}]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then the whole cell, with its message above the choices."""
        fine = super().validate(extra_validators)
        if all(not field.errors for field in self.choices):
            try:
                self.cell_error = objection(self.figure.key, self.written())
            except ValueError as error:
                self.cell_error = str(error)
        return fine and not self.cell_error


def form_of(figure: Figure) -> type[CellForm]:
    """The form of one cell."""
    row = figure.key.rpartition(".")[2]
    if row == "lead_days":
        return _days()
    if row == "duties":
        return _duties(figure)
    if row in TICKED:
        return _ticks(row, figure)
    return _ordered(row, figure) if row in ORDERED else _one(row, figure)


def _codes(form: CellForm, picked: Callable[[str], Any]) -> str:
    return " ".join(code for code in form.figure.codes if picked(code))


def _ticks(row: str, figure: Figure) -> type[CellForm]:
    class TickForm(CellForm):
        """Any of the codes."""

        def written(self) -> str:
            return _codes(self, lambda code: self[code].data)

    for code in figure.codes:
        setattr(TickForm, code, BooleanField(labels.word(row, code)))
    return TickForm


def _ordered(row: str, figure: Figure) -> type[CellForm]:
    places = [(str(place), str(place)) for place in range(1, len(figure.codes) + 1)]

    class OrderForm(CellForm):
        """Some of the codes, in an order."""

        def written(self) -> str:
            found = rules.ranked({code: self[code].data for code in self.figure.codes})
            if found is None:
                raise ValueError(_("Two have the same place."))
            return " ".join(found)

    for code in figure.codes:
        setattr(OrderForm, code, OneOf(labels.word(row, code), codes=lambda: places, empty=_l("not at all")))
    return OrderForm


def _one(row: str, figure: Figure) -> type[CellForm]:
    class OneForm(CellForm):
        """Exactly one of the codes."""

        which = OneOf(
            labels.ROWS[row],
            codes=lambda: [(code, labels.word(row, code)) for code in figure.codes],
            required=True,
        )

        def written(self) -> str:
            return str(self.which.data)

    return OneForm


def _duties(figure: Figure) -> type[CellForm]:
    duties = list(dict.fromkeys(code.partition(":")[0] for code in figure.codes))

    class DutyForm(CellForm):
        """Each duty is somebody's or nobody's."""

        def written(self) -> str:
            return " ".join(f"{duty}:{self[duty].data}" for duty in duties if self[duty].data)

    for duty in duties:
        setattr(
            DutyForm,
            duty,
            OneOf(
                label(Task(f"task:{duty}")),
                codes=lambda: [(str(side), label(side)) for side in Side],
                empty=_l("not needed"),
            ),
        )
    return DutyForm


def _days() -> type[CellForm]:
    class DaysForm(CellForm):
        """Working days ahead; 0 needs no form."""

        days = Whole(
            _l("Working days ahead (0: no form is needed)"),
            least=0,
            most=rules.MOST_LEAD_DAYS,
            required=True,
        )

        def written(self) -> str:
            return str(self.days.data)

    return DaysForm


def known(figure: Figure, written: str) -> dict[str, Any]:
    """The value in force, as the fields of its form."""
    row = figure.key.rpartition(".")[2]
    codes = written.split()
    if row == "lead_days":
        return {"days": int(float(written))}
    if row == "duties":
        return dict(code.split(":", 1) for code in codes)
    if row in TICKED:
        return dict.fromkeys(codes, True)
    if row in ORDERED:
        return {code: str(place) for place, code in enumerate(codes, 1)}
    return {"which": codes[0] if codes else ""}
