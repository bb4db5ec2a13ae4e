"""What may be typed of a phrase."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.blueprints.phrases.library import rules
from portal.blueprints.phrases.library.codes import FITS, Category, Channel, CustomerType, Moment, Stage
from portal.blueprints.phrases.library.labels import BLANKS
from portal.document_kinds import DocumentForm
from portal.forms import UNSTORABLE, Choice, Paragraph
from portal.i18n import _, _l, label
from portal.kernel.documents import Body


class Codes(SelectMultipleField):
    """Any number of codes of an enum; none means that the phrase fits everywhere."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, caption: Any, *, of: type[StrEnum], **more: Any) -> None:
        super().__init__(
            caption, choices=lambda: [(code.value, label(code)) for code in of], validate_choice=False, **more
        )
        self.of = of

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Codes that are known, each once, in their order."""
        self.data = [code.value for code in self.of if code in valuelist]
        if set(valuelist) - set(self.data):
            raise ValueError(_("Please choose from the list."))


class PhraseForm(DocumentForm):
    moment = Choice(_l("For which moment"), of=Moment, words=label, required=True)
    zh = Paragraph(_l("In Chinese"), most=rules.MOST, required=True)
    en = Paragraph(_l("In English"), most=rules.MOST, required=True)
    channels = Codes(_l("Channels"), of=Channel)
    categories = Codes(_l("Categories"), of=Category)
    stages = Codes(_l("Stages of a case or a visit"), of=Stage)
    types = Codes(_l("Customer types"), of=CustomerType)

    def blanks(self) -> str:
        """How each blank is written, and what is put in there."""
        return " ".join(f"{{{name}}} {words}" for name, words in BLANKS.items())

    def body(self) -> dict[str, Any]:
        """The phrase as it is stored."""
        texts = {"zh": self.zh.data, "en": self.en.data}
        return {"moment": self.moment.data.value, **texts, **{name: self[name].data for name in FITS}}

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The values of the fields, of a stored phrase."""
        return dict(body)

    def prefill(self, args: Mapping[str, str]) -> None:
        """A text that is to become a phrase goes into the language that it is written in."""
        text = UNSTORABLE.sub("", args.get("text", ""))[: rules.MOST]
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in text)
        self["zh" if chinese else "en"].process_data(text)
