"""What RC-26 and RC-27 ask of deposits, key loans and goods passes; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from portal.blueprints.reception.keeping.codes import Direction, PassState
from portal.kernel.rights import May
from portal.kernel.workflow import Attempt, Reason

# Eight digits and more are an identity number, however they are broken up; a date is not.
_DATE = re.compile(r"(?<!\d)(19|20)\d{2}[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])(?!\d)")
_NUMBER = re.compile(r"\d([\s\-.·_/*]*[\dXx]){7,}")
SOON = 0.75  # of the time: from here on it waits on the desk's day


def looks_like_a_document_number(text: str) -> bool:
    """RC-26: a document's number is never kept: 8 digits in a row and more, 15 and 18 among them."""
    plain = _DATE.sub(" ", unicodedata.normalize("NFKC", text))
    return bool(_NUMBER.search(plain))


def tag_fits(attempt: Attempt) -> Reason | None:
    """RC-27: a deposit is given back only against its own tag."""
    if attempt.given.get("tag") == attempt.subject.tag.number:
        return None
    return Reason("RC-27", "other_tag", {"number": attempt.subject.number})


def owner_shown(attempt: Attempt) -> list[Reason]:
    """RC-27: without its tag a deposit goes to whoever describes it and gives the name and phone that were recorded."""
    held, given = attempt.subject, attempt.given
    wrong = []
    if not given.get("described"):
        wrong.append(Reason("RC-27", "not_described"))
    if not same_name(held.name, str(given.get("name") or "")):
        wrong.append(Reason("RC-27", "other_name"))
    if phone_tail(held) not in {"", given.get("tail")}:
        wrong.append(Reason("RC-27", "other_phone"))
    return wrong


def same_name(recorded: str, given: str) -> bool:
    """RC-27: the name of the record, however it is spaced and capitalised; a name that was erased fits nobody."""
    plain = "".join(recorded.split()).casefold()
    return plain != "" and plain == "".join(given.split()).casefold()


def phone_tail(held: Any) -> str:
    """RC-27: the end of the phone number that the record of the visit knows; empty where it knows none."""
    return str(held.visit.phone_tail) if held.visit else ""


def standing(_held: Any, by: Any) -> frozenset[str]:
    """Deposits and keys are the desk's."""
    return frozenset({"desk"}) if by.may(May.RECEIVE) else frozenset()


def soon(since: datetime, due_at: datetime, now: datetime) -> bool:
    """True when most of the time is over, or all of it."""
    return now >= since + (due_at - since) * SOON


def on_pass(goods: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a goods pass."""
    roles = {
        "desk": by.may(May.RECEIVE),
        "lead": goods.department in by.leads or by.is_manager or by.may(May.MANAGE_OFFICE),
        "asker": goods.asked_by_id == by.id,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def another_approves(attempt: Attempt) -> Reason | None:
    """RC-26: nobody approves the own pass."""
    return Reason("RC-26", "own_pass") if attempt.subject.asked_by_id == attempt.by.id else None


def approved_before_out(goods: Any) -> Reason | None:
    """RC-26: goods leave only when the head of the department has approved it."""
    if goods.direction is Direction.OUT and goods.state is not PassState.APPROVED:
        return Reason("RC-26", "not_approved")
    return None
