"""What people read of a call: what to say when, how it is read back (PG-01, PG-02)."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

# Whole sentences with named holes.
OPENING = _l("Good day, this is %(company)s, %(me)s speaking. How may I help you?")
OPENING_LATE = _l("Thank you for waiting. This is %(company)s, %(me)s speaking. How may I help you?")
RINGS = _l("Answer after ring %(after)s and before ring %(before)s. From ring %(late)s on, apologise first:")
POINTS: dict[str, Any] = {
    "who_of": _l("You are %(caller)s of %(company)s."),
    "who": _l("You are %(caller)s."),
    "phone": _l("We reach you at %(phone)s."),
    "matter": _l("It is about this: %(matter)s."),
    "place": _l("It happened here: %(place)s."),
    "reason": _l("This is how it came about: %(reason)s."),
    "demand": _l("You would like this: %(demand)s."),
}
READ_BACK = _l("Let me repeat the main points.")
RIGHT = _l("Have I got that right?")
CLOSING = _l("Thank you for calling. Is there anything else that I can do for you? Goodbye.")
TO_COLLEAGUE = _l("%(caller)s is on the line, about this: %(matter)s. May I put the call through to you?")
PLACE = _l("Where and when: %(place)s")
REASON = _l("How it came about: %(reason)s")
COMPANY = _l("Company: %(company)s")

FIGURES: dict[str, Any] = {
    "calls.answer_after_ring": _l("Answer the phone after this ring"),
    "calls.answer_before_ring": _l("Answer the phone before this ring"),
    "calls.apologise_from_ring": _l("Apologise first from this ring on"),
    "calls.draft_hours": _l("Hours until the notes of a call that became nothing are thrown away"),
}
