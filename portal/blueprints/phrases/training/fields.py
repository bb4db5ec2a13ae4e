"""Fields of training's forms: several codes ticked, several people in a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from wtforms import SelectMultipleField
from wtforms.fields.choices import Choice as Option  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints.phrases.training import audience
from portal.forms import Line
from portal.i18n import _, _l
from portal.kernel import reference
from portal.kernel.people import Card

BETWEEN = re.compile(r"[\s,，、;；]+")


class Ticks(SelectMultipleField):
    """Several codes of a list made anew for each page, ticked; `data` are the codes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, words: Any, *, codes: Callable[[], Iterable[tuple[str, str]]], **more: Any) -> None:
        self.asked = more.pop("asked", False)
        super().__init__(words, choices=[], validate_choice=False, **more)
        self.codes = codes

    def iter_choices(self) -> Iterator[Any]:
        """The codes as they are drawn: code, words, whether ticked, attributes."""
        for code, words in self.codes():
            yield Option(code, words, code in (self.data or []), {})

    def pre_validate(self, form: Any) -> None:
        known = dict(self.codes())
        if any(code not in known for code in self.data or []):
            raise StopValidation(_("Please choose one from the list."))
        if self.asked and not self.data:
            raise StopValidation(_("Tick at least one."))


def departments() -> Ticks:
    """For which departments."""
    return Ticks(_l("Departments"), codes=audience.departments)


def roles() -> Ticks:
    """For which roles."""
    return Ticks(_l("Roles"), codes=audience.roles)


def posts() -> Ticks:
    """For which posts."""
    return Ticks(_l("Posts"), codes=audience.posts)


class People(Line):
    """Several persons by user name, in one line; `cards` are who is meant."""

    cards: tuple[Card, ...] = ()

    def read(self, text: str) -> str:
        """Everybody who is named; ValueError names the first who does not work here."""
        found: list[Card] = []
        for name in filter(None, BETWEEN.split(super().read(text))):
            card = reference.staff().by_username(name.lower())
            if card is None or not card.active:
                raise ValueError(_("Nobody who works here has the user name %(name)s.", name=name))
            found.append(card)
        self.cards = tuple(found)
        return text
