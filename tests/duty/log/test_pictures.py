"""Pictures and equipment in the shift log: they come with the entry, and go no further than it does (DR-02)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from portal.blueprints.duty.log.models import LogEntry
from portal.kernel import files, pictures
from portal.kernel.db import db
from portal.pictures import MOST
from tests.conftest import As, At
from tests.duty.equipment.making import equipment, photo, sent
from tests.duty.handover.making import a_desk

ENTRY: dict[str, Any] = {
    "post": "front-desk", "category": "equipment", "standing": "done", "text": "闸机已复位", "equipment": "gate-e",
}  # fmt: skip


@pytest.mark.clause("DR-02")
def test_an_entry_bears_its_pictures_and_names_equipment(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:00")
    a_desk(app)
    equipment(app)
    desk = as_("desk1")
    assert desk.send("/duty/log", **ENTRY, pictures=[sent(), sent("二.jpg", "blue")]).status_code == 303
    here = "/duty/log/ZB-20260302-0001"
    assert f'src="{here}/pictures/1" height="48"' in desk.get("/duty/log").text
    page = desk.get(here).text
    assert "East gate GATE-E" in page
    with desk.get(f"{here}/pictures/2") as answer:
        drawn = Image.open(io.BytesIO(answer.data))
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (drawn.size, dict(drawn.getexif())) == ((20, 40), {}), "upright, and without where it was taken"
    with as_("lead.admin").get(f"{here}/pictures/1") as answer:
        assert answer.status_code == 200
    for address in (here, f"{here}/pictures/1"):
        assert as_("emp.tech").get(address).status_code == 404, address
    assert desk.get(f"{here}/pictures/3").status_code == 404
    correction = desk.send(f"{here}/correct", text="是西侧", pictures=[sent("三.jpg", "green")])
    assert correction.status_code == 303
    with app.app_context():
        assert [len(files.of(entry)) for entry in db.session.query(LogEntry)] == [2, 0], "no later ones"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jpg", b"<svg onload=alert(1)>"), ("a.pdf", b"%PDF-1.7\n%%EOF"), ("a.jpg", photo()[:200])],
    ids=["svg", "pdf", "cut"],
)
def test_what_is_no_picture_is_told_and_nothing_is_written(
    app: Flask, as_: As, at: At, name: str, content: bytes
) -> None:
    at("Mon 2026-03-02 10:00")
    a_desk(app)
    wrong = ENTRY | {"equipment": ""}
    answer = as_("desk1").send("/duty/log", **wrong, pictures=[(io.BytesIO(content), name)])
    assert answer.status_code == 422
    assert "闸机已复位" in answer.text
    with app.app_context():
        assert db.session.query(LogEntry).count() == 0


def test_more_pictures_than_a_field_takes_are_told_before_one_is_drawn(
    app: Flask, as_: As, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("Mon 2026-03-02 10:00")
    a_desk(app)
    monkeypatch.setattr(pictures, "check", lambda _storage: pytest.fail("drawn"))
    many = [sent(f"{n}.jpg", "green") for n in range(MOST + 1)]
    answer = as_("desk1").send("/duty/log", **ENTRY | {"equipment": ""}, pictures=many)
    assert (answer.status_code, "At most 6" in answer.text) == (422, True)


def test_equipment_that_is_not_in_the_ledger_is_told(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:00")
    a_desk(app)
    answer = as_("desk1").send("/duty/log", **ENTRY, pictures=[sent()])
    assert answer.status_code == 422
    assert "The ledger has no equipment of this code." in answer.text
    assert "1 picture is kept already." in answer.text
