"""What may be typed about posts and kinds of shifts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.posts import queries, rules
from portal.blueprints.duty.posts.codes import DayKind
from portal.drawing import department_name
from portal.forms import Day, Line, OneOf, PortalForm, Someone, Version, Whole
from portal.i18n import _, _l, label
from portal.kernel import reference

CODE = re.compile(r"[a-z][a-z0-9-]{1,23}", re.ASCII)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
LONGEST = 16 * 60  # minutes that nobody's shift may reach


def departments() -> list[tuple[str, str]]:
    """Codes and names of the departments, to choose from."""
    return [(code, department_name(code)) for code in reference.staff().departments]


def check_code(field: Field, taken: set[str]) -> None:
    """A code is small letters, digits and hyphens, and nobody else's."""
    field.data = (field.data or "").lower()
    if not CODE.fullmatch(field.data):
        raise ValidationError(_("Two or more small letters, digits and hyphens, such as front-desk."))
    if field.data in taken:
        raise ValidationError(_("This code is taken."))


class PostForm(PortalForm):
    name = Line(_l("Its name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    department = OneOf(_l("Department"), codes=departments, empty=_l("Please choose"), required=True)
    phone = Line(_l("Phone"), most=40)
    around_the_clock = BooleanField(_l("On duty around the clock (DR-01)"))
    active = BooleanField(_l("In use"), default=True)
    order = Whole(_l("Place in lists"), least=0, most=999, default=0)
    version = Version()

    def record(self) -> dict[str, Any]:
        """The fields as a post keeps them."""
        left_out = {"version"}
        kept = {name: value for name, value in self.data.items() if name not in left_out}
        return kept | {
            "order": kept["order"] or 0,
            "name_en": kept["name_en"] or "",
            "phone": kept["phone"] or "",
        }


class NewPostForm(PostForm):
    code = Line(_l("Code"), most=24, required=True)

    def validate_code(self, field: Field) -> None:
        check_code(field, {post.code for post in queries.posts()})


class KindForm(PortalForm):
    name = Line(_l("Its name"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    letter = Line(_l("Sign in the roster"), most=2, required=True)
    starts = Line(_l("Begins"), most=5, required=True)
    ends = Line(_l("Ends"), most=5, required=True)
    break_minutes = Whole(_l("Break in minutes"), least=0, most=240, default=0)
    active = BooleanField(_l("In use"), default=True)
    order = Whole(_l("Place in lists"), least=0, most=999, default=0)
    version = Version()

    def validate_starts(self, field: Field) -> None:
        if not TIME.fullmatch(field.data):
            raise ValidationError(_("Write a time such as 08:30."))

    def validate_ends(self, field: Field) -> None:
        if not TIME.fullmatch(field.data):
            raise ValidationError(_("Write a time such as 08:30."))
        if TIME.fullmatch(self.starts.data or ""):
            worked = rules.minutes(self.starts.data, field.data, self.break_minutes.data or 0)
            if not 0 < worked <= LONGEST:
                raise ValidationError(_("A shift is longer than its break and has at most 16 hours of work."))

    def record(self) -> dict[str, Any]:
        """The fields as a kind of shift keeps them."""
        kept = {name: value for name, value in self.data.items() if name != "version"}
        return kept | {
            "order": kept["order"] or 0,
            "name_en": kept["name_en"] or "",
            "break_minutes": kept["break_minutes"] or 0,
        }


class NewKindForm(KindForm):
    code = Line(_l("Code"), most=24, required=True)

    def validate_code(self, field: Field) -> None:
        check_code(field, {kind.code for kind in queries.kinds()})


def need_name(kind_code: str, day_kind: DayKind) -> str:
    """The name of one field of the grid of needs."""
    return f"{kind_code}.{day_kind}"


def needs_form() -> type[PortalForm]:
    """One field for each kind of shift in use and each kind of day."""
    fields: dict[str, Any] = {"version": Version()}
    for kind in queries.ground().kinds.values():
        for day_kind in DayKind if kind.active else ():
            fields[need_name(kind.code, day_kind)] = Whole(label(day_kind), least=0, most=99)
    return type("NeedsForm", (PortalForm,), fields)


class QualificationForm(PortalForm):
    person = Someone(_l("Person (user name or name)"), required=True)
    since = Day(_l("Valid from"))
    until = Day(_l("Valid until"))

    def validate_until(self, field: Field) -> None:
        _not_before(field, self.since.data)


class DutyDayForm(PortalForm):
    day = Day(_l("Day"), required=True)
    reason = Line(_l("Reason"), most=200, required=True)


class LimitsForm(PortalForm):
    joins_on = Day(_l("First day"))
    leaves_on = Day(_l("Last day"))
    least_week_hours = Whole(_l("Least hours a week"), least=0, most=84, default=0)
    most_week_hours = Whole(_l("Most hours a week"), least=1, most=84, default=44, required=True)
    least_in_a_row = Whole(_l("Least days in a row"), least=1, most=14, default=1, required=True)
    most_in_a_row = Whole(_l("Most days in a row"), least=1, most=14, default=6, required=True)
    least_days_off = Whole(_l("Least days off in a row"), least=1, most=7, default=1, required=True)
    most_weekends = Whole(_l("Most weekends of four"), least=0, most=4, default=4, required=True)
    version = Version()

    def validate_leaves_on(self, field: Field) -> None:
        _not_before(field, self.joins_on.data)

    def validate_least_week_hours(self, field: Field) -> None:
        _at_most(field, self.most_week_hours.data)

    def validate_least_in_a_row(self, field: Field) -> None:
        _at_most(field, self.most_in_a_row.data)

    @classmethod
    def of_row(cls, row: Any) -> LimitsForm:
        """Filled with what is stored."""
        kept = {name: getattr(row, name) for name in cls.blank().data if hasattr(row, name)}
        hours = {
            f"{each}_week_hours": getattr(row, f"{each}_week_minutes") // 60 for each in ("least", "most")
        }
        return cls.blank(**kept, **hours)

    def record(self) -> dict[str, Any]:
        """The fields as the limits keep them."""
        hours = {"least_week_hours", "most_week_hours"}
        kept = {name: value for name, value in self.data.items() if name != "version" and name not in hours}
        return kept | {
            "least_week_minutes": (self.least_week_hours.data or 0) * 60,
            "most_week_minutes": self.most_week_hours.data * 60,
        }


def _not_before(field: Field, first: date | None) -> None:
    if field.data and first and field.data < first:
        raise ValidationError(_("The last day is not before the first."))


def _at_most(field: Field, most: int | None) -> None:
    if most is not None and (field.data or 0) > most:
        raise ValidationError(_("The least is not more than the most."))
