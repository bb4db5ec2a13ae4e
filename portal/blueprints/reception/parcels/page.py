"""What the templates of letters and parcels draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import timeline
from portal.blueprints.reception import books
from portal.blueprints.reception.parcels import queries, rules
from portal.blueprints.reception.parcels.codes import ParcelKind, State
from portal.blueprints.reception.parcels.forms import FORMS, EntryForm, ParcelForm
from portal.blueprints.reception.parcels.labels import BUTTONS, RECEIVED
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.parcels.workflow import PARCEL, SIGN
from portal.drawing import department_name, name_of
from portal.i18n import _, label, ngettext
from portal.kernel import clock, reference
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

TONES = {State.WAITING: "warn", State.COLLECTED: "ok", State.RETURNED: ""}


def colleagues() -> list[Card]:
    """Everybody something can be for."""
    return [card for card in reference.staff().cards.values() if card.active]


def waited(arrived: datetime, now: datetime) -> str:
    """How long something has lain there, in words."""
    days = rules.days_waiting(clock.local(arrived).date(), clock.local(now).date())
    return ngettext("%(num)s day", "%(num)s days", days) if days else _("since today")


def whom(row: Any) -> str:
    """For whom it is."""
    return name_of(row.recipient_id) if row.recipient_id else department_name(row.department)


def listed(asked: queries.ParcelList, tried: EntryForm | None = None, more: str = "") -> dict[str, Any]:
    """What the list draws; `more` is the entry before, of which the next one keeps kind, sender and place."""
    viewer, now = asked.viewer, clock.now()
    rows, newer, older = asked.page()
    desk = books.keeps_books(viewer)
    kept = queries.before_this(viewer, more) if more and desk else {}
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "now": now,
        "tones": TONES,
        "desk": desk,
        "form": (tried or EntryForm.blank(**kept)) if desk else None,
        "again": bool(kept),
        "people": colleagues() if desk else [],
        "choices": [
            ("kind", _("Any kind"), [(kind, label(kind)) for kind in ParcelKind]),
            (
                "department",
                _("All departments"),
                [(code, department_name(code)) for code in reference.staff().departments],
            ),
        ],
        "mine": lambda row: rules.is_mine(row, viewer),
        "received": RECEIVED,
        "may_export": viewer.may(May.EXPORT_CASES),
        "reads": books.reads_books(viewer),
        "waited": waited,
        "whom": whom,
        "name_of": name_of,
        "department_name": department_name,
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("What it is"), _("Recipient"), _("Department"), _("Sender"), _("Tracking number"),
        _("Where it is kept"), _("Pieces"), _("State"), _("Arrived on"), _("Taken in by"), _("Collected"), _("Taken by"),
        _("Sent back"), _("Reason"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(row: Any) -> list[Any]:
    """One line of the workbook."""
    return [
        row.number,
        label(row.kind),
        name_of(row.recipient_id) if row.recipient_id else "",
        department_name(row.department),
        row.sender,
        row.tracking,
        row.place,
        row.pieces,
        label(row.state),
        row.created_at,
        name_of(row.created_by_id),
        row.collected_at,
        name_of(row.collected_by_id) if row.collected_by_id else "",
        row.returned_at,
        row.returned_reason,
    ]


def shown(parcel: Parcel, viewer: Viewer, *, do: str = "", tried: ParcelForm | None = None) -> dict[str, Any]:
    """All that a parcel's page draws. `tried` is a form that came back wrong."""
    desk = "desk" in rules.standing(parcel, viewer)
    verbs = [step.verb for step in PARCEL.open_to(parcel, viewer)]
    forms = {
        verb: tried if verb == do and tried else FORMS[verb].blank(version=parcel.version) for verb in verbs
    }
    words = dict(BUTTONS)
    if SIGN in forms and not desk:
        del forms[SIGN]["collector"]  # for themselves only
        words[SIGN] = RECEIVED
    return {
        "parcel": parcel,
        "tone": TONES[parcel.state],
        "forms": forms,
        "opened": do if do in forms else SIGN if SIGN in forms else "",
        "words": words,
        "timeline": timeline.of(parcel, {"clock:overdue", "parcel:return"}),
        "people": colleagues() if desk else [],
        "waits": waited(parcel.created_at, clock.now()) if parcel.state is State.WAITING else "",
        "whom": whom,
        "name_of": name_of,
        "department_name": department_name,
    }
