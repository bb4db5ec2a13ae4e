"""What the templates of leave and absences draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from portal import timeline
from portal.blueprints.duty.leave import actions, queries, rules
from portal.blueprints.duty.leave.codes import PENDING, Answer, State
from portal.blueprints.duty.leave.forms import (
    FORMS,
    AbsenceForm,
    AskForm,
    NameForm,
    SubstitutesForm,
    with_ones,
)
from portal.blueprints.duty.leave.labels import BUTTONS
from portal.blueprints.duty.leave.models import Leave
from portal.blueprints.duty.leave.workflow import ACCEPT, APPROVE, DECLINE, LEAVE, LEFT, NAME
from portal.blueprints.duty.rosters.changes import Book
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.rosters.page import shift_words
from portal.drawing import department_name, name_of
from portal.forms import VerbForm
from portal.i18n import _
from portal.kernel import clock, reference
from portal.kernel.people import Card, Viewer

FORM_NUMBER = "QR-DR-04 · V1"
TONES = {
    State.ASKED: "warn", State.SEEKING: "bad", State.ACCEPTED: "warn", State.APPROVED: "ok", State.DECLINED: "bad",
    State.WITHDRAWN: "", State.LAPSED: "",
}  # fmt: skip
ANSWERS = {Answer.NOBODY: "bad", Answer.WAITING: "warn", Answer.ACCEPTED: "ok", Answer.DECLINED: "bad"}
VERBS_OF = {ACCEPT: "accept-leave", APPROVE: "approve-leave", NAME: "name-substitute"}


class Touched(NamedTuple):
    """A shift that a leave touches, and who may take it."""

    shift: Shift
    words: str
    takers: list[Card]


def touched(book: Book, shifts: Sequence[Shift]) -> tuple[list[Touched], list[Card]]:
    """DR-04: each shift with those who are free, qualified and rested, and those who could take all of them."""
    cards = reference.staff().cards
    rows = [
        Touched(each, shift_words(each), [cards[who] for who in book.takers(each, leaves=True)])
        for each in shifts
    ]
    if not rows:
        return [], []
    first, *others = ([card.id for card in row.takers] for row in rows)
    common = [who for who in first if all(who in them for them in others)]
    giver = shifts[0].person_id
    able = [who for who in common if not book.reasons(dict.fromkeys(shifts, who), leaves=giver)]
    return rows, [cards[who] for who in able]


def asking(form: AskForm, viewer: Viewer, *, chosen: Card | None = None) -> dict[str, Any]:
    """What the request draws; once it has a span, the shifts it touches and who may take each."""
    found: dict[str, Any] = {
        "form": form,
        "known": False,
        "shifts": [],
        "able": [],
        "people": queries.may_ask_for(viewer),
        "name_of": name_of,
    }
    begins, ends, now = form.starts_at.data, form.ends_at.data, clock.now()
    person = chosen.id if chosen else viewer.id
    if begins and ends and begins < ends and not (form.starts_at.errors or form.ends_at.errors):
        leave = Leave(person_id=person, starts_at=begins, ends_at=ends)
        shifts = actions.touched(person, begins, ends, now)
        rows, able = touched(actions.book_of(leave, shifts, now), shifts) if shifts else ([], [])
        found |= {"known": True, "shifts": rows, "able": able}
    return found


def form_of(leave: Leave, verb: str) -> type[VerbForm]:
    """The form of a verb; of naming, with a field for each shift."""
    base = FORMS[verb]
    if issubclass(base, SubstitutesForm):
        return with_ones(base, [cover.shift for cover in leave.covers])
    return base


def shown(leave: Leave, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that a leave's page draws. `tried` is a form that came back wrong."""
    now, mine = clock.now(), rules.standing(leave, viewer)
    verbs = [step.verb for step in LEAVE.open_to(leave, viewer)]
    running = any(each.shift.starts_at <= now < each.shift.ends_at for each in leave.covers)
    hidden = set() if running and leave.left_at is None else {LEFT}
    if not leave.covers:
        hidden.add(NAME)
    if (
        "substitute" in mine
        and ACCEPT not in verbs
        and "asker" not in mine
        and leave.state is not State.ACCEPTED
    ):
        hidden.add(NAME)
    forms = {
        verb: tried if verb == do and tried else form_of(leave, verb).blank()
        for verb in verbs
        if verb not in hidden
    }
    uncovered = [each for each in leave.covers if each.answer is not Answer.ACCEPTED]
    if APPROVE in forms and not uncovered:
        del forms[APPROVE]["gap_reason"]
    rows: list[Touched] = []
    able: list[Card] = []
    if isinstance(forms.get(NAME), NameForm):
        shifts = [each.shift for each in uncovered or leave.covers if each.shift.person_id == leave.person_id]
        rows, able = touched(actions.book_of(leave, shifts, now), shifts)
    first = next((verb for verb in (ACCEPT, APPROVE, NAME) if verb in forms), "")
    opened = do if do in forms else first
    return drawn(leave) | {
        "forms": {verb: forms[verb] for verb in sorted(forms, key=lambda verb: verb != opened)},
        "opened": opened,
        "buttons": BUTTONS | ({DECLINE: _("Do not approve")} if "head" in mine else {}),
        "tone": TONES[leave.state],
        "shifts": rows,
        "able": able,
        "uncovered": bool(uncovered) and leave.state in PENDING,
        "username": reference.staff().cards[leave.person_id].username,
        "may_record": "head" in mine and leave.state in {State.LAPSED, State.DECLINED} and leave.covers,
        "timeline": timeline.of(leave),
    }


def drawn(leave: Leave) -> dict[str, Any]:
    """What page and print have in common."""
    return {
        "leave": leave,
        "covers": [(each, shift_words(each.shift)) for each in leave.covers],
        "answers": ANSWERS,
        "department": department_name(leave.department),
        "name_of": name_of,
        "form_number": FORM_NUMBER,
    }


def listed(asked: queries.LeaveList) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    viewer = asked.viewer
    return {
        "asked": asked, "rows": rows, "newer": newer, "older": older, "tones": TONES, "name_of": name_of,
        "decides": bool(viewer.leads) or queries.sees_all(viewer), "department_name": department_name,
    }  # fmt: skip


def absences(asked: queries.AbsenceList, form: AbsenceForm | None = None) -> dict[str, Any]:
    """The absences, and for a head the form that records one."""
    rows, newer, older = asked.page()
    people = queries.may_ask_for(asked.viewer)
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "told": shift_words,
        "people": people,
        "form": (form or AbsenceForm.blank(person=asked.person)) if people else None,
        "name_of": name_of,
    }
