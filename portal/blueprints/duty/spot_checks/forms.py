"""What may be typed about a check on duty."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.spot_checks import rules
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.blueprints.duty.spot_checks.workflow import ANSWER, SETTLE
from portal.forms import Line, Moment, Paragraph, VerbForm, VersionedForm
from portal.i18n import _, _l, label
from portal.kernel import clock, reference

BETWEEN = re.compile(r"[\s,，、;；]+")


class People(Line):
    """Several persons by user name, in one line; `cards` are who is meant."""

    cards: tuple[Any, ...] = ()

    def read(self, text: str) -> str:
        """Everybody who is named; ValueError names the first who does not work here."""
        names = [name for name in BETWEEN.split(super().read(text)) if name]
        found = {name: reference.staff().by_username(name.lower()) for name in names}
        if strangers := [name for name, card in found.items() if card is None or not card.active]:
            raise ValueError(_("Nobody who works here has the user name %(name)s.", name=strangers[0]))
        self.cards = tuple(found.values())
        return text


class RecordForm(VerbForm):
    """A new check; a tick for each kind of finding is added below."""

    people = People(_l("Who was on duty (user names)"), most=400)
    checked_at = Moment(_l("Checked at"), required=True)
    dealt = Line(_l("What was dealt with at once"), most=400)
    note = Paragraph(_l("Note"), most=2000)

    def ticks(self) -> list[Any]:
        """The tick of each kind of finding."""
        return [self[f"finding_{code}"] for code in Finding]

    def findings(self) -> list[Finding]:
        """What was ticked."""
        return [code for code in Finding if self[f"finding_{code}"].data]

    def validate_checked_at(self, field: Field) -> None:
        if field.data and field.data > clock.now():
            raise ValidationError(_("A check is written down after it was made."))

    def validate_note(self, field: Field) -> None:
        """What was found is said in words, too."""
        found = self.findings()
        if found and found != [Finding.NONE] and not field.data:
            raise ValidationError(_("Say what was found. (DR-05)"))

    def validate(self, *args: Any, **more: Any) -> bool:
        """DR-05: something was found, or nothing; never both."""
        fine = super().validate(*args, **more)
        if rules.clashes(self.findings()):
            self.form_errors.append(_("Tick what was found, or that nothing was found. (DR-05)"))
            return False
        return fine

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {
            "findings": self.findings(),
            "people": [card.id for card in self.people.cards],
            "checked_at": self.checked_at.data,
            "dealt": self.dealt.data,
            "note": self.note.data,
        }


def record_form() -> type[RecordForm]:
    """The form with its ticks in the language of the page."""
    ticks = {f"finding_{code}": BooleanField(label(code)) for code in Finding}
    return type("RecordForm", (RecordForm,), ticks)


class AnswerForm(VersionedForm):
    text = Paragraph(_l("Your answer"), most=1000, required=True)


class SettleForm(VersionedForm):
    note = Line(_l("What came of it"), most=400, required=True)


FORMS: dict[str, type[VersionedForm]] = {ANSWER: AnswerForm, SETTLE: SettleForm}
