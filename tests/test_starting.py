"""What must not start: each unsafe thing is refused by a sentence that says how to mend it."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from portal import create_app, starting, web, worker
from portal.config import BadSetting, Settings
from portal.kernel.db import db

HERE = "https://portal.example.com"


@pytest.mark.parametrize(
    ("environ", "mending"),
    [
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG is on.*: unset it"),
        ({"FLASK_DEBUG": "true", "PORTAL_DEMO": "1"}, "FLASK_DEBUG is on.*: unset it"),
        ({"PORTAL_DEMO": "1", "PORTAL_HOST": "10.0.0.5"}, "demo accounts.*10.0.0.5: unset PORTAL_DEMO"),
        ({"PORTAL_BASE_URL": "portal.example.com"}, "is no address: write it.*https://portal.example.com"),
        ({"PORTAL_BASE_URL": "http://portal.example.com"}, "in the clear: write https://"),
        ({"PORTAL_SECRET_KEY_FILE": "/nowhere"}, "PORTAL_SECRET_KEY_FILE='/nowhere' cannot be read"),
        ({"PORTAL_SECRET_KEY_FILE": "/dev/null"}, "is empty: write the secret into it"),
        ({"PORTAL_SECRET_KEY_FILE": "x", "PORTAL_SECRET_KEY": "y"}, "are both set: keep one of them"),
    ],
)
def test_unsafe_settings_stop_every_command(environ: dict[str, str], mending: str) -> None:
    with pytest.raises(BadSetting, match=mending):
        Settings.from_env(environ)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("  with blanks \n")
    asked = {
        "PORTAL_MAIL_SERVER": "mail:465",
        "PORTAL_MAIL_USER": "portal",
        "PORTAL_COMPANY_FILE": "/nowhere",
    }
    found = Settings.from_env({**asked, "PORTAL_MAIL_PASSWORD_FILE": str(file), "FLASK_DEBUG": "0"})
    assert found.mail_password == "  with blanks "
    assert found.company == Settings().company, "only a secret is looked for in a file"


def _not_reached(*_: object) -> None:
    raise AssertionError("it began to work")


def _open_folder(settings: Settings) -> None:
    settings.instance.chmod(0o755)


def _open_key(settings: Settings) -> None:
    (settings.instance / "secret_key").touch()
    (settings.instance / "secret_key").chmod(0o604)


def _open_file(settings: Settings) -> None:
    (settings.instance / "named").touch()
    (settings.instance / "named").chmod(0o604)


@pytest.mark.parametrize(
    ("made_so", "more", "mending"),
    [
        (None, {}, ""),
        (None, {"base_url": ""}, "PORTAL_BASE_URL is not set.*: write the address"),
        (_open_folder, {}, "may look into .*: chmod o= "),
        (_open_key, {}, "may read the secret in .*secret_key: chmod o= "),
        (_open_file, {}, "may read the secret in .*named: chmod o= "),
        ("PRAGMA synchronous=NORMAL", {}, "synchronous below FULL.*put PRAGMAS .* back"),
        (None, {"demo": "1", "base_url": ""}, ""),
    ],
)
def test_an_unsafe_installation_does_not_begin(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    made_so: Callable[[Settings], None] | str | None,
    more: dict[str, Any],
    mending: str,
) -> None:
    settings = replace(app.config["SETTINGS"], **{"demo": "0", "base_url": HERE, "now": "", **more})
    app.config["SETTINGS"] = settings
    monkeypatch.setenv("PORTAL_MAIL_PASSWORD_FILE", str(settings.instance / "named"))
    settings.instance.chmod(0o700)
    if callable(made_so):
        made_so(settings)

    def less(connection: Any, _record: object) -> None:
        connection.execute(made_so)

    with app.app_context():
        engine = db.engine
        engine.dispose()
    if isinstance(made_so, str):
        event.listen(engine, "connect", less)
    try:
        if not mending:
            starting.insist(app)
            return
        with pytest.raises(BadSetting, match=re.compile(mending, re.DOTALL)):
            starting.insist(app)
    finally:
        if isinstance(made_so, str):
            event.remove(engine, "connect", less)
            engine.dispose()


def test_postgres_that_forgets_is_refused(postgres_ground: Any) -> None:
    """The tests' own server runs without fsync, for nothing in it need reach the disk."""
    app = postgres_ground.fresh()
    with app.app_context():
        told = list(starting._forgetful())
    assert [fault.partition(" off")[0] for fault in told] == [
        f"PostgreSQL runs with {name}" for name in ("fsync", "synchronous_commit")
    ]
    assert all("RESET" in fault for fault in told)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql+psycopg://x:secret@127.0.0.1:1/x",
            {
                "init-db": "^Error: the database does not take us: .*refused.* look at PORTAL_DATABASE_URL",
                "worker": "the worker cannot start: the database does not take us",
            },
        ),
        (
            "",
            {
                "worker": "the worker cannot start: the database has another version's schema: run `upgrade`",
                "first-run": "no such table.*: is the database set up. run init-db",
            },
        ),
    ],
    ids=["not there", "empty"],
)
def test_a_database_that_cannot_be_worked_with_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, told: dict[str, str]
) -> None:
    monkeypatch.setattr(worker, "run", _not_reached)
    app = create_app(Settings(instance=tmp_path / "i", database_url=url, base_url=HERE))
    app.config["SETTINGS"].own_folder()
    for asked, sentence in told.items():
        ran = app.test_cli_runner().invoke(args=[asked])
        assert ran.exit_code == 1
        assert isinstance(ran.exception, SystemExit), "no trace"
        assert re.search(sentence, ran.output)
        assert "secret" not in ran.output


def test_a_database_of_somebody_elses_says_whose_it_must_be() -> None:
    class Denied(Exception):
        sqlstate = "42501"

    error = DBAPIError("CREATE TABLE", {}, Denied("permission denied for schema public"))
    assert "denied" in starting.why_not(error)
    assert "createdb --owner" in starting.why_not(error)
    assert "CREATE TABLE" not in starting.why_not(error), "no statement: data stand in it"


def test_web_server_and_worker_look_before_they_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "run", _not_reached)
    monkeypatch.setattr(web, "cli", _not_reached)
    monkeypatch.setattr(gc, "disable", lambda: None)  # this process goes on
    monkeypatch.setattr(starting, "insist_on_database", lambda app: None)
    app = create_app(Settings(instance=tmp_path / "i"))
    monkeypatch.setitem(sys.modules, "wsgi", SimpleNamespace(app=app))
    unset = "cannot start: PORTAL_BASE_URL is not set"
    assert unset in app.test_cli_runner().invoke(args=["worker"]).output
    with pytest.raises(SystemExit, match=unset):
        web.main()


def test_what_a_container_is_handed_may_have_any_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = tmp_path / "handed"
    handed.write_text("a secret")
    handed.chmod(0o644)
    named = {"PORTAL_SECRET_KEY_FILE": str(handed)}
    assert len(list(starting._open_to_others(tmp_path / "none", named))) == 1
    monkeypatch.setattr(starting, "HANDED", tmp_path)
    assert list(starting._open_to_others(tmp_path / "none", named)) == []


def test_the_data_folder_is_made_for_nobody_else(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "made" / "here")
    settings.own_folder()
    assert settings.instance.stat().st_mode & 0o777 == 0o700
