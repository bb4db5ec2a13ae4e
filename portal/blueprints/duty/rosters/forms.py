"""What may be typed about a roster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters import queries
from portal.blueprints.duty.rosters.workflow import CLOSE, CONFIRM, EXPLAIN, PUBLISH, SOLVE, STOP
from portal.forms import Day, Line, OneOf, PortalForm, Someone, VerbForm, Whole
from portal.i18n import _, _l, is_chinese

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


class SolveForm(VerbForm):
    seconds = Whole(_l("Seconds"), least=5, most=600, default=30)


class ExplainForm(VerbForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VerbForm]] = {
    SOLVE: SolveForm,
    STOP: VerbForm,
    EXPLAIN: ExplainForm,
    CONFIRM: VerbForm,
    PUBLISH: VerbForm,
    CLOSE: VerbForm,
}


def wishable() -> list[tuple[str, str]]:
    """What can be wished for: a day off, any shift, a kind of shift."""
    kinds = [kind for kind in posts.ground().kinds.values() if kind.active]
    named = [(kind.code, kind.name if is_chinese() else kind.name_en or kind.name) for kind in kinds]
    return [(OFF, _("A day off")), (ANY, _("Any shift")), *named]


class WishForm(PortalForm):
    day = Day(_l("Day"), required=True)
    wish = OneOf(_l("Wish"), codes=wishable, empty=_l("Please choose"), required=True)

    def given(self) -> dict[str, Any]:
        """The wish as the action takes it."""
        kinds = {kind.code: kind.id for kind in posts.ground().kinds.values()}
        wanted = self.wish.data != OFF
        return {"day": self.day.data, "kind_id": kinds.get(self.wish.data), "wanted": wanted}
