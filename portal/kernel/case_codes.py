"""What cases are sorted by, and phrases with them: the way a customer came, what it is about, what kind of customer."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    ONSITE = "onsite"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    WECHAT = "wechat"
    OTHER = "other"


class Category(StrEnum):
    PRODUCT = "product"
    OPERATION = "operation"
    ATTITUDE = "attitude"
    SERVICE = "service"
    PRICE = "price"
    OTHER = "other"


class CustomerType(StrEnum):
    """The five kinds of upset customer (PG-07)."""

    CONTROLLED = "controlled"
    VENTING = "venting"
    TALKER = "talker"
    DEMANDING = "demanding"
    PROFESSIONAL = "professional"
