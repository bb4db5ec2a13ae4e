"""The fields that every form is made of: what they take, what they refuse, in which words.

Anything can arrive: nothing, a megabyte, NUL, 30 February, the same name twice. Each is told beside its
field, the typed text stays, and what passes is safe to store on both databases.
"""

from __future__ import annotations

import enum
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import Choice as Option  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, PasswordInput, TextArea, html_params

from portal import customer_texts
from portal.i18n import _, _l
from portal.kernel import clock, reference
from portal.kernel.people import Card
from portal.kernel.usernames import USERNAME
from portal.kernel.workbooks import folded

REQUIRED = _l("This must be filled in.")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
YEARS = range(1900, 2200)  # enough for every record, and no arithmetic with working days leaves the calendar


def fresh_key() -> str:
    """A new idempotency key for a form."""
    return secrets.token_urlsafe(16)


class Typed(Field):
    """What every field of ours has in common: one value, a demand that can be said in words, nothing
    unstorable.

    `required` is True for the usual message or a message of its own.
    """

    def __init__(self, label: Any = None, *, required: Any = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.demand = REQUIRED if required is True else required
        if required:
            self.flags.required = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; ValueError with the message when it cannot be taken."""
        if not valuelist:
            return
        text = self.tidy(str(valuelist[0]))
        self.data = self.unread(text)
        if len(valuelist) > 1:
            raise ValueError(_("This was sent more than once; only one answer can be given here."))
        if UNSTORABLE.search(text):
            raise ValueError(_("This contains characters that cannot be stored."))
        self.data = self.read(text)

    def tidy(self, text: str) -> str:
        """What was sent without what nobody means to type."""
        return text.strip()

    def unread(self, text: str) -> Any:
        """What stays in `data` when the text cannot be taken."""
        return None

    def read(self, text: str) -> Any:
        """The value of a text; ValueError with the message when there is none. An empty text is None."""
        return text or None

    def pre_validate(self, form: Any) -> None:
        """Stop at the first thing that is wrong, and ask for what is missing."""
        if self.process_errors:
            raise StopValidation
        if self.demand and self.data in (None, "", []):
            raise StopValidation(str(self.demand))

    def typed(self) -> str | None:
        """What was sent, to be shown again; None when nothing was."""
        return UNSTORABLE.sub("", str(self.raw_data[0])) if self.raw_data else None


class Line(Typed, StringField):
    """One line of text of at most `most` characters; line breaks become blanks. Empty is an empty text."""

    data: Any

    def __init__(self, label: Any = None, *, most: int = 200, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most
        self.flags.maxlength = most

    def tidy(self, text: str) -> str:
        return " ".join(text.split("\n")).replace("\r", "").strip()

    def unread(self, text: str) -> str:
        return text

    def read(self, text: str) -> str:
        if len(text) > self.most:
            raise ValueError(_too_long(text, self.most))
        return text

    def process_data(self, value: Any) -> None:
        self.data = value or ""

    def _value(self) -> str:
        typed = self.typed()
        return (self.data or "") if typed is None else typed


class Paragraph(Line):
    """Text of several lines."""

    widget = TextArea()

    def __init__(self, label: Any = None, *, most: int = 10_000, **more: Any) -> None:
        super().__init__(label, most=most, **more)
        del self.flags.maxlength  # a browser would cut what is pasted without a word

    def tidy(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class TextScope(enum.StrEnum):
    """What a text meant for a customer is for: it decides which phrases are offered and which rules hold."""

    ANSWER = "answer"  # what came out, what is so
    SOLUTION = "solution"  # what is offered
    PROMISE = "promise"  # by when more is heard (CP-15)
    REFUSAL = "refusal"  # that it cannot be, and what can


class ForCustomer(customer_texts.Checked):
    """The mark of a field whose text is meant for a customer (PG-03, PG-04); templates ask for its `scope`."""

    scope: TextScope


class CustomerText(ForCustomer, Paragraph):
    """A text that a customer reads or hears: phrases are offered beside it, and it is checked (PG-03, PG-04).

    `when` names another field and its answer without which the text is a record and for nobody to read.
    """

    def __init__(
        self,
        label: Any = None,
        *,
        scope: TextScope,
        most: int = 10_000,
        when: tuple[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(label, most=most, **more)
        self.scope, self.when = scope, when
        self.type = "Paragraph"  # templates that draw a form's fields in turn draw it as one


class Secret(Line):
    """A password: taken as it is typed, never shown again."""

    widget = PasswordInput(hide_value=True)

    def __init__(self, label: Any = None, *, most: int = 256, **more: Any) -> None:
        super().__init__(label, most=most, **more)

    def tidy(self, text: str) -> str:
        return text


class Several(Typed):
    """Texts sent under one plain name, `solution` up to four times; empty ones are left out."""

    def __init__(self, label: Any = None, *, times: int = 4, most: int = 2_000, **more: Any) -> None:
        super().__init__(label, **more)
        self.times, self.most = times, most

    def process_data(self, value: Iterable[str] | None) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        texts = [str(text).replace("\r\n", "\n").strip() for text in valuelist]
        self.data = [text for text in texts if text]
        if any(UNSTORABLE.search(text) for text in self.data):
            raise ValueError(_("This contains characters that cannot be stored."))
        if len(self.data) > self.times:
            raise ValueError(_("At most %(most)s can be given here.", most=self.times))
        if long := next((text for text in self.data if len(text) > self.most), None):
            raise ValueError(_too_long(long, self.most))

    @staticmethod
    def widget(field: Several, **kwargs: Any) -> Markup:
        """A text area for each answer, one more than there are, each with a name for a screen reader."""
        shown = [UNSTORABLE.sub("", text) for text in field.data[: field.times]]
        shown += [""] * (min(field.times, max(2, len(shown) + 1)) - len(shown))
        first = kwargs.pop("id", field.id)
        kwargs.setdefault("rows", 2)
        drawn = []
        for place, text in enumerate(shown, start=1):
            named = {} if place == 1 else {"aria_label": f"{field.label.text} {place}"}
            params = {
                "id": first if place == 1 else f"{first}-{place}",
                "name": field.name,
                **kwargs,
                **named,
            }
            attributes = html_params(**params)
            drawn.append(Markup("<textarea {}>\r\n{}</textarea>").format(Markup(attributes), text))  # noqa: S704  # html_params escapes
        return Markup("\n").join(drawn)


class CustomerLine(ForCustomer, Line):
    """One line that a customer reads: checked as a longer text is, but no phrase fits into it."""

    def __init__(self, label: Any = None, *, scope: TextScope, most: int = 200, **more: Any) -> None:
        super().__init__(label, most=most, **more)
        self.scope = scope
        self.type = "Line"


class CustomerTexts(ForCustomer, Several):
    """Texts sent under one plain name, each for a customer to read or hear."""

    def __init__(
        self, label: Any = None, *, scope: TextScope, times: int = 4, most: int = 2_000, **more: Any
    ) -> None:
        super().__init__(label, times=times, most=most, **more)
        self.scope = scope
        self.type = "Several"


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


class Moment(Typed):
    """A moment typed in company time, `2026-11-21T17:30`, seconds and offset if wanted; `data` is aware UTC."""

    widget = DateTimeLocalInput()

    def read(self, text: str) -> datetime | None:
        if not text:
            return None
        if not _MOMENT.fullmatch(text):
            raise ValueError(_("Please write the day and time as 2026-11-21 17:30."))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_("There is no such day or time.")) from None
        if moment.year not in YEARS:
            raise ValueError(_("This year is too far away."))
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())).astimezone(UTC)

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return clock.local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class Day(Typed):
    """A day, typed as `2026-11-21`."""

    widget = DateInput()

    def read(self, text: str) -> date | None:
        if not text:
            return None
        if not _DAY.fullmatch(text):
            raise ValueError(_("Please write the day as 2026-11-21."))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("There is no such day.")) from None
        if day.year not in YEARS:
            raise ValueError(_("This year is too far away."))
        return day

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return self.data.isoformat() if self.data else ""


class Whole(Typed):
    """A whole number from `least` to `most`."""

    widget = NumberInput(step="1")

    def __init__(self, label: Any = None, *, least: int = 0, most: int = 1_000_000, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most
        self.flags.min, self.flags.max = least, most

    def read(self, text: str) -> int | None:
        if not text:
            return None
        plain = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
            raise ValueError(_("Write a whole number."))
        if not self.least <= int(plain) <= self.most:
            raise ValueError(_("From %(least)s to %(most)s.", least=self.least, most=self.most))
        return int(plain)

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return "" if self.data is None else str(self.data)


class IdempotencyKey(HiddenField):
    """A random key that stays with a form until it is accepted; one that is absent is not checked (None)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(default=fresh_key, **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]) if valuelist else ""
        self.data = sent if _KEY.fullmatch(sent) else None
        if sent and self.data is None:
            raise ValueError(_("This form is damaged. Please load the page again."))

    def _value(self) -> str:
        return self.data or fresh_key()


class Version(HiddenField):
    """The version of the thing that a form edits, in `number`; one that is absent is not checked (None)."""

    number: int | None = None

    def process_data(self, value: Any) -> None:
        self.data, self.number = value, value

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]).strip() if valuelist else ""
        self.number = int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else None
        if sent and self.number is None:
            raise ValueError(_("This form is damaged. Please load the page again."))

    def stale(self, stored: int) -> bool:
        """True when the thing has moved on since the form was drawn."""
        return self.number is not None and self.number != stored

    def insist(self, stored: int) -> None:
        """StaleDataError (409) when the thing has moved on since the form was drawn."""
        if self.stale(stored):
            raise StaleDataError

    def _value(self) -> str:
        return "" if self.number is None else str(self.number)


def _too_long(text: str, most: int) -> str:
    return _("At most %(most)s characters fit here; you have entered %(count)s.", most=most, count=len(text))
