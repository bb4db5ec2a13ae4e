"""What may be typed about a roster."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.rules import span
from portal.blueprints.duty.rosters import queries
from portal.blueprints.duty.rosters.workflow import CLOSE, CONFIRM, DISCARD, EXPLAIN, PUBLISH, SOLVE, STOP
from portal.forms import Day, Line, Moment, OneOf, PortalForm, Someone, VerbForm, Whole
from portal.i18n import _, _l, called
from portal.kernel import clock

LONGEST = timedelta(days=62)
OFF, ANY = "off", "any"


class DraftForm(PortalForm):
    starts_on = Day(_l("First day"), required=True)
    ends_on = Day(_l("Last day"), required=True)
    note = Line(_l("Note"), most=400)

    def validate_ends_on(self, field: Field) -> None:
        first = self.starts_on.data
        if not first or not field.data:
            return
        if not first <= field.data < first + LONGEST:
            raise ValidationError(_("A roster has at most 62 days, and its last is not before its first."))
        if (same := queries.draft_of(first, field.data)) is not None:
            raise ValidationError(_("%(number)s is a draft of these days already.", number=same.number))


class CellForm(PortalForm):
    person = Someone(_l("Person"), required=True)
    day = Day(_l("Day"), required=True)
    shift = Line(_l("Shift"), most=60)  # post/kind, or `off`
    letter = Line(_l("Sign in the roster"), most=2)  # of the keyboard: the post follows
    was = Line(_l("Shift"), most=60)  # what the page showed; absent: not checked
    pinned = BooleanField(_l("Solving leaves it as it is"))


class MoveForm(PortalForm):
    person = Someone(_l("Person"), required=True)
    day = Day(_l("Day"), required=True)
    to_person = Someone(_l("Person"), required=True)
    to_day = Day(_l("Day"), required=True)
    was = Line(_l("Shift"), most=60)  # what the page showed in either cell; absent: not checked
    to_was = Line(_l("Shift"), most=60)


def _codes(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in rows]


class LineForm(PortalForm):
    """One shift as a line of a workbook; its kind says when it begins and ends (DR-01)."""

    post = OneOf(_l("Post"), codes=lambda: _codes(posts.ground().posts.values()), required=True)
    kind = OneOf(_l("Kind of shift"), codes=lambda: _codes(posts.ground().kinds.values()), required=True)
    starts_at = Moment(_l("Begins"), required=True)
    ends_at = Moment(_l("Ends"))
    person = Someone(_l("Person"))

    @property
    def day(self) -> date:
        """The day it begins on, by the company's clock."""
        return clock.local(self.starts_at.data).date()

    def _span(self) -> tuple[datetime, datetime]:
        kind = next(row for row in posts.ground().kinds.values() if row.code == self.kind.data)
        return span(self.day, kind.starts, kind.ends, clock.zone())

    def validate_starts_at(self, field: Field) -> None:
        if not field.data or self.kind.errors or not self.kind.data:
            return
        begins, _ends = self._span()
        if field.data != begins:
            raise ValidationError(_("This kind of shift begins at %(time)s.", time=_time(begins)))

    def validate_ends_at(self, field: Field) -> None:
        if not field.data or not self.starts_at.data or self.kind.errors or not self.kind.data:
            return
        _begins, ends = self._span()
        if field.data != ends:
            raise ValidationError(_("This kind of shift ends at %(time)s.", time=_time(ends)))


def _time(at: datetime) -> str:
    return clock.local(at).strftime("%H:%M")


class SolveForm(VerbForm):
    seconds = Whole(_l("Seconds"), least=5, most=600, default=30)


class ExplainForm(VerbForm):
    reason = Line(_l("Reason"), most=400, required=True)


class DiscardForm(VerbForm):
    reason = Line(_l("Reason"), most=400)


FORMS: dict[str, type[VerbForm]] = {
    SOLVE: SolveForm,
    STOP: VerbForm,
    EXPLAIN: ExplainForm,
    CONFIRM: VerbForm,
    PUBLISH: VerbForm,
    CLOSE: VerbForm,
    DISCARD: DiscardForm,
}


def wishable() -> list[tuple[str, str]]:
    """What can be wished for: a day off, any shift, a kind of shift."""
    kinds = [kind for kind in posts.ground().kinds.values() if kind.active]
    named = [(kind.code, called(kind)) for kind in kinds]
    return [(OFF, _("A day off")), (ANY, _("Any shift")), *named]


class WishForm(PortalForm):
    day = Day(_l("Day"), required=True)
    wish = OneOf(_l("Wish"), codes=wishable, empty=_l("Please choose"), required=True)

    def given(self) -> dict[str, Any]:
        """The wish as the action takes it."""
        kinds = {kind.code: kind.id for kind in posts.ground().kinds.values()}
        wanted = self.wish.data != OFF
        return {"day": self.day.data, "kind_id": kinds.get(self.wish.data), "wanted": wanted}
