"""Pictures and papers come with a case; a file that lies about itself stays outside."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import FilePayload, expect

from tests.pages.complaints import CALL, Intake
from tests.pages.live import CHINESE, ENGLISH, PATIENCE, Come, Way

pytestmark = pytest.mark.browser


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    + _chunk(b"IEND", b"")
)
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_picture_and_a_paper_are_kept_and_a_lie_is_refused(come: Come, way: Way) -> None:
    desk = come("desk1", way).allows(422)
    form = Intake.open(desk).fills(**CALL)
    choose = form.form.locator("[name=files]")
    choose.set_input_files([_file("照片.png", "image/png", b"<script>alert(1)</script>" * 9)])
    form.send.click()
    expect(form.form.locator("[name=files]")).to_have_attribute("aria-invalid", "true", timeout=PATIENCE)
    expect(form.form.locator("[name=files] ~ .error")).to_contain_text("照片.png")
    expect(form.form.locator("[name=content]")).to_have_value(CALL["content"])
    desk.looks()

    choose.set_input_files(
        [_file("照片.png", "image/png", PICTURE), _file("来信.pdf", "application/pdf", PAPER)]
    )
    form.registers()
    for name in ("照片.png", "来信.pdf"):
        expect(desk.page.get_by_role("link", name=name)).to_be_visible()
    with desk.page.expect_download() as paper:
        desk.page.get_by_role("link", name="来信.pdf").click()
    assert paper.value.suggested_filename == "来信.pdf"
