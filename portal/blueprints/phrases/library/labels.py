"""What people read of the library: its codes, refusals and figures."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.library.codes import Moment, Show, Stage
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Moment: {
        Moment.ADDRESS: _l("Form of address"),
        Moment.GREETING: _l("Greeting"),
        Moment.INVITE: _l("Invitation"),
        Moment.WAIT: _l("Asking to wait"),
        Moment.THANKS: _l("Thanks"),
        Moment.APOLOGY: _l("Apology"),
        Moment.REASSURANCE: _l("Reassurance"),
        Moment.OFFER: _l("Offer"),
        Moment.EXPLANATION: _l("Explaining"),
        Moment.CONFIRM: _l("Confirming"),
        Moment.FAREWELL: _l("Farewell"),
    },
    Stage: {
        Stage.REGISTERED: _l("Case registered"),
        Stage.ROUTED: _l("Case routed"),
        Stage.ACCEPTED: _l("Case accepted"),
        Stage.PROPOSED: _l("Solution proposed"),
        Stage.APPROVED: _l("Solution approved"),
        Stage.RESOLVED: _l("Case resolved"),
        Stage.REPORTED: _l("Customer answered"),
        Stage.REOPENED: _l("Customer not satisfied"),
        Stage.NOT_UPHELD: _l("Complaint not upheld"),
        Stage.EXPECTED: _l("Visit arranged"),
        Stage.ARRIVED: _l("Visitor arrived"),
        Stage.WAITING: _l("Visitor waits"),
        Stage.MEETING: _l("Visitor received"),
        Stage.LEFT: _l("Visitor leaves"),
        Stage.DECLINED: _l("Visit declined"),
        Stage.CANCELLED: _l("Visit cancelled"),
        Stage.NO_SHOW: _l("Visitor did not come"),
    },
    Show: {
        Show.ALL: _l("All phrases"),
        Show.FAVOURITES: _l("Favourites"),
        Show.RECENT: _l("Last used"),
        Show.MOST: _l("Most used"),
    },
}
# What stands in the blanks of a phrase.
BLANKS: dict[str, Any] = {
    "company": _l("Company's name"),
    "customer": _l("Customer's name"),
    "number": _l("Number of the matter"),
    "until": _l("Until when"),
}
REASONS: dict[str, Any] = {
    "phrase_without_moment": _l("Say which moment the phrase is for."),
    "phrase_one_language": _l("A phrase has its words in Chinese and in English."),
    "phrase_too_long": _l("A phrase is at most %(most)s characters; what is longer is a script."),
    "phrase_unknown_blank": _l(
        "There is nothing to put in for {%(name)s}; these blanks are filled in: %(known)s."
    ),
    "phrase_not_chinese": _l("The Chinese words are not Chinese."),
    "phrase_blanks_differ": _l("Both languages leave the same blanks."),
    "phrase_unknown_code": _l("Where the phrase fits is given by codes that nobody knows."),
    "phrase_leaves_already": _l("Somebody has proposed already that this phrase goes out of force."),
}
FIGURES: dict[str, Any] = {
    "phrases.dead_days": _l("Phrases: unused for so many days, one is proposed for removal"),
}
