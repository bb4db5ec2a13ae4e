"""The codes of the book of letters and parcels; pure."""

from __future__ import annotations

from enum import StrEnum


class ParcelKind(StrEnum):
    EXPRESS = "express"
    PARCEL = "parcel"
    LETTER = "letter"
    NEWSPAPER = "newspaper"


class State(StrEnum):
    WAITING = "waiting"
    COLLECTED = "collected"
    RETURNED = "returned"
