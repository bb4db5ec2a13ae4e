"""Signing on a screen where somebody else is logged in: by the own password, and by the code of whoever has a device."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import accounts, browsers, history, inbox, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Person


class CodeWanted(Exception):
    """The password fits, and the person has a second factor: no code was typed, or one that does not count."""

    def __init__(self, *, typed: bool) -> None:
        self.typed = typed
        super().__init__("the code is wrong" if typed else "a code is wanted")


def signed(person_id: int, password: str, code: str, address: str, now: datetime) -> bool:
    """True when this person signs here, though not logged in: as at the login, by password and second factor.

    Outside a write. Both are counted when they do not fit. Raises accounts.TooManyTries, accounts.Unreachable and
    CodeWanted. Whoever has no second factor signs by the password alone; what was typed as a code is not looked at.
    """
    if not accounts.confirmed(person_id, password, address, now):
        return False
    if second_factor.state_of(person_id) is None:
        return True
    with db.write():
        used = second_factor.use(db.session.get_one(Person, person_id), code, now) if code else None
        if code and used is None:
            note_wrong_code(person_id, address, now)
    if used is None:
        raise CodeWanted(typed=bool(code))
    return True


def note_wrong_code(person_id: int, address: str, now: datetime) -> None:
    """Count a code that did not fit; the person hears of it when no more are taken: somebody has their password.

    Inside a write of its own.
    """
    person = db.session.get_one(Person, person_id)
    sessions.count_failure(person.username, address, now)
    history.record(person, "person:code_failed", by=None, now=now)
    if sessions.throttled(person.username, "", now):
        account = browsers.OwnAccount.of(person)
        inbox.tell([person.id], "account:wrong_codes", account, now=now, address="/account", urgent=True)
