"""What may be typed about a plan, and on a round at each point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.equipment.forms import EquipmentCode, known_posts, post_id_of
from portal.blueprints.duty.inspections.actions import Answer
from portal.blueprints.duty.inspections.codes import Mark, PlanKind, Rhythm
from portal.blueprints.duty.inspections.models import Plan, Point
from portal.forms import (
    Choice,
    IdempotencyKey,
    Line,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    Version,
    VersionedForm,
    Whole,
)
from portal.i18n import _, _l, is_chinese, label
from portal.kernel import reference
from portal.pictures import Pictures

MOST_POINTS = 40
SPARE = 4  # empty rows for further points
DAYS = range(1, 8)


class PlanForm(PortalForm):
    """A plan with its days and its points; one row for each point, an empty one is left out."""

    name = Line(_l("Its name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    kind = Choice(_l("Kind of inspection"), of=PlanKind, words=label, required=True, default=PlanKind.ROUND)
    rhythm = Choice(_l("How often"), of=Rhythm, words=label, required=True, default=Rhythm.DAY)
    month_day = Whole(_l("Day of the month"), least=1, most=31)
    post = OneOf(_l("Whoever is on duty at this post does it"), codes=known_posts, empty=_l("none"))
    person = Someone(_l("Or this person (user name or name)"))
    active = BooleanField(_l("In use"), default=True)
    version = Version()
    idempotency_key = IdempotencyKey()

    def validate_month_day(self, field: Field) -> None:
        if self.rhythm.data is Rhythm.MONTH and field.data is None:
            raise ValidationError(_("Say on which day of the month."))

    def validate_person(self, field: Field) -> None:
        """DR-13: somebody does it."""
        if not field.errors and bool(field.data) == bool(self.post.data):
            raise ValidationError(_("Name a post or a person, one of them. (DR-13)"))

    def validate_day_1(self, _field: Field) -> None:
        if self.rhythm.data is Rhythm.WEEK and not self.weekdays:
            raise ValidationError(_("Choose at least one day of the week."))

    def validate_what_1(self, _field: Field) -> None:
        if not self.points():
            raise ValidationError(_("Name at least one point."))

    @property
    def weekdays(self) -> str:
        """The chosen days of the week, as the plan keeps them."""
        return " ".join(str(day) for day in DAYS if self[f"day_{day}"].data)

    def points(self) -> list[dict[str, Any]]:
        """The points that are filled in, in their order."""
        its: Any = self
        rows = (
            (its[f"what_{row}"], its[f"what_en_{row}"], its[f"equipment_{row}"])
            for row in range(1, MOST_POINTS + 1)
        )
        return [
            {
                "what": what.data,
                "what_en": what_en.data or "",
                "equipment_id": thing.row.id if thing.row else None,
            }
            for what, what_en, thing in rows
            if what.data
        ]

    def shown_rows(self) -> range:
        """As many rows as are filled, and some empty ones."""
        filled = [
            row for row in range(1, MOST_POINTS + 1) if self[f"what_{row}"].data or self[f"what_{row}"].errors
        ]
        return range(1, min(max(filled, default=0) + SPARE, MOST_POINTS) + 1)

    def record(self) -> dict[str, Any]:
        """The fields as the plan keeps them."""
        card = self.person.card
        weekly, monthly = self.rhythm.data is Rhythm.WEEK, self.rhythm.data is Rhythm.MONTH
        return {
            "name": self.name.data,
            "name_en": self.name_en.data or "",
            "kind": self.kind.data,
            "rhythm": self.rhythm.data,
            "weekdays": self.weekdays if weekly else "",
            "month_day": self.month_day.data if monthly else None,
            "post_id": post_id_of(self.post.data),
            "person_id": card.id if card else None,
            "active": self.active.data,
        }


def plan_form() -> type[PlanForm]:
    """The form with a field for each day of the week and for each row."""
    fields: dict[str, Any] = {
        f"day_{day}": BooleanField(words) for day, words in zip(DAYS, WEEKDAYS, strict=True)
    }
    for row in range(1, MOST_POINTS + 1):
        fields[f"what_{row}"] = Line(_l("What to look at"), most=200)
        fields[f"what_en_{row}"] = Line(_l("On English pages"), most=200)
        fields[f"equipment_{row}"] = EquipmentCode(_l("Code of equipment"))
    return type("PlanWithPoints", (PlanForm,), fields)


WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"),
)  # fmt: skip


def stored(plan: Plan, points: Sequence[Point], codes: dict[int, str]) -> dict[str, Any]:
    """The fields of the form from what is stored; `codes` are the equipment's by id."""
    cards = reference.staff().cards
    kept: dict[str, Any] = {
        "name": plan.name, "name_en": plan.name_en, "kind": plan.kind, "rhythm": plan.rhythm,
        "month_day": plan.month_day, "post": plan.post.code if plan.post else "",
        "person": cards[plan.person_id].username if plan.person_id else "", "active": plan.active,
        "version": plan.version,
    }  # fmt: skip
    kept |= {f"day_{day}": str(day) in plan.weekdays.split() for day in DAYS}
    for row, point in enumerate(points, start=1):
        kept |= {f"what_{row}": point.what, f"what_en_{row}": point.what_en}
        kept[f"equipment_{row}"] = codes.get(point.equipment_id or 0, "")
    return kept


# -- a round --------------------------------------------------------------------------------------------------------


def said(thing: Any) -> str:
    """What a point, or a line of a round, looks at, in the language of the page."""
    return str(thing.what if is_chinese() or not thing.what_en else thing.what_en)


class RoundForm(VersionedForm):
    """A round: its fields are made for the points of its plan."""

    points: Sequence[Point] = ()
    remark = Paragraph(_l("Remark on the whole"), most=400)

    def validate(self, *more: Any, **others: Any) -> bool:
        """DR-13: a finding says what was found; told beside the field."""
        fine = bool(super().validate(*more, **others))
        for point in self.points:
            note = self[f"note_{point.id}"]
            if self[f"mark_{point.id}"].data is Mark.FINDING and not note.data and not note.errors:
                note.errors = [_("Say what was found. (DR-13)")]
                fine = False
        return fine

    def given(self) -> dict[str, Any]:
        """What was said of each point, as the action takes it."""
        its: Any = self
        return {
            "remark": self.remark.data or "",
            "answers": [
                Answer(
                    point=point,
                    fine=its[f"mark_{point.id}"].data is Mark.FINE,
                    note=its[f"note_{point.id}"].data,
                    pictures=its[f"pictures_{point.id}"].checked,
                    repair=its[f"repair_{point.id}"].data,
                    major=its[f"major_{point.id}"].data,
                )
                for point in self.points
            ],
        }


def round_form(points: Sequence[Point]) -> type[RoundForm]:
    """The form of a round for these points."""
    fields: dict[str, Any] = {"points": points}
    for point in points:
        fields |= {
            f"mark_{point.id}": Choice(
                said(point), of=Mark, words=label, required=_l("Say of each point how it is. (DR-13)")
            ),
            f"note_{point.id}": Line(_l("What is not in order"), most=400),
            f"pictures_{point.id}": Pictures(_l("Pictures")),
            f"repair_{point.id}": BooleanField(_l("Make a repair order of it"), default=True),
            f"major_{point.id}": BooleanField(_l("Major: the head is told at once")),
        }
    return type("RoundOfPoints", (RoundForm,), fields)
