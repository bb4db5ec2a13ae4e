"""Messages put into words: for the inbox page and for mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.drawing import name_of
from portal.i18n import _, _l, colon, listed, ngettext, speaking
from portal.kernel import clock, inbox, message_choices
from portal.kernel.channels import Item, Message
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.people import Person
from portal.kernel.quiet import MAIL

# Kind of message -> sentence; kind of clock -> name. Areas add theirs as they are registered.
SENTENCES: dict[str, Any] = {}
CLOCKS: dict[str, Any] = {}
# Key of a figure of the general office -> what it is called.
FIGURES: dict[str, Any] = {}
# Key of a figure -> its value in words, of those whose value is written in codes.
VALUES: dict[str, Callable[[str], Iterable[Any]]] = {}
# What is waited for -> the words of its button.
VERBS: dict[str, Any] = {}
# Kinds of clocks that run in a drill: what is said of them says so first, as of a message whose details name a drill.
DRILLS: set[str] = set()

# What messages are about -> what it is called, in the order in which people choose what they hear outside the inbox.
TOPICS: dict[str, Any] = {
    "clock": _l("Limits that run out or have run out"),
    "case": _l("Case"),
    "order": _l("Service order"),
    "improvement": _l("Improvement case"),
    "penalty": _l("Penalty"),
    "spot_sample": _l("Sample of spot checks"),
    "spot_check": _l("Spot check"),
    "visit": _l("Visit"),
    "service": _l("Meal or lodging"),
    "question": _l("Question"),
    "parcel": _l("Letter or parcel"),
    "goods_pass": _l("Goods pass"),
    "supply": _l("Supply"),
    "purchase": _l("Purchase request"),
    "daily_register": _l("Daily register"),
    "roster": _l("Roster"),
    "handover": _l("Handover"),
    "duty_log": _l("Entry of the shift log"),
    "leave": _l("Leave"),
    "absence": _l("Absence"),
    "swap": _l("Swap"),
    "inspection": _l("Inspection"),
    "repair": _l("Repair order"),
    "duty_check": _l("Check on duty"),
    "emergency": _l("Emergency"),
    "training": _l("Training"),
    "training_need": _l("Need of training"),
    "quiz_attempt": _l("Paper of a quiz"),
    "assessment": _l("Assessment"),
    "document": _l("Text with editions"),
    "erratum": _l("Correction of a printed form"),
    "person_request": _l("One person's data"),
    "account": _l("My account"),
    "system": _l("The portal itself"),
}
inbox.IN_GROUPS |= {
    "case", "visit", "service", "question", "parcel", "goods_pass", "supply", "purchase", "daily_register",
    "roster", "handover", "duty_log", "inspection", "repair", "emergency",
}  # fmt: skip


def sentence(notice: Notice) -> str:
    """What a message says, without naming anybody."""
    told = notice.told
    given = {"sentence": str(SENTENCES[notice.kind])}
    if due := told.get("due"):
        given |= {
            "limit": str(CLOCKS[told["clock"]]),
            "due": clock.local(datetime.fromisoformat(due)).strftime("%m-%d %H:%M"),
        }
        said = _("%(sentence)s %(limit)s, due %(due)s.", **given)
    else:
        said = given["sentence"]
    if told.get("drill") or told.get("clock") in DRILLS:
        said = _("Drill: %(sentence)s", sentence=said)
    return _("%(sentence)s (The seat below you is empty.)", sentence=said) if told.get("climbed") else said


def compose(batch: str, channel: str, notice_ids: Sequence[int], again: bool) -> Message:
    """The notices as one message: a mail in its reader's language, a robot's in the company's.

    It bears numbers and what is to be done, nobody's name but the reader's; links only with a configured address.
    """
    found = db.session.scalars(sa.select(Notice).where(Notice.id.in_(notice_ids)).order_by(Notice.id)).all()
    settings = current_app.config["SETTINGS"]
    locale = settings.default_locale
    if channel == MAIL:
        locale = db.session.get_one(Person, found[0].person_id).locale or locale
    with speaking(locale):
        alone = channel == MAIL and len(found) == 1
        if alone:
            items, subject = [Item(sentence(found[0]), _link(found[0].address))], found[0].number
        else:
            items = _items(found, named=channel != MAIL)
            subject = ngettext("%(num)s message", "%(num)s messages", len(items))
        said = _("This may have been sent before.") if again else ""
    db.session.rollback()  # nobody waits for this reader while the message is on its way

    def more(count: int) -> str:
        with speaking(locale):
            return ngettext("and %(num)s more in the inbox", "and %(num)s more in the inbox", count)

    return Message(batch, f"[{settings.company}] {subject}", tuple(items), said, more)


def trial(batch: str) -> Message:
    """What is sent to see whether a channel works."""
    settings = current_app.config["SETTINGS"]
    with speaking(settings.default_locale):
        text = _("This is a test of the Front Office Portal. Nothing has to be done.")
        subject = f"[{settings.company}] {_('Test message')}"
    return Message(batch, subject, (Item(text, _link("/")),))


def _items(found: Iterable[Notice], *, named: bool) -> list[Item]:
    """One line for everything told, with all whom it is told to where several read along."""
    readers: dict[tuple[str, str], list[int]] = {}
    for notice in found:
        text = f"{notice.number}{colon()}{sentence(notice)}"
        readers.setdefault((text, _link(notice.address)), []).append(notice.person_id)
    items = []
    for (text, link), people in readers.items():
        handles = tuple(filter(None, (message_choices.of(person).handle for person in people)))
        told = _("%(text)s (for %(names)s)", text=text, names=listed(map(name_of, people))) if named else text
        items.append(Item(told, link, handles))
    return items


def _link(address: str) -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return f"{base.rstrip('/')}{address}" if base else ""
