"""Messages put into words: for the inbox page and for mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import current_app

from portal.i18n import _, speaking
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.people import Person

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


def compose(notice_id: int) -> tuple[str, str]:
    """Subject and body of a message as mail, in its reader's language; links only with a configured address."""
    notice = db.session.get_one(Notice, notice_id)
    person = db.session.get_one(Person, notice.person_id)
    settings = current_app.config["SETTINGS"]
    with speaking(person.locale or settings.default_locale):
        subject = f"[{settings.company}] {notice.number}"
        body = sentence(notice)
    link = f"\n\n{settings.base_url.rstrip('/')}{notice.address}" if settings.base_url else ""
    return subject, f"{body}{link}\n"
