"""What the call screen draws: the lines to say, what is read back, what is known of the number, what it can become."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app

from portal.blueprints.phrases.calls import labels, rules
from portal.blueprints.phrases.calls.forms import NoteForm
from portal.blueprints.phrases.calls.models import CallDraft
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import calls, policies, reference
from portal.kernel.calls import Call, End
from portal.kernel.people import Viewer


def call_of(noted: Any) -> Call:
    """The call as it was noted, in a draft or in a form's data."""
    get = noted.get if isinstance(noted, dict) else lambda name: getattr(noted, name)
    told = {name: get(name) or "" for name in rules.FIELDS if name != "read_back"}
    call = Call(**told, read_back=bool(get("read_back")), on_site=bool(get("on_site")))
    more = [
        str(sentence) % {name: getattr(call, name)}
        for name, sentence in (
            ("place", labels.PLACE),
            ("reason", labels.REASON),
            ("company", labels.COMPANY),
        )
        if getattr(call, name)
    ]
    return Call(**{**vars(call), "text": "\n".join([call.matter, *more])})


def read_back(call: Call) -> list[str]:
    """PG-02: the key points as the caller hears them again; nothing while nothing is noted."""
    said = [str(labels.POINTS[code]) % given for code, given in rules.points(call)]
    return [str(labels.READ_BACK), *said, str(labels.RIGHT)] if said else []


def transferring(call: Call) -> str:
    """PG-02: what a colleague hears before the call is put through: who, and about what."""
    if not (call.caller or call.company) or not call.matter:
        return ""
    who = _("%(caller)s of %(company)s", **vars(call)) if call.caller and call.company else ""
    return str(labels.TO_COLLEAGUE) % {
        "caller": who or call.caller or call.company,
        "matter": rules.without_stop(call.matter),
    }


def side(viewer: Viewer, draft: CallDraft | None) -> dict[str, Any]:
    """The part that follows what is typed."""
    call = call_of(draft) if draft else Call()
    known = calls.known(viewer, call.phone)
    return {
        "call": call,
        "read_back": read_back(call),
        "transferring": transferring(call),
        "known": known,
        "whose": next((each for each in known if each.name), None) if not call.caller else None,
        "kept_at": draft.updated_at if draft else None,
        "closing": str(labels.CLOSING),
    }


def screen(
    viewer: Viewer,
    now: datetime,
    draft: CallDraft | None,
    *,
    opened: str = "",
    form: NoteForm | None = None,
    ends: list[tuple[End, Any]] | None = None,
) -> dict[str, Any]:
    """All that the page draws. `form` and `ends` are as they were sent, when something was wrong with them."""
    who = {"company": current_app.config["SETTINGS"].company, "me": name_of(viewer.id)}
    rings = {
        name: policies.number(f"calls.{key}", now)
        for name, key in (("after", "answer_after_ring"), ("before", "answer_before_ring"),
                          ("late", "apologise_from_ring"))
    }  # fmt: skip
    ends = calls.ends(viewer) if ends is None else ends
    stored = {name: getattr(draft, name) for name in rules.FIELDS} if draft else {}
    return {
        "form": form or NoteForm.blank(**stored, **({"idempotency_key": draft.key} if draft else {})),
        "ends": ends,
        "people": [card for card in reference.staff().cards.values() if card.active],
        "name_of": name_of,
        "opened": opened if opened in {end.code for end, _form in ends} else "",
        "opening": str(labels.OPENING) % who,
        "opening_late": str(labels.OPENING_LATE) % who,
        "rings": str(labels.RINGS) % rings,
        **side(viewer, draft),
    }
