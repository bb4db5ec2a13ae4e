"""Fields that take one of what there is: a member of an enum, a code of a list, a person."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import Choice as Option  # type: ignore[attr-defined]  # newer than its stubs

from portal.fields.base import Typed
from portal.fields.texts import Line
from portal.i18n import _, _l
from portal.kernel import reference
from portal.kernel.people import Card
from portal.kernel.usernames import USERNAME
from portal.kernel.workbooks import folded


class Choice(Typed, SelectField):
    """One member of the enum `of`, or None; `words` tells how a member is called.

    `empty` names the choice of nothing; without it nothing can be chosen only where an answer is required and
    none is proposed by `default`.
    """

    def __init__(
        self,
        label: Any = None,
        *,
        of: type[enum.StrEnum],
        words: Callable[[Any], str],
        empty: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, **more)
        self.of, self.words = of, words
        if empty is None and more.get("default") is None:
            empty = _l("Please choose")
        self.empty = empty

    def iter_choices(self) -> Iterator[Any]:
        """The choices as they are drawn: value, words, whether chosen, attributes."""
        if self.empty is not None:
            yield Option("", str(self.empty), self.data is None, {})
        for member in self.of:
            yield Option(member.value, self.words(member), member is self.data, {})

    def process_data(self, value: Any) -> None:
        self.data = None if value in (None, "") else self.of(value)

    def read(self, text: str) -> enum.StrEnum | None:
        if not text:
            return None
        try:
            return self.of(text)
        except ValueError:
            raise ValueError(_("Please choose one from the list.")) from None


class OneOf(Typed, SelectField):
    """One code of a list made anew for each page; `codes` gives code and words. Nothing is an empty text."""

    def __init__(
        self,
        label: Any = None,
        *,
        codes: Callable[[], Iterable[tuple[str, str]]],
        empty: Any = None,
        **more: Any,
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, **more)
        self.codes, self.empty = codes, empty

    def offered(self) -> list[tuple[str, str]]:
        """Codes with words that mean one of them: of two people of one name, each has the user name beside it."""
        codes = [(code, str(words)) for code, words in self.codes()]
        alike = Counter(folded(words) for _code, words in codes)
        return [(code, words if alike[folded(words)] == 1 else f"{words} ({code})") for code, words in codes]

    def iter_choices(self) -> Iterator[Any]:
        """The choices as they are drawn: value, words, whether chosen, attributes."""
        if self.empty is not None:
            yield Option("", str(self.empty), not self.data, {})
        for code, words in self.offered():
            yield Option(code, words, code == self.data, {})

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def read(self, text: str) -> str:
        if text and text not in dict(self.codes()):
            raise ValueError(_("Please choose one from the list."))
        return text


class Someone(Typed, StringField):
    """A person who is there to act, by user name or by a name that only one bears; `card` is who is meant."""

    card: Card | None = None

    def __init__(self, label: Any = None, *, most: int = 64, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most
        self.flags.maxlength = most

    def process_data(self, value: Any) -> None:
        self.data = value or ""
        self.card = reference.staff().by_username(self.data) if self.data else None

    def unread(self, text: str) -> str:
        return text

    def read(self, text: str) -> str:
        self.card = _person(text) if len(text) <= self.most else None
        if text and self.card is None:
            raise ValueError(_("Nobody who works here has this user name."))
        return self.card.username if self.card else ""

    def _value(self) -> str:
        typed = self.typed()
        return (self.data or "") if typed is None else typed


class NewUsername(Line):
    """The user name of somebody who is new: small letters, and nobody's yet."""

    def __init__(self, label: Any = None, *, most: int = 64, **more: Any) -> None:
        super().__init__(label, most=most, **more)

    def read(self, text: str) -> str:
        name = super().read(text).lower()
        if name and not USERNAME.fullmatch(name):
            raise ValueError(_("Two or more small letters, digits, dots and hyphens, such as chen.guifang."))
        if reference.staff().by_username(name):
            raise ValueError(_("This user name is taken."))
        return name


def _person(text: str) -> Card | None:
    staff = reference.staff()
    named = [card for card in staff.cards.values() if card.active and text in (card.name, card.name_en)]
    card = (
        staff.by_username(text) or staff.by_username(text.lower()) or (named[0] if len(named) == 1 else None)
    )
    return card if card and card.active else None
