"""Fields of text: a line, a paragraph, several; and those whose text is meant for a customer (PG-03, PG-04)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from wtforms import StringField
from wtforms.widgets import PasswordInput, TextArea, html_params

from portal import customer_texts
from portal.fields.base import UNSTORABLE, Typed
from portal.i18n import _


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


def _too_long(text: str, most: int) -> str:
    return _("At most %(most)s characters fit here; you have entered %(count)s.", most=most, count=len(text))
