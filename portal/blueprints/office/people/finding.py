"""How colleagues are found by the one search: name, pinyin, initials, extension, department; those who are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from portal.drawing import department_name, name_of
from portal.i18n import _l, label
from portal.kernel import finders, reference
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May


def _found(viewer: Viewer, words: str) -> Iterator[Hit]:
    manages = viewer.may(May.MANAGE_OFFICE)
    for card in finders.answering(words, finders.held("people", _colleagues)):
        yield Hit(
            card.username,
            name_of(card.id),
            url_for("office.person", person_id=card.id) if manages else "",
            " · ".join(filter(None, (card.phone, card.email))),
            f"{department_name(card.department)} · {label(card.role)}",
        )


def _colleagues() -> Iterator[tuple[Card, Iterable[str]]]:
    staff = reference.staff()
    for card in sorted(staff.cards.values(), key=lambda card: card.username):
        if card.active:
            called = (card.name, card.name_en, card.username, card.pinyin, card.phone, card.email)
            yield card, (*called, *staff.departments.get(card.department, ()))


def _every(viewer: Viewer, words: str) -> str:
    if viewer.may(May.MANAGE_OFFICE):
        return url_for("office.people", words=words)
    return url_for("home.search", q=words, kind="person")


finders.KINDS.append(
    Held("person", _l("Colleagues"), "people", 40, May.USE_PORTAL, every=_every, find=_found)
)
