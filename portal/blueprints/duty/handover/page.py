"""What the templates of handovers draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import enforcement, timeline
from portal.blueprints.duty.handover import queries, rules
from portal.blueprints.duty.handover.codes import Side, State
from portal.blueprints.duty.handover.forms import WHO, form_of
from portal.blueprints.duty.handover.labels import BUTTONS
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.handover.queries import Carried
from portal.blueprints.duty.handover.workflow import (
    CONSENT,
    COUNT,
    EXPLAIN,
    HANDOVER,
    REFUSE,
    SIGN,
    TAKE_OVER,
)
from portal.blueprints.duty.log import rules as log_rules
from portal.blueprints.duty.log.codes import Standing
from portal.blueprints.duty.posts import queries as posts
from portal.drawing import name_of
from portal.forms import VersionedForm
from portal.i18n import _, called, listed
from portal.kernel import clock, handing
from portal.kernel.people import Viewer

FORM_NUMBER = "QR-DR-10 · V1"
CHECKED: list[Any] = []  # the checklists of a shift that its handover shows; that part adds them
BAD = frozenset({"clock:overdue", f"handover:{REFUSE}"})
TONES = {State.OPEN: "info", State.COUNTED: "warn", State.SIGNED: "ok", State.REFUSED: "bad"}


@dataclass(frozen=True)
class Offer:
    """A form on the page: its verb, who it is for; `confirms` when that is somebody who is not logged in here."""

    verb: str
    who: str
    confirms: bool
    form: VersionedForm

    @property
    def words(self) -> str:
        """Its button."""
        return str(BUTTONS[self.verb])

    @property
    def prefix(self) -> str:
        """What its ids begin with: a verb may be there for both sides."""
        return f"{self.verb}-{self.who}-"


def offers(
    handover: Handover, viewer: Viewer, carried: Carried, tried: Any = None, do: str = ""
) -> list[Offer]:
    """What can be done now on this screen: by the viewer, and by the other shift, who confirms with the password."""
    mine = rules.standing(handover, viewer)
    found = []
    for step in HANDOVER.steps:
        if handover.state not in step.sources or any(fact(handover) for fact in step.when):
            continue
        for who in ("outgoing", "incoming", "head"):
            here = who in mine
            if who not in step.who or not (here or (who != "head" and mine & {"outgoing", "incoming"})):
                continue
            if not _asked_for(step.verb, who, carried):
                continue
            form = form_of(step.verb, carried).blank(version=handover.version)
            if tried and step.verb == do and here != bool(WHO & set(tried._fields) and tried.username.data):
                form = tried
            if here:
                for name in WHO & set(form._fields):
                    del form[name]
            found.append(Offer(step.verb, who, not here, form))
    return found


def _asked_for(verb: str, who: str, carried: Carried) -> bool:
    """Whether anything is there for the verb to be done with."""
    facts = carried.facts()
    if verb == SIGN:
        return all(mark.side != who for mark in carried.signatures)
    wanted = {EXPLAIN: "unexplained", TAKE_OVER: "running", CONSENT: "faults"}
    return bool(facts[wanted[verb]]) if verb in wanted else True


def shown(handover: Handover, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    """All that a handover's page draws. `tried` is a form that came back."""
    now = clock.now()
    carried = queries.carried(handover, now)
    found = offers(handover, viewer, carried, tried, do)
    return drawn(handover, carried) | {
        "offers": found,
        "opened": next((offer for offer in found if offer.form is tried), found[0] if found else None),
        "to_read": carried.facts()["unread"],
        "count_verb": COUNT,
        "tone": TONES[handover.state],
        "late": handover.state is not State.SIGNED and handover.changes_at < now,
        "timeline": timeline.of(handover, BAD),
        "beside": [(which, carried.beside.get(str(which))) for which in CHECKED],
    }


def drawn(handover: Handover, carried: Carried) -> dict[str, Any]:
    """What page and print have in common."""
    outgoing, incoming = (listed(name_of(person) for person in sorted(people)) for people in handover.parties)
    return {
        "handover": handover,
        "called": called,
        "post": called(handover.post),
        "outgoing": outgoing or _("nobody"),
        "incoming": incoming or _("nobody"),
        "shifts": [called(kind) for kind in handover.shift_kinds],
        "carried": carried,
        "signed": {mark.side: mark for mark in carried.signatures},
        "sides": list(Side),
        "stands": lambda entry: entry.standing if log_rules.is_open(entry) else Standing.DONE,
        "is_open": log_rules.is_open,
        "captions": handing.CAPTIONS,
        "clause_of": enforcement.CLOCKS,
        "name_of": name_of,
    }


def listed_page(asked: queries.HandoverList) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "tones": TONES,
        "now": clock.now(),
        "kinds": {kind.id: called(kind) for kind in posts.kinds()},
        "called": called,
        "posts": [post for post in posts.posts() if post.active],
        "name_of": name_of,
    }
