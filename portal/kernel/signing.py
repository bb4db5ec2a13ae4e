"""Signing on a screen where somebody else is logged in: by the own password, and by the code of whoever has a device."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import accounts, browsers, history, inbox, reference, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Person


class CodeWanted(Exception):
    """The password fits, and the person has a second factor: no code was typed."""


class WrongCode(Exception):
    """The code that was typed does not count."""


class FactorOwed(Exception):
    """The password fits, and the person's role must have a second factor, which they have not set up."""


def signed(person_id: int, password: str, code: str, address: str, now: datetime) -> bool:
    """True when this is the person's password, and what else their login takes is there: they may sign by `spend`.

    Outside a write. A wrong password is counted. Raises accounts.TooManyTries, accounts.Unreachable, CodeWanted where
    a code is missing, and FactorOwed: where the role must have a second factor, a password alone signs no more than it
    logs in (RC-20). Whoever need not have one signs by the password alone; what was typed as a code is not looked at.
    """
    if not accounts.confirmed(person_id, password, address, now):
        return False
    if second_factor.state_of(person_id) is not None:
        if not code:
            raise CodeWanted
    elif reference.staff().cards[person_id].role in second_factor.needed_of(now):
        raise FactorOwed
    return True


def spend(person_id: int, code: str, now: datetime) -> None:
    """Use up the code of whoever has a second factor. WrongCode when it does not count; see `note_wrong_code`.

    Inside the write that signs, after everything that may refuse: a code counts once, and what was not signed must not
    cost one.
    """
    if second_factor.state_of(person_id) is None:
        return
    if second_factor.use(db.session.get_one(Person, person_id), code, now) is None:
        raise WrongCode


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
