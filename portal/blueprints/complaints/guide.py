"""The guide on a case: what to do with the customer, step by step, under which clause; it never stands in the way."""

from __future__ import annotations

from typing import Any, NamedTuple

from portal.blueprints.complaints.codes import ABOUT_STAFF, Category, Channel, Kind
from portal.i18n import _l


class Step(NamedTuple):
    """One step: its code, the clause it comes from, what is to be done."""

    code: str
    clause: str
    words: Any


_PLACE = Step("place", "RC-30", _l("Lead the customer to a separate place, offer a seat and water."))
_TOLD = Step(
    "told", "CP-33", _l("Say at once how it goes on, which papers are needed and how long it takes.")
)
_PRODUCT = (
    Step("sorry", "CP-07", _l("Receive the customer sincerely and apologise for the trouble.")),
    Step("expert", "CP-07", _l("Let implementation look at it and give a professional opinion.")),
    Step("accepted", "CP-07", _l("Explain the result until the customer accepts it.")),
)
_OPERATION = (
    Step("show", "CP-08", _l("Explain calmly and show how it is used.")),
    Step(
        "traits",
        "CP-08",
        _l("If the customer is upset or disagrees, escalate at once with cause and customer type."),
    ),
)
_STAFF = (
    Step("apology", "CP-09", _l("Apologise on the company's behalf; do not defend or blame anybody.")),
    Step("in_person", "CP-09", _l("Have the person concerned apologise in person.")),
)
_CLEARLY = (
    Step("hear", "CP-28", _l("Hear it out: do not interrupt.")),
    Step("ask", "CP-28", _l("Ask until the matter is clear.")),
    Step("follow", "CP-28", _l("Follow it through: know who does what by when.")),
    Step("answer", "CP-28", _l("Answer clearly: result, reason, what comes next.")),
    Step("record", "CP-28", _l("Record it so that a stranger could go on with it.")),
)

# CP-33: what the customer should bring, by category.
PAPERS = {
    Category.PRODUCT: _l("Proof of purchase, warranty card, and a photo or the number of the device."),
    Category.OPERATION: _l("The number of the device or account, and what was done before it failed."),
    Category.ATTITUDE: _l("When and where it happened, and who was there."),
    Category.SERVICE: _l("When and where it happened, and who was there."),
    Category.PRICE: _l("The contract or quotation and the invoice."),
    Category.OTHER: _l("Whatever shows what it is about; nothing is needed to begin."),
}

# CP-33: how it goes on, as the customer is told at once.
PROCEDURE = {
    Kind.COMPLAINT: (
        _l("The responsible department finds out what happened and contacts you with a proposed way."),
        _l("The solution is agreed with you and carried out."),
        _l(
            "You are told the result, and another person calls you the same day to ask whether you are satisfied."
        ),
        _l("If you are not satisfied, a new solution is looked for."),
    ),
    Kind.INQUIRY: (
        _l("What we know is answered at once; what we do not know is asked inside and then answered."),
    ),
    Kind.SUGGESTION: (
        _l("The head of the department reads it and decides whether it is adopted."),
        _l("You are told the decision; what is adopted is published with its measures."),
    ),
}

_BY_CODE = {step.code: step for step in (_PLACE, _TOLD, *_PRODUCT, *_OPERATION, *_STAFF, *_CLEARLY)}
CODES = frozenset(_BY_CODE)


def said(code: str) -> str:
    """What a step asks for, in the language of the page."""
    return str(_BY_CODE[code].words)


def steps(case: Any) -> tuple[Step, ...]:
    """The guide of a case: RC-30 and CP-07 … CP-09 for complaints, CP-33 and CP-28 for every kind."""
    first = (_PLACE,) if case.channel is Channel.ONSITE else ()
    if case.kind is not Kind.COMPLAINT:
        return (*first, _TOLD, *_CLEARLY)
    if case.category in ABOUT_STAFF:
        return (*first, *_STAFF, _TOLD, *_CLEARLY)
    by_category = {Category.PRODUCT: _PRODUCT, Category.OPERATION: _OPERATION}
    return (*first, *by_category.get(case.category, ()), _TOLD, *_CLEARLY)
