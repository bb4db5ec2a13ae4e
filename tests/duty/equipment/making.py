"""Small makers: a piece of equipment, a picture as a camera sends it."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask
from PIL import Image

from portal.blueprints.duty.equipment import actions
from portal.blueprints.duty.systems import System
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories

PLACE_TAKEN = 0x8825  # the tag under which a camera writes where it was


def equipment(app: Flask, code: str = "GATE-E", *, responsible: str = "", **chosen: Any) -> int:
    """A piece of equipment of the administration; its id."""
    usual: dict[str, Any] = {
        "name": "东侧闸机", "name_en": "East gate", "system": System.DOORS, "place": "一楼大厅", "department": "admin",
        "post_id": None, "important": False, "contingency": "", "bought_on": None, "warranty_until": None,
        "active": True,
    }  # fmt: skip
    with app.app_context(), db.write():
        who = factories.viewer(responsible).id if responsible else None
        office = factories.viewer("office1").id
        fields = usual | chosen | {"responsible_id": who}
        return actions.add(by=office, now=clock.now(), code=code, **fields).id


def photo(colour: str = "red", size: tuple[int, int] = (40, 20)) -> bytes:
    """A JPEG lying on its side, with the place where it was taken."""
    drawn, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turn it
    exif[PLACE_TAKEN] = {1: "N", 2: (39.0, 54.0, 0.0)}
    Image.new("RGB", size, colour).save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def sent(name: str = "照片.jpg", colour: str = "red") -> tuple[io.BytesIO, str]:
    """A picture as a form of the test's browser takes it."""
    return io.BytesIO(photo(colour)), name
