"""People as the office lists them, from the reference data: no statement, however many there are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort
from werkzeug.datastructures import MultiDict

from portal.kernel import reference
from portal.kernel.db import db
from portal.kernel.people import Card, Person

PAGE = 100


@dataclass(frozen=True)
class PeopleList:
    """The filters of the list as the address holds them."""

    words: str = ""
    department: str = ""
    locked: bool = False
    after: str = ""

    @classmethod
    def asked_for(cls, args: MultiDict[str, str]) -> PeopleList:
        """What the address asks for; what it cannot mean is left out."""
        department = args.get("department", "")
        return cls(
            words=args.get("words", "").strip()[:80],
            department=department if department in reference.staff().departments else "",
            locked=args.get("locked") == "1",
            after=args.get("after", "")[:64],
        )

    def every(self) -> list[Card]:
        """Everybody whom the filters leave, by user name."""
        staff = reference.staff()
        return sorted((card for card in staff.cards.values() if self._fits(card)), key=lambda c: c.username)

    def page(self) -> tuple[list[Card], str | None]:
        """The people of the page, by user name, and the address of the next one."""
        rest = [card for card in self.every() if card.username > self.after]
        more = self._address(rest[PAGE - 1].username) if len(rest) > PAGE else None
        return rest[:PAGE], more

    def _fits(self, card: Card) -> bool:
        if card.active == self.locked or (self.department and card.department != self.department):
            return False
        known = _plain(f"{card.username} {card.name} {card.name_en} {card.pinyin}")
        return all(word in known for word in _plain(self.words).split())

    def address(self) -> str:
        """The filters as an address holds them."""
        return self._address("")

    def _address(self, after: str) -> str:
        given = {"words": self.words, "department": self.department, "locked": "1" if self.locked else ""}
        return urlencode({name: text for name, text in (given | {"after": after}).items() if text})


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def find(person_id: int) -> Person:
    """One person; 404 when there is none of that id."""
    person = db.session.get(Person, person_id) if person_id < 2**31 else None
    if person is None:
        abort(404)
    return person
