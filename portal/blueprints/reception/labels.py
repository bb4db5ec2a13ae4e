"""What people read for each code of a visit."""

from __future__ import annotations

from typing import Any

from portal.blueprints.reception.codes import (
    Category,
    Errand,
    Hold,
    Late,
    PlaceKind,
    Refreshment,
    Satisfaction,
    Side,
    State,
    Task,
)
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Category: {
        Category.A: _l("A · special"),
        Category.B: _l("B · guest"),
        Category.C: _l("C · administrative"),
        Category.D: _l("D · general"),
    },
    State: {
        State.EXPECTED: _l("Expected"),
        State.ARRIVED: _l("Arrived"),
        State.WAITING: _l("Seated, waiting"),
        State.MEETING: _l("In meeting"),
        State.LEFT: _l("Left"),
        State.CLOSED: _l("Checked"),
        State.ARCHIVED: _l("Archived"),
        State.ASKED: _l("Department asked"),
        State.DECLINED: _l("Politely declined"),
        State.CANCELLED: _l("Cancelled"),
        State.NO_SHOW: _l("Did not come"),
    },
    Errand: {
        Errand.USUAL: _l("Usual visit"),
        Errand.TOUR: _l("Guided tour"),
        Errand.COMPLAINT: _l("Complaint on site"),
    },
    PlaceKind: {
        PlaceKind.LARGE: _l("Large meeting room"),
        PlaceKind.SMALL: _l("Small meeting room"),
        PlaceKind.LOUNGE: _l("Lounge"),
        PlaceKind.OFFICE: _l("Office of a leader"),
    },
    Side: {
        Side.DESK: _l("Front desk"),
        Side.CLERK: _l("Administration"),
        Side.HOST: _l("Host department"),
    },
    Task: {
        Task.PLACE: _l("Prepare the place"),
        Task.SUPPLIES: _l("Lay out the supplies"),
        Task.GREETER: _l("Stand ready to greet"),
        Task.WARN_HOSTS: _l("Tell the hosts before it begins"),
        Task.REFRESHMENT: _l("Serve refreshments"),
        Task.ACCOMPANY: _l("Accompany throughout"),
        Task.NAMES: _l("Write down the other names"),
        Task.MEAL: _l("Arrange the meal"),
        Task.LODGING: _l("Arrange lodging"),
        Task.TOUR: _l("Lead the tour"),
        Task.WATER: _l("Offer water first"),
    },
    Refreshment: {
        Refreshment.COFFEE: _l("Coffee"),
        Refreshment.TEA: _l("Hot tea"),
        Refreshment.WATER: _l("Water"),
    },
    Satisfaction: {
        Satisfaction.SATISFIED: _l("Satisfied visitor"),
        Satisfaction.FAIR: _l("Fair"),
        Satisfaction.DISSATISFIED: _l("Not satisfied"),
    },
    Hold: {Hold.PENDING: _l("Asked for"), Hold.CONFIRMED: _l("Booked"), Hold.RELEASED: _l("Released")},
    Late: {
        Late.NO: _l("In time"),
        Late.ASKED: _l("Late, waits for approval"),
        Late.APPROVED: _l("Late, approved"),
        Late.AFTERWARDS: _l("Late, completed afterwards"),
    },
}
