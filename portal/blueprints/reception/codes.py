"""The codes of reception: categories, states, places, tasks; pure."""

from __future__ import annotations

import enum


class Category(enum.StrEnum):
    """RC-01: what kind of visitor this is decides everything that follows."""

    A = "A"  # special, project
    B = "B"  # guest
    C = "C"  # administrative business
    D = "D"  # general


class State(enum.StrEnum):
    """A visit's states in the order of the contract."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    WAITING = "waiting"
    MEETING = "meeting"
    LEFT = "left"
    CLOSED = "closed"
    ARCHIVED = "archived"
    ASKED = "asked"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


# Who looks after the places (RC-03): a department code that the contract fixes.
ADMINISTRATION = "admin"

PRESENT = frozenset({State.ARRIVED, State.WAITING, State.MEETING, State.ASKED})
OVER = frozenset({State.CLOSED, State.ARCHIVED, State.CANCELLED, State.NO_SHOW})


class Errand(enum.StrEnum):
    """What brings somebody here beyond the usual: a tour (RC-28), a complaint on site (RC-30)."""

    USUAL = "usual"
    TOUR = "tour"
    COMPLAINT = "complaint"


class PlaceKind(enum.StrEnum):
    """RC-02: the three places where visitors are received, and the offices of those who lead."""

    LARGE = "large"
    SMALL = "small"
    LOUNGE = "lounge"
    OFFICE = "office"


class Side(enum.StrEnum):
    """Whose hands a check or a task needs (RC-03, RC-13)."""

    DESK = "desk"
    CLERK = "clerk"  # the administration
    HOST = "host"


class Task(enum.StrEnum):
    """RC-03: what has to be done around a visit; who does which, the matrix says."""

    PLACE = "task:place"  # place and equipment ready
    SUPPLIES = "task:supplies"  # supplies laid out
    GREETER = "task:greeter"  # somebody named stands ready to greet
    WARN_HOSTS = "task:warn_hosts"  # hosts are reminded before it begins
    REFRESHMENT = "task:refreshment"
    ACCOMPANY = "task:accompany"
    NAMES = "task:names"  # names of the rest of the party
    MEAL = "task:meal"
    LODGING = "task:lodging"
    TOUR = "task:tour"
    TOUR_ROUTE = "task:tour_route"  # RC-28: what a guided tour asks for beside its guide
    TOUR_MATERIAL = "task:tour_material"
    TOUR_SAFETY = "task:tour_safety"
    WATER = "task:water"  # RC-30: water for somebody who complains


class Refreshment(enum.StrEnum):
    COFFEE = "coffee"
    TEA = "tea"
    WATER = "water"


class Layout(enum.StrEnum):
    """RC-04: how the place is arranged for the meeting."""

    TABLE = "table"
    ROWS = "rows"
    HORSESHOE = "horseshoe"
    LOUNGE = "lounge"


class Satisfaction(enum.StrEnum):
    """RC-21: what a visitor says on leaving."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class Hold(enum.StrEnum):
    """How far a booking of a place is."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    RELEASED = "released"


class Late(enum.StrEnum):
    """RC-04: how a late arrangement form stands."""

    NO = "no"
    ASKED = "asked"
    APPROVED = "approved"
    AFTERWARDS = "afterwards"  # the visitor had arrived without one
