"""What may be typed into a checklist, and into the office's lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField

from portal.blueprints.duty.checklists.models import Answer
from portal.blueprints.duty.checklists.shipped import PAPERS, Item
from portal.forms import Line, PortalForm, VerbForm, Version
from portal.i18n import _, _l, is_chinese

MOST_ITEMS = 20


def words_of(item: Any) -> str:
    """A thing in the language of the page."""
    return str(item.text if is_chinese() or not item.text_en else item.text_en)


class AnswersForm(VerbForm):
    """What was found: a tick or a word why not for each thing, a reason for each paper that stays."""

    items: tuple[Item, ...] = ()
    papers: tuple[str, ...] = ()
    note = Line(_l("Remark"), most=400)

    def rows(self) -> list[tuple[Any, Any]]:
        """The tick of each thing and the word why not, in the order of the list."""
        return [(self[f"done_{place}"], self[f"why_{place}"]) for place in range(len(self.items))]

    def stay_fields(self) -> list[Any]:
        """The reason for each paper that stays."""
        return [self[f"stays_{place}"] for place in range(len(self.papers))]

    def validate(self, *args: Any, **more: Any) -> bool:
        """DR-03: what is not ticked needs a word why; papers are asked for one by one where some are unfiled."""
        fine = super().validate(*args, **more)
        for item, (done, why) in zip(self.items, self.rows(), strict=True):
            if not done.data and not why.data and not (item == PAPERS and self.papers):
                why.errors = [*why.errors, _("What is not ticked needs a word why. (DR-03)")]
                fine = False
        return fine

    def given(self) -> dict[str, Any]:
        """What the action takes: each thing with its answer, and why each paper stays."""
        said = [
            (item, done.data and not (item == PAPERS and self.papers), "" if done.data else why.data)
            for item, (done, why) in zip(self.items, self.rows(), strict=True)
        ]
        reasons = (field.data for field in self.stay_fields())
        return {
            "said": said,
            "stays": dict(zip(self.papers, reasons, strict=True)),
            "note": self.note.data,
        }


class CorrectionForm(AnswersForm):
    note = Line(_l("What was wrong"), most=400, required=True)


def form_of(items: Sequence[Item], papers: Sequence[str], base: type[AnswersForm] = AnswersForm) -> Any:
    """The form for these things and these unfiled papers."""
    fields: dict[str, Any] = {"items": tuple(items), "papers": tuple(papers)}
    for place, item in enumerate(items):
        fields[f"done_{place}"] = BooleanField(words_of(item))
        fields[f"why_{place}"] = Line(_l("If not: why"), most=200)
    for place, number in enumerate(papers):
        fields[f"stays_{place}"] = Line(number, most=200)
    return type(base.__name__, (base,), fields)


def stored(answers: Sequence[Answer], papers: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form filled with what a record says."""
    told: dict[str, Any] = {}
    for place, answer in enumerate(answers):
        told |= {f"done_{place}": answer.done, f"why_{place}": answer.why}
    return told | {f"stays_{place}": why for place, why in enumerate(papers.values())}


class ListForm(PortalForm):
    """Another version of the office's list; its lines are made for as many things as there are, and some more."""

    reason = Line(
        _l("Why it is changed"), most=400, required=_l("Every edit of a list has a reason. (GO-01)")
    )
    version = Version()

    def items(self) -> list[Item]:
        """The things that were filled in."""
        lines = (
            (self[f"text_{n}"].data, self[f"text_en_{n}"].data)
            for n in range(MOST_ITEMS)
            if f"text_{n}" in self
        )
        return [Item(text, english) for text, english in lines if text]

    def validate(self, *args: Any, **more: Any) -> bool:
        """A list has something on it, and no English without its Chinese."""
        fine = super().validate(*args, **more)
        for place in range(MOST_ITEMS):
            if f"text_{place}" in self and self[f"text_en_{place}"].data and not self[f"text_{place}"].data:
                self[f"text_{place}"].errors = [_("The Chinese line is missing.")]
                fine = False
        if fine and not self.items():
            self.form_errors.append(_("A list has at least one thing on it."))
            return False
        return fine


def list_form(lines: int) -> type[ListForm]:
    """A list of so many things, with room for three more."""
    fields: dict[str, Any] = {}
    for place in range(min(lines + 3, MOST_ITEMS)):
        number = str(place + 1)
        fields[f"text_{place}"] = Line(f"{number}", most=200)
        fields[f"text_en_{place}"] = Line(f"{number} (English)", most=200)
    return type("ListForm", (ListForm,), fields)
