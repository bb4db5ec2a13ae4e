"""The viewer behind a session: read in one statement, with what is theirs and nobody else's."""

from __future__ import annotations

from flask import Flask

from portal.kernel import accounts, clock, inbox, sessions
from portal.kernel.db import db


def test_the_unread_messages_are_the_persons_own(any_app: Flask) -> None:
    with any_app.app_context():
        now = clock.now()
        with db.write():
            desk, other = accounts.find("desk1"), accounts.find("desk2")
            desk.number = other.number = ""  # type: ignore[attr-defined]  # a notice names its subject's number
            inbox.tell([desk.id, desk.id, other.id], "case:major", desk, now=now, address="/")
            inbox.tell([desk.id], "case:major", desk, now=now, address="/")
            keys = [sessions.begin(person.id, "", now) for person in (desk, other)]
        seen = [sessions.viewer(key, now) for key in keys]
        assert [found[0].unread for found in seen if found] == [2, 1]
