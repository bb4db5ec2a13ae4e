"""The codes of a customer card and of the care around it; pure."""

from __future__ import annotations

import enum


class Gender(enum.StrEnum):
    FEMALE = "female"
    MALE = "male"


class Relation(enum.StrEnum):
    """CU-01: the level of the relation."""

    NEW = "new"
    REGULAR = "regular"
    KEY = "key"
    PARTNER = "partner"


CLOSE = frozenset({Relation.KEY, Relation.PARTNER})  # whom the owner contacts regularly (CU-02)


class Consent(enum.StrEnum):
    """What a person agreed to."""

    KEEP = "keep"  # to being kept beyond the visit (RC-20)
    CARE = "care"  # to greetings and contact (CU-02)


class CareKind(enum.StrEnum):
    """CU-02: what care consists of."""

    BIRTHDAY = "birthday"
    FESTIVAL = "festival"
    CONTACT = "contact"
    SYMPATHY = "sympathy"
    WANTED = "wanted"


BY_HAND = (
    CareKind.SYMPATHY,
    CareKind.WANTED,
    CareKind.CONTACT,
)  # what people note; the rest the calendar does


class Festival(enum.StrEnum):
    """The festivals at which customers are greeted."""

    NEW_YEAR = "new_year"
    SPRING = "spring"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
