"""Attached files on a disk that answers with errors: no upload is acknowledged whose bytes are not on the disk.

The quick ones give the error to this process, at each call that makes a file sure; the others are strace's, under a
running server, part of `make faults` where strace is installed.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from bench.targets import Visitor
from portal.blueprints.complaints.codes import State
from portal.config import Settings
from portal.kernel import clock, files
from portal.kernel.db import db
from portal.kernel.files import Attachment
from tests import factories
from tests.conftest import As
from tests.faults import test_bad_disk as disk

LETTER = b"a letter\n" * 40_000
UPLOADS = 15


def lying(app: Flask) -> set[str]:
    """The names in the folder of the files, each of which must be the digest of its content."""
    settings: Settings = app.config["SETTINGS"]
    found = [path for path in (settings.instance / "files").glob("??/*") if path.suffix != ".part"]
    for path in found:
        assert sha256(path.read_bytes()).hexdigest() == path.name
    return {path.name for path in found}


def attached(app: Flask) -> set[str]:
    """The digests of what is attached to something."""
    with app.app_context():
        found = set(db.session.scalars(sa.select(Attachment.sha256)))
    disk.let_go(app)
    return found


class _Full(io.FileIO):
    """A file on a disk that is full after some bytes."""

    def write(self, content: Any) -> NoReturn:
        super().write(content[:4096])
        raise OSError(errno.ENOSPC, "No space left on device")


def _no_room(patch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = Path.open
    patch.setattr(
        Path,
        "open",
        lambda path, mode="r", *more, **named: (
            _Full(path, "w") if mode == "wb" else real(path, mode, *more, **named)
        ),
    )


def _fails(owner: Any, name: str, on: int = 1) -> Callable[[pytest.MonkeyPatch], None]:
    """Let a call answer EIO, the first time or a later one."""

    def give(patch: pytest.MonkeyPatch) -> None:
        real, calls = getattr(owner, name), iter(range(1, 100))

        def call(*given: Any) -> Any:
            if next(calls) == on:
                raise OSError(errno.EIO, "Input/output error")
            return real(*given)

        patch.setattr(owner, name, call)

    return give


ERRORS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], int]] = {
    "written": (_no_room, 507),
    "made sure": (_fails(os, "fsync"), 503),
    "named": (_fails(Path, "replace"), 503),
    "its name made sure": (_fails(os, "fsync", 2), 503),
    "its folder made sure": (_fails(os, "fsync", 3), 503),
}


def test_an_upload_is_acknowledged_when_it_is_on_the_disk(app: Flask, as_: As) -> None:
    """Refused as long as it is not, and taken the next time, when its name is made sure in any case."""
    number, browser = factories.a_case(app, State.ACCEPTED), as_("desk1")
    for place, (error, code) in enumerate(ERRORS.values()):
        letter = b"%d" % place + LETTER
        named = sha256(letter).hexdigest()
        with pytest.MonkeyPatch.context() as patch:
            error(patch)
            answer = browser.act(number, "attach", files=(io.BytesIO(letter), "letter.txt"))
        assert answer.status_code == code
        assert named not in attached(app)
        assert not list(files_of(app).glob("??/*.part"))
        lying(app)
        sure: list[int] = []  # a handle for the folder, at least, and one for that above it
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", sure.append)
            answer = browser.act(number, "attach", files=(io.BytesIO(letter), "letter.txt"))
        assert answer.status_code == 303
        assert named in attached(app) & lying(app)
        assert len(sure) >= 2
    assert factories.history_faults(app) == []


def files_of(app: Flask) -> Path:
    settings: Settings = app.config["SETTINGS"]
    return settings.instance / "files"


def test_what_lies_there_is_looked_at_before_it_counts(app: Flask) -> None:
    """Other bytes of the same length are written anew; a cleaning does not take what is just wanted again."""
    checked = files.Checked(
        "a.txt", "text/plain", len(LETTER), sha256(LETTER).hexdigest(), io.BytesIO(LETTER)
    )
    with app.app_context():
        files.keep(checked)
        path, now = files.path_of(checked.sha256), clock.now()
        path.write_bytes(LETTER[::-1])
        files.keep(checked)
        assert path.read_bytes() == LETTER
        os.utime(path, (now.timestamp(),) * 2)
        assert not files._take_away(path, now)
        assert path.read_bytes() == LETTER


# -- a running server ------------------------------------------------------------------------------------------------


def upload(visitor: Visitor, number: str, letter: bytes) -> int:
    """The status that a browser is given."""
    answer = requests.post(
        f"http://127.0.0.1:{visitor.server.port}/complaints/{number}/attach",
        data={"csrf_token": visitor.token},
        files={"files": ("letter.txt", letter)},
        headers={"Cookie": visitor.cookie},
        allow_redirects=False,
        timeout=60,
    )
    return answer.status_code


@pytest.mark.skipif(
    os.environ.get("TESTS_WHOLE") != "1" or shutil.which("strace") is None, reason="`make faults` with strace"
)
@pytest.mark.parametrize(("calls", "when"), [("fsync", "1+5"), ("rename,renameat,renameat2", "1+2")])
def test_files_on_a_disk_with_errors(tmp_path: Path, calls: str, when: str) -> None:
    """Whatever was acknowledged is there and whole after a kill; what was refused is taken once the disk is well."""
    app = disk.made(tmp_path / "instance")
    number = factories.a_case(app, State.ACCEPTED)
    disk.let_go(app)
    letters = [b"%d" % place + LETTER for place in range(UPLOADS)]
    with disk.killed_at_the_end(tmp_path / "instance") as server:
        (visitor,) = disk.logged_in(server, 1)
        with disk.failing(server.pids(), calls, when):
            said = [upload(visitor, number, letter) for letter in letters]
        for place, letter in enumerate(letters):
            if said[place] != 303:
                assert sha256(letter).hexdigest() not in attached(app)
                assert upload(visitor, number, letter) == 303
        assert upload(visitor, number, b"once more" + LETTER) == 303
    assert set(said) == {303, 503}, said
    wanted = {sha256(letter).hexdigest() for letter in letters}
    assert wanted <= attached(app) <= lying(app)
    with app.app_context():
        assert list(files.faults(clock.now())) == []
    disk.let_go(app)
    assert factories.history_faults(app) == []
    print(calls, when, dict(Counter(said)))
