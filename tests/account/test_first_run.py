"""The first person: by the code of the server's log alone, once, and then the page is gone."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import accounts, first_run, history, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from tests.client import CarefulClient

TYPED: dict[str, Any] = {
    "name": "陈晓",
    "username": "Chen.Xiao",
    "password": "nine dry towels",
    "repeat": "nine dry towels",
}


@pytest.fixture
def empty(any_app: Flask) -> Flask:
    """A portal whose general office cannot log in."""
    with any_app.app_context(), db.write():
        db.session.execute(sa.update(Person).where(Person.role == Role.OFFICE).values(status=Status.DISABLED))
        reference.changed()
    return any_app


def browser(app: Flask, lang: str = "en") -> CarefulClient:
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    client.lang = lang
    return client


def code(app: Flask) -> str:
    with app.app_context():
        return first_run.code(app)


def test_a_stranger_cannot_and_the_first_person_can(empty: Flask) -> None:
    client, command = browser(empty, "zh-CN"), empty.test_cli_runner()
    assert code(empty) in command.invoke(args=["first-run"]).output
    assert 'href="/first-run"' in client.get("/login").text
    assert client.get("/first-run").status_code == 200
    for wrong, field in (
        ({"code": "aaaa-bbbb-cccc"}, "code"),
        ({"code": code(empty), "password": "1234567890", "repeat": "1234567890"}, "password"),
        ({"code": code(empty), "repeat": "another one"}, "repeat"),
        ({"code": code(empty), "username": "desk1"}, "username"),
    ):
        typed: dict[str, Any] = {**TYPED, **wrong}
        refused = client.send("/first-run", **typed)
        assert (refused.status_code, f'id="{field}-error"' in refused.text) == (422, True)
    made = client.send("/first-run", **TYPED, code=f" {code(empty).upper()} ")
    assert (made.status_code, made.location) == (303, "/")
    assert client.get("/office/people/").status_code == 200, "and is logged in"
    assert client.get("/first-run").status_code == 404
    assert client.send("/first-run", **TYPED, code=code(empty)).status_code == 404
    assert "/first-run" not in browser(empty).get("/login").text
    assert "reset-password" in command.invoke(args=["first-run"]).stderr
    with empty.app_context():
        person = accounts.find("chen.xiao")
        assert "person:first_run" in {line.event for line in history.events(person)}


def test_of_two_at_once_one_wins(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have been let to the form; the one who is first waits, in the middle of the write, for the other."""
    key, formed, within = code(empty), threading.Barrier(2), threading.Barrier(2)
    answers: list[int] = []
    hashing, create = sessions.hash_password, accounts.create

    def together(password: str) -> str:
        formed.wait(10)
        return hashing(password)

    def slowly(*args: Any, **given: Any) -> Person:
        with suppress(threading.BrokenBarrierError):
            within.wait(0.2)  # as it must be, nobody else comes so far
        return create(*args, **given)

    monkeypatch.setattr(sessions, "hash_password", together)
    monkeypatch.setattr(accounts, "create", slowly)

    def come(username: str) -> None:
        client = browser(empty)
        client.get("/first-run")
        answers.append(client.send("/first-run", **{**TYPED, "username": username}, code=key).status_code)

    people = [threading.Thread(target=come, args=(name,)) for name in ("chen.one", "chen.two")]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert sorted(answers) == [303, 404]
