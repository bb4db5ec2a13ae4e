"""The words of the privacy pages (RC-20)."""

from __future__ import annotations

from typing import Any

from portal.blueprints.office.privacy.codes import Decision, State
from portal.blueprints.office.privacy.workflow import AGAIN, ASK, CLOSE, CONFIRM, DECIDE
from portal.i18n import _l, label
from portal.kernel.personal_data import Ending, Whose
from portal.telling import Readers

LABELS: dict[Any, dict[Any, Any]] = {
    State: {
        State.SEARCHING: _l("Being looked for"),
        State.FOUND: _l("Found"),
        State.ASKED: _l("Waits for a second person"),
        State.ERASING: _l("Being removed"),
        State.WAITING: _l("Waits for a term"),
        State.DONE: _l("Removed"),
        State.CLOSED: _l("Closed"),
    },
    Decision: {Decision.YES: _l("Remove"), Decision.NO: _l("Do not remove")},
    Whose: {
        Whose.CUSTOMER: _l("customers"),
        Whose.VISITOR: _l("visitors"),
        Whose.EMPLOYEE: _l("colleagues"),
        Whose.OUTSIDER: _l("people outside"),
    },
    Ending: {
        Ending.ANONYMISE: _l("names and words go, figures stay"),
        Ending.DELETE: _l("deleted"),
        Ending.KEEP: _l("stays with the record; a name goes on request"),
    },
}
BUTTONS: dict[str, Any] = {
    AGAIN: _l("Look again"),
    ASK: _l("Have this person removed"),
    CONFIRM: _l("Decide"),
    CLOSE: _l("Close the request"),
    DECIDE: _l("Decide on the file"),
}
SAID: dict[str, Any] = {
    AGAIN: _l("It is being looked for again."),
    ASK: _l("A second person of the office is asked to confirm."),
    CONFIRM: _l("Decided."),
    CLOSE: _l("The request is closed; it names nobody any more."),
    DECIDE: _l("Noted for this file."),
}
REASONS: dict[str, Any] = {
    "nothing_goes": _l("Nothing was found that can be removed."),
    "confirms_own_wish": _l("Another person of the general office confirms this."),
    "no_such_file": _l("This file is not on the list any more; look again."),
    "works_here": _l("This person works here; set the account to departed first."),
    "left_in_term": _l("The data of somebody who has left are kept until %(until)s."),
    "mended_by_hand": _l("An approved text or a figure: name the person no longer in its next edition."),
}
HISTORY: dict[str, Any] = {
    "person_request:open": _l("Request opened"),
    "person_request:found": _l("Looked for"),
    "person_request:export": _l("The person's data were handed over"),
    f"person_request:{AGAIN}": _l("Looked for again"),
    f"person_request:{ASK}": _l("Removal asked for"),
    f"person_request:{CONFIRM}": _l("Decided by the second person"),
    f"person_request:{CLOSE}": _l("Closed"),
    f"person_request:{DECIDE}": _l("Decided on an attached file"),
    "person_request:erased": _l("Removed from everything that nothing holds"),
    "person:handed_over": _l("The person's data were handed over"),
    "person:forget": _l("Person forgotten"),
    "policy:ended": _l("Words past their term were removed"),
}
NOTICES: dict[str, Any] = {
    "person_request:asked": _l("Somebody is to be removed from the records; confirm it or say no."),
}
VERBS: dict[str, Any] = {"confirm-erasure": _l("Confirm a removal")}
READERS: dict[str, Readers] = {
    "person_request": {
        "count": (_l("Entries"), str),
        "held": (_l("Held back by a rule"), str),
        "decision": (_l("Decision"), lambda code: label(Decision(code))),
    },
}
