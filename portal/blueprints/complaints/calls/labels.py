"""What people read of a call: why it is made, and what to say when somebody answers."""

from __future__ import annotations

from portal.blueprints.complaints.calls.rules import CallKind
from portal.i18n import _l

LABELS = {
    CallKind: {
        CallKind.PROMISE: _l("Promised call"),
        CallKind.FOLLOW_UP: _l("Follow-up call"),
        CallKind.FIRST_CONTACT: _l("First contact"),
        CallKind.RETURN_VISIT: _l("Answer after a visit"),
    }
}

# Why the customer is called now.
WHY = {
    CallKind.PROMISE: _l("A call back was promised: also while nothing is solved yet, say how far it is."),
    CallKind.FOLLOW_UP: _l("The case was solved: ask whether the customer is satisfied, the same day."),
    CallKind.FIRST_CONTACT: _l("Nobody has spoken to the customer yet: say who sees to it, and offer a way."),
    CallKind.RETURN_VISIT: _l("A question stayed open at a return visit, and an answer was promised."),
}
CLAUSES = {
    CallKind.PROMISE: "CP-15",
    CallKind.FOLLOW_UP: "CP-18",
    CallKind.FIRST_CONTACT: "CP-12",
    CallKind.RETURN_VISIT: "CU-03",
}

# The first words on the telephone, and what to ask then. Both are whole sentences with named holes.
OPENING = {
    CallKind.PROMISE: _l(
        "Good day, %(name)s, this is %(me)s of %(company)s. We promised to call you back, "
        "and I would like to tell you how far your matter is."
    ),
    CallKind.FOLLOW_UP: _l(
        "Good day, %(name)s, this is %(me)s of %(company)s. Your matter was settled, "
        "and I would like to hear whether everything is as it should be."
    ),
    CallKind.FIRST_CONTACT: _l(
        "Good day, %(name)s, this is %(me)s of %(company)s. You told us about a problem; "
        "I am calling to see to it with you."
    ),
    CallKind.RETURN_VISIT: _l(
        "Good day, %(name)s, this is %(me)s of %(company)s. You asked us something when we visited you, "
        "and I would like to give you the answer."
    ),
}
ASK = {
    CallKind.PROMISE: _l("Say what was done, what comes next and when the customer hears from us again."),
    CallKind.FOLLOW_UP: _l(
        "Ask: is it solved? Were we quick and polite? Is there anything else that we should do for you?"
    ),
    CallKind.FIRST_CONTACT: _l("Ask: what matters most to you? Then say what we offer, and by when."),
    CallKind.RETURN_VISIT: _l("Give the answer, then ask: does that settle it for you?"),
}
