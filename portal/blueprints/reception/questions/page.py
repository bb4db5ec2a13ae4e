"""What the templates of the question log draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import timeline
from portal.blueprints.reception import books
from portal.blueprints.reception.questions import queries, rules
from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.forms import FORMS, EntryForm, QuestionForm
from portal.blueprints.reception.questions.labels import BUTTONS
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.questions.workflow import PHRASE, QUESTION, REPLY, TELL
from portal.drawing import department_name, name_of, span, time_left
from portal.i18n import _, label
from portal.kernel import clock, customers, documents, reference
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

TONES = {State.ANSWERED: "ok", State.PENDING: "warn", State.REPLIED: "info", State.TOLD: "ok"}
ALIASES = {"reply-question": REPLY, "tell-asker": TELL}  # as my day calls them


def colleagues() -> list[Card]:
    """Everybody who can be asked."""
    return [card for card in reference.staff().cards.values() if card.active]


def listed(asked: queries.QuestionList, tried: EntryForm | None = None, visit: str = "") -> dict[str, Any]:
    """What the list draws."""
    viewer, now = asked.viewer, clock.now()
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": [(row, time_left(row.due_at, row.due_from, now)) for row in rows],
        "newer": newer,
        "older": older,
        "tones": TONES,
        "form": tried or EntryForm.blank(visit=visit) if books.keeps_books(viewer) else None,
        "similar": [],
        "people": colleagues() if books.keeps_books(viewer) else [],
        "choices": [
            ("state", _("Any state"), [("open", _("Open")), *((s, label(s)) for s in State)]),
            (
                "department",
                _("All departments"),
                [(code, department_name(code)) for code in reference.staff().departments],
            ),
        ],
        "may_export": viewer.may(May.EXPORT_CASES),
        "reads": books.reads_books(viewer),
        "masked": customers.masked,
        "name_of": name_of,
        "department_name": department_name,
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Asked on"), _("Question"), _("Answer"), _("State"), _("Department"), _("Person asked"),
        _("Who asked"), _("Phone"), _("Answered inside on"), _("Said by"), _("Asker told on"), _("Written down by"),
        _("Proposed as a phrase"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(row: Any) -> list[Any]:
    """One line of the workbook; phone numbers as in the list."""
    return [
        row.number,
        row.created_at,
        row.question,
        row.answer,
        label(row.state),
        department_name(row.department) if row.department else "",
        name_of(row.person_id) if row.person_id else "",
        row.asker_name,
        customers.masked(row.phone),
        row.replied_at,
        name_of(row.replied_by_id) if row.replied_by_id else "",
        row.told_at,
        name_of(row.created_by_id),
        row.phrase_at,
    ]


def shown(
    question: Question,
    viewer: Viewer,
    *,
    do: str = "",
    tried: QuestionForm | None = None,
    phone: str = "",
) -> dict[str, Any]:
    """All that a question's page draws. `tried` is a form that came back wrong; `phone` the whole number."""
    now = clock.now()
    verbs = [step.verb for step in QUESTION.open_to(question, viewer)]
    do = ALIASES.get(do, do)
    forms = {
        verb: tried if verb == do and tried else FORMS[verb].blank(version=question.version) for verb in verbs
    }
    if REPLY in forms and "asked" in rules.standing(question, viewer):
        del forms[REPLY]["source"]  # who was asked speaks for themselves
    return {
        "question": question,
        "visit": queries.visit_number(question),
        "calls": rules.calls(question, viewer),
        "phone": phone,
        "masked": customers.masked(question.phone),
        "left": time_left(question.due_at, question.due_from, now),
        "tone": TONES[question.state],
        "forms": forms,
        "opened": do if do in forms else next((verb for verb in (REPLY, TELL) if verb in forms), ""),
        "words": BUTTONS,
        "quiet": PHRASE,
        "similar": queries.similar(viewer, question.question, question.id)
        if question.state is State.PENDING
        else [],
        "timeline": timeline.of(question, {"clock:overdue"}),
        "people": colleagues(),
        "proposals": documents.of_source(question.number, viewer) if question.answer else [],
        "name_of": name_of,
        "department_name": department_name,
    }


def summed(chosen: str, quarters: list[str], found: queries.Quarter) -> dict[str, Any]:
    """What the quarter's summary draws."""
    return {
        "chosen": chosen,
        "quarters": quarters,
        "found": found,
        "length": lambda tally: length(tally) or "—",
        "department_name": department_name,
    }


def length(tally: queries.Tally) -> str:
    """The mean time until inside has answered, in words."""
    return span(timedelta(seconds=tally.mean)) if tally.mean is not None else ""
