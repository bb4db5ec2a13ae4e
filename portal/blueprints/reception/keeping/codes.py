"""The codes of deposits, key loans and goods passes; pure."""

from __future__ import annotations

import enum


class Thing(enum.StrEnum):
    """What visitors hand over (RC-23, RC-27)."""

    UMBRELLA = "umbrella"
    BAG = "bag"
    LUGGAGE = "luggage"
    COAT = "coat"
    PARCEL = "parcel"
    OTHER = "other"


class Document(enum.StrEnum):
    """RC-26: the kind of document that was looked at; nothing else of it is ever kept."""

    ID_CARD = "id_card"
    WORK_CARD = "work_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"


class Held(enum.StrEnum):
    """How a deposit or a key loan stands."""

    OUT = "out"
    BACK = "back"
    LOST = "lost"


class Direction(enum.StrEnum):
    """Which way goods go through the door (RC-26)."""

    IN = "in"
    OUT = "out"


class PassState(enum.StrEnum):
    """A goods pass, from the asking to the door."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    PASSED = "passed"
