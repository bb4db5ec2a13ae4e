"""What people read of deposits, keys and goods passes: codes, verbs, refusals, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.reception.keeping.codes import Direction, Document, Held, PassState, Thing
from portal.blueprints.reception.keeping.outstanding import Kind
from portal.drawing import name_of
from portal.i18n import _l, is_chinese, label, moment

LABELS: dict[Any, Any] = {
    Kind: {Kind.DEPOSIT: _l("Deposit with tag"), Kind.KEY: _l("Key")},
    Thing: {
        Thing.UMBRELLA: _l("Umbrella"),
        Thing.BAG: _l("Bag"),
        Thing.LUGGAGE: _l("Luggage"),
        Thing.COAT: _l("Coat"),
        Thing.PARCEL: _l("Parcel"),
        Thing.OTHER: _l("Something else"),
    },
    Document: {
        Document.ID_CARD: _l("Identity card"),
        Document.WORK_CARD: _l("Work card"),
        Document.DRIVING_LICENCE: _l("Driving licence"),
        Document.PASSPORT: _l("Passport"),
        Document.TRAVEL_PERMIT: _l("Travel permit"),
    },
    Held: {Held.OUT: _l("Out"), Held.BACK: _l("Back"), Held.LOST: _l("Lost")},
    Direction: {Direction.IN: _l("Brought in"), Direction.OUT: _l("Taken out")},
    PassState: {
        PassState.ASKED: _l("Pass asked for"),
        PassState.APPROVED: _l("Pass approved"),
        PassState.DECLINED: _l("Pass declined"),
        PassState.PASSED: _l("Checked at the desk"),
    },
}
# What waits on *my day*.
AWAITED = {
    "release-deposit": _l("Give the deposit back"),
    "bring-key-back": _l("Bring the key back"),
    "take-key-back": _l("Get the key back"),
    "approve-goods": _l("Decide on the goods pass"),
    "check-goods": _l("Check the goods"),
}
# The toasts of deposits and key loans.
DEPOSIT_SAID = {
    "release": _l("Deposit %(number)s is given back."),
    "untagged": _l("Deposit %(number)s is given back; tag %(tag)s is out of use until it is found."),
    "lost": _l("Deposit %(number)s is declared lost."),
}
KEY_SAID = {"return": _l("The key is back."), "lost": _l("The key is declared lost.")}
# The buttons and toasts of a goods pass.
GOODS_VERBS = {
    "approve": _l("Approve the pass"),
    "decline": _l("Decline the pass"),
    "check": _l("Checked, let them through"),
}
GOODS_SAID = {
    "approve": _l("The pass is approved."),
    "decline": _l("The pass is declined."),
    "check": _l("Checked; the goods may pass."),
}
REASONS = {
    "key_in_their_hands": _l("Please take the key back from them."),
    "not_described": _l("Have the visitor describe the thing before it is shown."),
    "other_name": _l("The name is not that of the record."),
    "other_phone": _l("The phone number is not that of the record."),
    "other_tag": _l("Deposit %(number)s is released only against its own tag."),
    "no_such_tag": _l("There is no tag %(number)s in use."),
    "tag_in_use": _l("Tag %(number)s carries a deposit already; take another one."),
    "no_such_key": _l("There is no key %(number)s in use."),
    "key_in_use": _l("Key %(number)s is lent already."),
    "key_number_taken": _l("There is a key %(number)s already."),
    "visit_holds_nothing": _l("Visit %(number)s is over; nothing more can be held for it or lent to it."),
    "still_out": _l("%(number)s is still out; it can be retired when it is back."),
    "own_pass": _l("Nobody approves the own goods pass."),
    "not_approved": _l("Goods leave only when the head of the department has approved the pass."),
}
NOTICES = {
    "goods_pass:approved": _l("Your goods pass is approved."),
    "goods_pass:declined": _l("Your goods pass is declined."),
}
CLOCKS = {"deposit": _l("Fetching of a deposit"), "key_return": _l("Return of a key")}
CLOCK_CLAUSES = {"deposit": "RC-27", "key_return": "RC-26"}
HISTORY = {
    "deposit:store": _l("Taken into safekeeping"),
    "deposit:release": _l("Given back against its tag"),
    "deposit:untagged": _l("Given back without its tag"),
    "deposit:lost": _l("Declared lost"),
    "key_loan:lend": _l("Key lent"),
    "key_loan:return": _l("Key returned"),
    "key_loan:lost": _l("Key declared lost"),
    "goods_pass:ask": _l("Goods pass asked for"),
    "goods_pass:approve": _l("Goods pass approved"),
    "goods_pass:decline": _l("Goods pass declined"),
    "goods_pass:check": _l("Goods checked"),
    "tag:add": _l("Tag added"),
    "tag:retire": _l("Tag retired"),
    "tag:missing": _l("Tag missing, out of circulation"),
    "tag:found": _l("Tag found again, back in use"),
    "tag:restore": _l("Tag back in use"),
    "key:add": _l("Key added"),
    "key:retire": _l("Key retired"),
    "key:restore": _l("Key back in use"),
    "visit:deposit-stored": _l("Deposit taken in"),
    "visit:deposit-released": _l("Deposit given back"),
    "visit:deposit-untagged": _l("Deposit given back without its tag"),
    "visit:deposit-lost": _l("Deposit lost"),
    "visit:key-lent": _l("Key lent to the visitor"),
    "visit:key-returned": _l("Key returned by the visitor"),
    "visit:key-lost": _l("Key lost by the visitor"),
}
_TAG: telling.Readers = {"tag": (_l("Tag"), str)}
CHECKED = {
    "description": _l("description"),
    "name": _l("name"),
    "phone": _l("phone number"),
}


def _checked(codes: list[str]) -> str:
    return ("、" if is_chinese() else ", ").join(str(CHECKED[code]) for code in codes)


_KEY: telling.Readers = {"key": (_l("Key"), str)}
READERS: dict[str, telling.Readers] = {
    "deposit": {
        **_TAG,
        "thing": (_l("What it is"), lambda code: label(Thing(code))),
        "pieces": (_l("Pieces"), str),
        "checked": (_l("Found to match"), _checked),
    },
    "key_loan": {
        **_KEY,
        "document": (_l("Document that was looked at"), lambda code: label(Document(code))),
        "borrower": (_l("Borrower"), name_of),
        "due": (_l("Expected back by"), lambda text: moment(datetime.fromisoformat(text))),
    },
    "goods_pass": {"direction": (_l("In or out"), lambda code: label(Direction(code)))},
    "tag": _TAG,
    "key": _KEY,
}
