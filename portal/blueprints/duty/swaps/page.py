"""What the templates of swaps draw."""

from __future__ import annotations

from typing import Any

from portal import errors, timeline
from portal.blueprints.duty.leave import queries as leave_queries
from portal.blueprints.duty.rosters import queries as rosters
from portal.blueprints.duty.rosters.changes import Book
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.rosters.page import shift_words
from portal.blueprints.duty.swaps import queries, rules
from portal.blueprints.duty.swaps.actions import hands
from portal.blueprints.duty.swaps.codes import State
from portal.blueprints.duty.swaps.forms import FORMS, OfferForm
from portal.blueprints.duty.swaps.labels import BUTTONS
from portal.blueprints.duty.swaps.models import Swap
from portal.blueprints.duty.swaps.workflow import ACCEPT, APPROVE, DECLINE, SWAP
from portal.drawing import department_name, name_of
from portal.forms import VerbForm
from portal.i18n import _
from portal.kernel import clock, reference
from portal.kernel.people import Viewer

TONES = {
    State.OFFERED: "info", State.TAKEN: "warn", State.APPROVED: "ok", State.DECLINED: "bad", State.WITHDRAWN: "",
    State.LAPSED: "",
}  # fmt: skip
VERBS_OF = {ACCEPT: "take-swap", APPROVE: "approve-swap"}
SOON = 20  # of the own coming shifts


def listed(asked: queries.SwapList) -> dict[str, Any]:
    """All that the list draws, with the own coming shifts above it."""
    rows, newer, older = asked.page()
    viewer = asked.viewer
    return {
        "asked": asked, "rows": rows, "newer": newer, "older": older, "tones": TONES, "name_of": name_of,
        "told": shift_words, "decides": bool(viewer.leads) or leave_queries.sees_all(viewer),
        "mine": coming(viewer) if not asked.show else [],
    }  # fmt: skip


def coming(viewer: Viewer) -> list[Any]:
    """The viewer's own shifts that run or are to come."""
    return list(rosters.shifts_of(viewer.id, clock.now()))[:SOON]


def offering(form: OfferForm, viewer: Viewer, shift: Shift | None) -> dict[str, Any]:
    """The offer: of one shift, with who may take it and what it may be exchanged for (DR-21); or which shift at all."""
    found: dict[str, Any] = {
        "form": form, "shift": shift, "told": shift_words, "takers": [], "partners": [], "name_of": name_of,
        "mine": [] if shift else coming(viewer),
    }  # fmt: skip
    if shift is None:
        return found
    now, cards = clock.now(), reference.staff().cards
    book = Book.of({shift.day}, now)
    running = shift.starts_at <= now
    partners = [] if running or shift.person_id is None else book.partners(shift)
    return found | {
        "running": running,
        "takers": [cards[who] for who in book.takers(shift)],
        "partners": [(row.id, f"{name_of(row.person_id)} · {shift_words(row)}") for row in partners],
        "own": shift.person_id == viewer.id,
    }


def shown(swap: Swap, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that a swap's page draws. `tried` is a form that came back wrong."""
    mine = rules.standing(swap, viewer)
    hidden = {ACCEPT} if "asker" in mine else set()
    verbs = [step.verb for step in SWAP.open_to(swap, viewer) if step.verb not in hidden]
    if swap.at_once:
        verbs = [verb for verb in verbs if verb in {APPROVE, DECLINE}]
    barred = _barred(swap, viewer) if ACCEPT in verbs and not tried else []
    if barred:
        verbs.remove(ACCEPT)
    forms = {verb: tried if verb == do and tried else FORMS[verb].blank() for verb in verbs}
    first = next((verb for verb in (ACCEPT, APPROVE) if verb in forms), "")
    return {
        "swap": swap,
        "forms": forms,
        "barred": barred,
        "opened": do if do in forms else first,
        "buttons": BUTTONS | ({DECLINE: _("Do not approve")} if "head" in mine else {}),
        "tone": TONES[swap.state],
        "told": shift_words,
        "running": swap.shift.starts_at <= clock.now() and swap.state is State.OFFERED,
        "department": department_name(swap.department),
        "timeline": timeline.of(swap),
        "name_of": name_of,
    }


def _barred(swap: Swap, viewer: Viewer) -> list[str]:
    """DR-21: why the viewer may not take it; nobody has to find out by trying."""
    book = Book.of({shift.day for shift in swap.shifts}, clock.now())
    reasons = book.reasons(hands(swap.shift, swap.other, viewer.id)) if book.rosters else []
    return list(dict.fromkeys(errors.say(reason) for reason in reasons))
