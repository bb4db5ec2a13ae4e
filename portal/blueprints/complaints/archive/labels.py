"""What people read about the archive."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.i18n import _l, label

LABELS: dict[Any, Any] = {
    RetentionClass: {
        RetentionClass.NORMAL: _l("Kept the usual term"),
        RetentionClass.IMPORTANT: _l("Important, kept longer"),
    },
    Correctable: {
        Correctable.CONTENT: _l("Content"),
        Correctable.DEMAND: _l("What the customer wants"),
        Correctable.CUSTOMER_NAME: _l("Customer's name"),
        Correctable.CUSTOMER_PHONE: _l("Phone"),
        Correctable.CUSTOMER_ADDRESS: _l("Address"),
        Correctable.RESULT: _l("Result"),
        Correctable.ANSWER: _l("Answer to the customer"),
        Correctable.EVALUATION: _l("Overall evaluation"),
    },
}

VERBS: dict[str, Any] = {
    "keep": _l("Set the retention class"),
    "correct": _l("Correct by an erratum"),
}
AWAITED: dict[str, Any] = {"sign-erratum": _l("Sign the erratum")}
SAID: dict[str, Any] = {
    "keep": _l("The retention class is set."),
    "correct": _l("Recorded; an erratum counts once a second person has signed it."),
}

REASONS: dict[str, Any] = {
    "term_shortened": _l("The term of the policy for this case is longer."),
    "nothing_to_correct": _l("The record says just that already."),
    "erratum_gone": _l("No erratum waits for a signature any more."),
    "case_not_archived": _l("The case is not archived yet."),
    "case_in_term": _l("The record is kept until %(until)s."),
    "erratum_open": _l("An erratum still waits for its second signature."),
}

# Lines of a case's own history.
OF_CASE: dict[str, Any] = {"case:keep": VERBS["keep"], "case:correct": VERBS["correct"]}

NOTICES: dict[str, Any] = {
    "erratum:asked": _l("An erratum to an archived case waits for your signature."),
    "erratum:decided": _l("Your erratum to an archived case was decided."),
}

DETAILS: telling.Readers = {
    "retention_class": (_l("Retention class"), lambda code: label(RetentionClass(code))),
    "field": (_l("Field"), lambda code: label(Correctable(code))),
}
