"""What people read for the codes of the daily register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception.register.codes import Field, State
from portal.i18n import _l, day, label

LABELS: dict[Any, Any] = {
    State: {
        State.OPEN: _l("Not compiled"),
        State.COMPILED: _l("Waits for the review"),
        State.RETURNED: _l("Returned to the desk"),
        State.REVIEWED: _l("Reviewed"),
        State.ARCHIVED: _l("Archived and locked"),
    },
    Field: {
        Field.VISITOR_NAME: _l("Visitor's name"),
        Field.COMPANY: _l("Company"),
        Field.PHONE: _l("Phone"),
        Field.PARTY_SIZE: _l("Number of people"),
        Field.CATEGORY: _l("Category"),
        Field.HOST: _l("Person visited"),
        Field.DEPARTMENT: _l("Department"),
        Field.PURPOSE: _l("Matter"),
        Field.PLACE: _l("Place"),
        Field.ARRIVED_AT: _l("Arrived"),
        Field.LEFT_AT: _l("Left"),
        Field.REMARK: _l("Remark"),
    },
}

VERBS = {
    "compile": _l("Compile and send for review"),
    "review": _l("Reviewed, it is in order"),
    "return": _l("Return to the desk"),
    "archive": _l("Archive and lock"),
}
AWAITED = {
    "register-compile": _l("Compile the register again"),
    "register-review": _l("Review the register"),
    "register-archive": _l("Archive the register"),
}
SAID = {
    "compile": _l("Compiled; the superior was told."),
    "review": _l("Reviewed; the desk can archive it."),
    "return": _l("Returned to the desk."),
    "archive": _l("Archived and locked."),
}
HISTORY = {
    "daily_register:compile": _l("Register compiled"),
    "daily_register:review": _l("Register reviewed"),
    "daily_register:return": _l("Register returned"),
    "daily_register:archive": _l("Register archived"),
    "visit:take_over": _l("Taken over from an old register"),
    "visit:take_over_edit": _l("Changed by the old register"),
}
NOTICES = {
    "daily_register:compiled": _l("A daily register waits for your review."),
    "daily_register:reviewed": _l("A daily register was reviewed and can be archived."),
    "daily_register:returned": _l("A daily register came back; please look at the reason."),
    "daily_register:corrected": _l("An entry of an archived register was corrected."),
}
REASONS = {
    "day_to_come": _l("This day is still to come."),
    "own_register": _l("Who compiled a register does not review it."),
    "visits_open": _l("These visits are still open: %(numbers)s."),
    "day_not_over": _l("The day is not over yet; somebody may still come."),
    "changed_since_review": _l("An entry was changed since the review: compile the register again."),
    "not_locked": _l("This entry is not locked yet: edit the visit instead."),
    "day_not_old": _l("An old register has days that are over; the desk records today's visitors."),
    "day_past_term": _l(
        "Visits up to %(day)s are past the term for which they are kept. Please leave them out."
    ),
    "day_summed_up": _l("The portal's own register of this day is compiled already."),
}
READERS = {
    "daily_register": {
        "entries": (_l("Entries"), str),
        "open": (_l("Still open"), str),
        "digest": (_l("Fingerprint"), str),
        "keep_until": (_l("Kept until"), lambda text: day(datetime.fromisoformat(text))),
    },
    "visit": {"field": (_l("Field"), lambda code: label(Field(code)))},
}
