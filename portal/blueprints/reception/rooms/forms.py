"""What may be typed about places."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.reception.actions import host_is_leader
from portal.blueprints.reception.rooms.codes import Point
from portal.forms import Line, Moment, PortalForm, Someone, Version, Whole
from portal.i18n import _, _l
from portal.kernel import clock

MOST_SEATS, MOST_BUFFER = 500, 240


class BlockForm(PortalForm):
    """From when to when a place is not to be used, and why (RC-02)."""

    starts_at = Moment(_l("From"), required=True)
    ends_at = Moment(_l("To"), required=True)
    reason = Line(
        _l("Reason"), most=200, required=_l("Say why it is blocked; the calendar shows it. (RC-02)")
    )

    def validate_ends_at(self, field: Field) -> None:
        if self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("It ends after it begins. (RC-02)"))
        if field.data <= clock.now():
            raise ValidationError(_("This is over already."))


class NoteForm(PortalForm):
    """A remark beside ticks."""

    note = Line(_l("Remark"), most=200)


class PlaceForm(PortalForm):
    """What the office says of a place."""

    name = Line(_l("Name of the place"), most=80, required=True)
    name_en = Line(_l("Name on English pages"), most=80)
    capacity = Whole(_l("Seats"), least=1, most=MOST_SEATS, required=True)
    buffer_minutes = Whole(_l("Minutes kept free between two bookings"), most=MOST_BUFFER, required=True)
    active = BooleanField(_l("In use"))
    version = Version()

    def record(self) -> dict[str, Any]:
        """The fields as the place keeps them."""
        return {name: value for name, value in self.data.items() if name not in {"version", "owner"}}


class OfficeForm(PlaceForm):
    """The office of somebody who leads; it receives its owner's guests only (RC-02)."""

    owner = Someone(_l("Whose office (user name)"), required=True)

    def validate_owner(self, _field: Field) -> None:
        if self.owner.card and not host_is_leader(self.owner.card.id):
            raise ValidationError(
                _("Only offices of the general manager and of heads of department receive visitors. (RC-02)")
            )

    def record(self) -> dict[str, Any]:
        """The owner by id."""
        return super().record() | {"owner_id": self.owner.card.id if self.owner.card else None}


def ticked(form: Any, prefix: str = "") -> set[Point]:
    """The points that a sent form says hold: all of them by one touch, or each by its tick."""
    if form.get("all") == "1":
        return set(Point)
    return {point for point in Point if form.get(f"{prefix}{point}") == "1"}
