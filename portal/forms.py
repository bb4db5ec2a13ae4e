"""What may be typed: the base of every form and the few fields that WTForms lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from flask import request
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import TextArea

from portal.i18n import _, _l
from portal.kernel import clock, reference
from portal.kernel.people import Card

F = TypeVar("F", bound="PortalForm")
LONG = 5000
SHORT = 200
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PortalForm(Form):
    """A form that reads the present request. CSRF is checked by the guard before any form is read."""

    class Meta:
        @property
        def locales(self) -> list[str]:
            """WTForms' own messages in the language of the page."""
            locale = get_locale()
            return ["zh"] if locale is None or locale.language == "zh" else ["en"]

    @classmethod
    def of_request(cls: type[F], **given: Any) -> F:
        """The form as it was sent: fields and files together."""
        sent: MultiDict[str, Any] = MultiDict(request.form)
        for name, storages in request.files.lists():
            for storage in storages:
                sent.add(name, storage)
        return cls(sent, **given)

    @classmethod
    def blank(cls: type[F], **given: Any) -> F:
        """The form before anything was typed, with these fields filled in."""
        return cls(None, **given)


def clean_text(_form: Form, field: Field) -> None:
    """Refuse what no keyboard types and no database keeps: NUL, other control characters, halves of characters."""
    for text in field.data if isinstance(field.data, list) else [field.data]:
        if isinstance(text, str) and (_SURROGATES.search(text) or _CONTROL.search(text)):
            raise StopValidation(
                _("This contains characters that cannot be kept. Please type the text again.")
            )


def strip(text: Any) -> Any:
    """Without blanks around, and with one kind of line end."""
    return text.replace("\r\n", "\n").strip() if isinstance(text, str) else text


class _Text(StringField):
    """Text that is cleaned, refused when it cannot be kept, and bounded; the typed text stays for the redraw."""

    def __init__(self, label: Any = None, *, required: Any = False, most: int, **more: Any) -> None:
        # `required` may be a sentence: the message that says why (and which clause asks for it).
        needed = InputRequired(None if required is True else required)
        checks = [clean_text, Length(max=most)]
        super().__init__(label, validators=[needed, *checks] if required else checks, filters=[strip], **more)
        self.required = bool(required)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""
        self.raw_data = [strip(self.data)] if valuelist else []

    def pre_validate(self, form: Any) -> None:
        if self.raw_data is not None and len(self.raw_data) > 1:
            raise StopValidation(_("This was sent twice."))


class Line(_Text):
    """One line of text."""

    def __init__(self, label: Any = None, *, required: Any = False, most: int = SHORT, **more: Any) -> None:
        super().__init__(label, required=required, most=most, **more)


class Paragraph(_Text):
    """Several lines of text."""

    widget = TextArea()

    def __init__(self, label: Any = None, *, required: Any = False, most: int = LONG, **more: Any) -> None:
        super().__init__(label, required=required, most=most, **more)


class Several(Field):
    """A plain name sent several times (`solution`), as a list without the empty ones."""

    widget: Any = TextArea()

    def __init__(
        self, label: Any = None, *, required: Any = False, most: int = LONG, times: int = 4, **more: Any
    ) -> None:
        super().__init__(label, validators=[clean_text], **more)
        self.times, self.most, self.needed = times, most, required

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [text for text in (strip(v) for v in valuelist) if text]

    def pre_validate(self, form: Any) -> None:
        texts = self.data or []
        if self.needed and not texts:
            raise StopValidation(_("This field is required.") if self.needed is True else str(self.needed))
        if len(texts) > self.times:
            raise StopValidation(_("At most %(n)s of these.", n=self.times))
        if any(len(text) > self.most for text in texts):
            raise StopValidation(_("At most %(n)s characters each.", n=self.most))


class Choice(SelectField):
    """One code of an enum; an empty choice when it may be left out. Unknown codes are refused."""

    def __init__(
        self,
        label: Any = None,
        *,
        of: type[Any],
        words: Callable[[Any], str],
        required: Any = False,
        empty: Any = "",
        **more: Any,
    ) -> None:
        self.kind, self.words, self.empty, self.needed = of, words, empty, required
        super().__init__(label, coerce=self._read, validate_choice=False, **more)
        self.choices = [("", ""), *((str(code), "") for code in of)]

    def _read(self, text: Any) -> Any:
        return self.kind(text) if text else None

    def iter_choices(self) -> Any:
        shown: list[Any] = [] if self.needed and self.data else [("", self.empty, self.data is None, {})]
        yield from shown
        for code in self.kind:
            yield (str(code), self.words(code), code == self.data, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        if len(valuelist) > 1:
            raise ValueError(_("This was sent twice."))
        try:
            self.data = self._read(valuelist[0]) if valuelist else None
        except ValueError:
            self.data = None
            raise ValueError(_("Please choose one of the list.")) from None

    def pre_validate(self, form: Any) -> None:
        if self.needed and self.data is None and not self.process_errors:
            raise StopValidation(_("This field is required.") if self.needed is True else str(self.needed))


class Moment(DateTimeLocalField):
    """A moment typed in company time (`2026-11-21T17:30`), aware UTC in `data`."""

    FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]

    def __init__(self, label: Any = None, *, required: Any = False, **more: Any) -> None:
        super().__init__(label, format=self.FORMATS, **more)
        self.needed = required

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [text]
        if not text:
            self.data = None
            return
        for form in self.FORMATS:
            try:
                typed = datetime.strptime(text, form).replace(tzinfo=clock.zone())
                self.data = typed.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            if 1990 <= typed.year <= 2199:
                return
        self.data = None
        raise ValueError(_("This is not a date and time of the calendar."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock.local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def pre_validate(self, form: Any) -> None:
        if self.needed and self.data is None and not self.process_errors:
            raise StopValidation(_("This field is required.") if self.needed is True else str(self.needed))


class Day(DateField):
    """A day (`2026-11-21`)."""

    def __init__(self, label: Any = None, *, required: Any = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.needed = required

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [text]
        try:
            self.data = date.fromisoformat(text) if text else None
        except ValueError:
            self.data = None
            raise ValueError(_("This is not a day of the calendar.")) from None
        if self.data and not 1990 <= self.data.year <= 2199:
            self.data = None
            raise ValueError(_("This is not a day of the calendar."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def pre_validate(self, form: Any) -> None:
        if self.needed and self.data is None and not self.process_errors:
            raise StopValidation(_("This field is required.") if self.needed is True else str(self.needed))


class Whole(IntegerField):
    """A whole number within bounds."""

    def __init__(self, label: Any = None, *, least: int = 0, most: int = 2_000_000_000, **more: Any) -> None:
        super().__init__(label, **more)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,12}", text):
            raise ValueError(_("This is not a whole number."))
        number = int(text)
        if not self.least <= number <= self.most:
            raise ValueError(_("From %(least)s to %(most)s.", least=self.least, most=self.most))
        self.data = number


class Someone(Line):
    """A person, typed or chosen by user name; `card` after validation, None when left empty."""

    card: Card | None = None

    def among(self) -> Sequence[Card]:
        """Who is offered: everybody active."""
        return [card for card in reference.staff().cards.values() if card.active]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        self.card = None
        if not self.data or validation_stopped or self.errors:
            return
        card = reference.staff().by_username(self.data)
        if card is None or not card.active:
            raise ValidationError(_("There is nobody of that user name."))
        self.card = card


class IdempotencyKey(HiddenField):
    """A random key that a form carries, so that sending it twice makes one thing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = text if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", text) else None


REQUIRED = _l("This field is required.")
