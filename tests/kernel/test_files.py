"""Uploads are judged by their content, kept whole, and served so that they cannot act."""

import io
import os
import struct
import wave
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from portal.i18n import speaking
from portal.kernel import files
from portal.kernel.db import Base, db
from portal.kernel.people import Department, Person
from portal.kernel.rights import Role
from portal.kernel.workflow import Refused
from portal.labels import REJECTIONS, rejected

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CASE = SimpleNamespace(history_kind="case", id=7)


def picture(kind: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, kind)
    return drawn.getvalue()


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            inside = name.replace("__", "/").replace("_TYPES", "[Content_Types].xml")
            entry = zipfile.ZipInfo(
                inside
            )  # without the hour it was made: it would be part of the test's name
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def document(main: str, **more: str) -> bytes:
    return packed(_TYPES="<Types/>", **{main: "<x/>"}, **more)


def sound() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(b"\0\0" * 100)
    return made.getvalue()


def huge_picture() -> bytes:
    """A PNG of a few bytes that says it has 100,000 x 100,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 50
M4A = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"\0" * 50
WORD = document("word__document.xml")
EXCEL = document("xl__workbook.xml")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("files", instance_path=str(tmp_path))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'files.db'}",
        SETTINGS=SimpleNamespace(instance=tmp_path, virus_scanner=""),
    )
    db.init_app(app)
    with app.test_request_context("/"), speaking("en"):
        tables = [Department.__table__, Person.__table__, files.Attachment.__table__]
        Base.metadata.create_all(db.engine, tables=tables)  # type: ignore[arg-type]  # they are tables
        with db.write():
            db.session.add(Department(code="tech", name="技术部"))
            db.session.flush()
            person = Person(username="desk1", name="王敏", role=Role.DESK, department="tech", created_at=NOW)
            db.session.add(person)
        yield app
        db.session.remove()


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def kept(name: str, content: bytes) -> files.Attachment:
    checked = files.check(upload(name, content))
    files.keep(checked)
    with db.write():
        return files.add(CASE, checked, 1, NOW)


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("现场.jpg", picture("JPEG"), "image/jpeg"),
        ("现场.JPEG", picture("JPEG"), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.gif", picture("GIF"), "image/gif"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("原件.pdf", PDF, "application/pdf"),
        ("信.docx", WORD, files.TYPES["docx"]),
        ("表.xlsx", EXCEL, files.TYPES["xlsx"]),
        ("片.pptx", document("ppt__presentation.xml"), files.TYPES["pptx"]),
        ("记录.txt", "客户来电：空调漏水".encode(), "text/plain"),
        ("旧.txt", "客户来电：空调漏水".encode("gb18030"), "text/plain"),
        ("表.csv", b"\xef\xbb\xbfa,b\r\n1,2", "text/csv"),
        ("录音.wav", sound(), "audio/wav"),
        ("录音.amr", b"#!AMR\n" + b"\0" * 40, "audio/amr"),
        ("录音.mp3", b"ID3\x04" + b"\0" * 40, "audio/mpeg"),
        ("录音.m4a", M4A, "audio/mp4"),
        ("录音.m4a", MP4, "audio/mp4"),
        ("片.mp4", MP4, "video/mp4"),
    ],
)
def test_what_is_taken(app: Flask, name: str, content: bytes, mime: str) -> None:
    checked = files.check(upload(name, content))
    assert (checked.name, checked.mime, checked.size) == (name, mime, len(content))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.jpg", picture("PNG"), "lies"),
        ("a.png", b"just words", "lies"),
        ("a.pdf", picture("GIF"), "lies"),
        ("a.txt", PDF, "lies"),
        ("a.docx", EXCEL, "lies"),
        ("a.mp3", sound(), "lies"),
        ("a.pdf", b"<!DOCTYPE html><p>", "active"),
        ("a.txt", b"hello <script>alert(1)</script>", "active"),
        ("a.csv", b"\xef\xbb\xbf<svg onload=alert(1)>", "active"),
        ("a.txt", b"#!/bin/sh\nrm -rf /", "active"),
        ("a.docx", packed(_TYPES="", **{"word__document.xml": "", "word__vbaProject.bin": ""}), "active"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_type"),
        ("a.html", b"<p>", "unknown_type"),
        ("a.exe", b"MZ" + b"\0" * 80, "unknown_type"),
        ("a.zip", packed(a="b"), "unknown_type"),
        ("a.docx", packed(a="b"), "unknown_type"),
        ("a.txt", b"a\0b", "unknown_type"),
        ("a.txt", b"\xff\xff\xff", "unknown_type"),
        ("a.xlsx", WORD[:60], "damaged"),
        ("a.png", picture("PNG")[:40], "damaged"),
        ("a.png", huge_picture(), "bomb"),
    ],
)
def test_what_is_refused_and_why(app: Flask, name: str, content: bytes, code: str) -> None:
    with pytest.raises(files.Rejected) as refused:
        files.check(upload(name, content))
    assert refused.value.code == code
    assert name in rejected(refused.value)


def test_a_document_that_unpacks_to_gigabytes_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(files.Rejected) as refused:
        files.check(upload("a.docx", document("word__document.xml", word__big="0" * 2_000_000)))
    assert refused.value.code == "bomb"


def test_a_file_may_have_twenty_megabytes_and_no_byte_more(app: Flask) -> None:
    assert files.check(upload("a.txt", b"x" * files.LARGEST)).size == files.LARGEST
    with pytest.raises(files.Rejected) as refused:
        files.check(upload("a.txt", b"x" * (files.LARGEST + 1)))
    assert rejected(refused.value) == "a.txt is too large; a file may have up to 20 MB."


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\照片.jpg", "照片.jpg"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("\u202egpj.exe.txt", "gpj.exe.txt"),
        ("...", "file"),
        (" .txt", "txt"),
        ("", "file"),
        ("字" * 300 + ".pdf", "字" * 111 + ".pdf"),
        ('a"b<c>.txt', "a_b_c_.txt"),
    ],
)
def test_names_are_cleaned(written: str, name: str) -> None:
    assert files.clean_name(written) == name
    assert len(files.clean_name(written)) <= files.LONGEST_NAME


def test_a_name_without_an_ending_gets_the_right_one(app: Flask) -> None:
    assert files.check(upload("原件", PDF)).name == "原件.pdf"


def test_a_file_is_kept_once_and_listed(app: Flask, tmp_path: Path) -> None:
    first, second = kept("a.pdf", PDF), kept("b.pdf", PDF)
    assert [row.name for row in files.of(CASE)] == ["a.pdf", "b.pdf"]
    assert first.sha256 == second.sha256
    assert [path.read_bytes() for path in (tmp_path / "files").glob("??/*")] == [PDF]
    assert files.of(SimpleNamespace(history_kind="case", id=8)) == []


def test_a_subject_has_twenty_files_at_most(app: Flask) -> None:
    for number in range(files.MOST):
        kept(f"{number}.txt", b"words")
    with pytest.raises(Refused) as refused:
        kept("one-more.txt", b"words")
    assert [(r.code, r.given) for r in refused.value.reasons] == [("too_many_files", {"most": 20})]


def test_a_download_cannot_act_as_a_page(app: Flask) -> None:
    with files.send(kept("投诉 原件.pdf", PDF)) as answer:
        answer.direct_passthrough = False
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "filename*=UTF-8''%E6%8A%95" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_only_pictures_are_shown_inside_a_page(app: Flask) -> None:
    with files.send(kept("现场.png", picture("PNG"))) as shown:
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert shown.mimetype == "image/png"
    with files.send(kept("a.txt", b"words")) as saved:
        assert saved.headers["Content-Disposition"].startswith("attachment")


def aged(path: Path, by: timedelta) -> None:
    then = (NOW - by).timestamp()
    os.utime(path, (then, then))


def test_faults_find_missing_changed_and_forgotten_files(app: Flask) -> None:
    missing, changed, whole = kept("m.pdf", PDF), kept("c.txt", b"before"), kept("w.txt", b"whole")
    assert list(files.faults(NOW)) == []
    files.path_of(missing.sha256).unlink()
    files.path_of(changed.sha256).write_bytes(b"beforf")
    forgotten, young = (files.check(upload("f.txt", text)) for text in (b"forgotten", b"young"))
    files.keep(forgotten)
    files.keep(young)
    aged(files.path_of(forgotten.sha256), timedelta(days=2))
    aged(files.path_of(whole.sha256), timedelta(days=2))
    aged(files.path_of(young.sha256), timedelta(hours=2))
    told = "\n".join(files.faults(NOW))
    assert f"{missing.sha256} is missing" in told
    assert f"{changed.sha256} was changed" in told
    assert f"{forgotten.sha256}: nothing points to it" in told
    assert told.count("\n") == 2
    assert files.clean(NOW) == 1
    assert not files.path_of(forgotten.sha256).exists()
    assert files.path_of(whole.sha256).exists()


def test_a_missing_file_is_not_found(app: Flask) -> None:
    row = kept("a.pdf", PDF)
    files.path_of(row.sha256).unlink()
    with pytest.raises(Exception, match="404"):
        files.send(row)


def test_every_reason_has_its_sentence(app: Flask) -> None:
    given: dict[str, Any] = {"name": "a", "most": 1, "found": "PDF"}
    for code in REJECTIONS:
        assert rejected(files.Rejected(code, **given))
