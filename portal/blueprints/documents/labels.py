"""What people read of documents: states, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal import telling
from portal.document_kinds import DRAWN
from portal.i18n import _, _l, label, moment
from portal.kernel.documents.codes import State
from portal.kernel.documents.workflow import APPROVE, CONFIRM, DISCARD, EDIT, GIVE_BACK, SUBMIT

LABELS: dict[Any, Any] = {
    State: {
        State.DRAFT: _l("Draft"),
        State.SUBMITTED: _l("Waits for approval"),
        State.APPROVED: _l("Approved"),
        State.REPLACED: _l("Replaced"),
        State.DISCARDED: _l("Discarded"),
    },
}
BUTTONS: dict[str, Any] = {
    SUBMIT: _l("Submit for approval"),
    APPROVE: _l("Approve"),
    GIVE_BACK: _l("Give back to its author"),
    EDIT: _l("Change the text"),
    DISCARD: _l("Discard"),
    CONFIRM: _l("I have read this"),
}
SAID: dict[str, Any] = {
    SUBMIT: _l("Submitted; the general office decides."),
    APPROVE: _l("Approved."),
    GIVE_BACK: _l("Given back to its author."),
    EDIT: _l("The text is saved."),
    DISCARD: _l("Discarded."),
    CONFIRM: _l("Confirmed: you have read it."),
}
AWAITED: dict[str, Any] = {
    "document-submit": _l("Finish and submit"),
    "document-approve": _l("Approve a text"),
    "document-review": _l("Look at a text again"),
    "document-confirm": _l("Read and confirm"),
}
REASONS: dict[str, Any] = {
    "own_document": _l("Another person of the general office than the one who wrote it approves it."),
    "nothing_changed": _l("It says the same as the edition in force; change something first."),
    "overtaken": _l("Edition %(edition)s was approved since this was written. Write it anew from there."),
    "in_the_past": _l("It cannot come into force before today: %(day)s."),
    "before_the_last": _l("It cannot come into force before the edition that it follows: %(day)s."),
    "nothing_to_confirm": _l("Nobody is asked to confirm having read this version."),
}
NOTICES: dict[str, Any] = {
    f"document:{SUBMIT}": _l("A text waits for approval."),
    f"document:{APPROVE}": _l("Your text was approved."),
    f"document:{GIVE_BACK}": _l("Your text came back with a note."),
    f"document:{DISCARD}": _l("Your text was discarded."),
}
HISTORY: dict[str, Any] = {
    "document:propose": _l("Draft begun"),
    f"document:{EDIT}": _l("Text changed"),
    f"document:{SUBMIT}": _l("Submitted"),
    f"document:{APPROVE}": _l("Approved"),
    f"document:{GIVE_BACK}": _l("Sent back to its author"),
    f"document:{DISCARD}": _l("Discarded"),
    f"document:{CONFIRM}": _l("Reading confirmed"),
    "document:replace": _l("Replaced by a later edition"),
}
CLOCKS: dict[str, Any] = {
    "document_decide": _l("Decide on a text"),
    "document_review": _l("Look at a text again"),
}
CLOCK_CLAUSES: dict[str, Any] = dict.fromkeys(CLOCKS, "GO-01")
FIGURES: dict[str, Any] = {
    "limit.document_decide": _l("A submitted text is decided within"),
    "ladder.document_decide": _l("Text: not decided"),
    "ladder.document_review": _l("Text: to be looked at again"),
}


def kind_name(kind: str) -> str:
    """What a kind of document is called."""
    return str(DRAWN[kind].name) if kind in DRAWN else kind


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


READERS: dict[str, telling.Readers] = {
    "document": {
        "kind": (_l("Kind"), kind_name),
        "code": (_l("Code"), str),
        "edition": (_l("Edition"), str),
        "based_on": (_l("Written from edition"), str),
        "withdraws": (_l("Out of force"), lambda _yes: _("yes")),
        "source": (_l("Comes from"), str),
        "in_force_from": (_l("In force from"), _day),
        "review_by": (_l("To be looked at again by"), _day),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
        "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
    }
}
