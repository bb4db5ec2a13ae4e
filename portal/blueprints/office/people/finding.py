"""How colleagues are found by the one search: name, pinyin, initials, extension, department; those who are there."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from portal.drawing import department_name, name_of
from portal.i18n import _l, label
from portal.kernel import finders, reference, search
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May


def _found(viewer: Viewer, words: str) -> Iterator[Hit]:
    manages = viewer.may(May.MANAGE_OFFICE)
    for card in sorted(reference.staff().cards.values(), key=lambda card: card.username):
        if card.active and search.answers(words, *_texts(card)):
            yield Hit(
                card.username,
                name_of(card.id),
                url_for("office.person", person_id=card.id) if manages else "",
                " · ".join(filter(None, (card.phone, card.email))),
                f"{department_name(card.department)} · {label(card.role)}",
            )


def _texts(card: Card) -> tuple[str, ...]:
    departments = reference.staff().departments.get(card.department, ())
    return card.username, card.name, card.name_en, card.pinyin, card.phone, card.email, *departments


def _every(viewer: Viewer, words: str) -> str:
    if viewer.may(May.MANAGE_OFFICE):
        return url_for("office.people", words=words)
    return url_for("home.search", q=words, kind="person")


finders.KINDS.append(Held("person", _l("Colleagues"), "people", 40, May.USE_PORTAL, every=_every, find=_found))
