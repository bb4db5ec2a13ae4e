"""What the taboo phrases plug in: their kind of document, addresses, words, the one house style of apology."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal import document_kinds, notices
from portal.blueprints.phrases.taboo import kind, labels, routes
from portal.blueprints.phrases.taboo.forms import RuleForm, parts
from portal.document_kinds import Drawn
from portal.i18n import _l
from portal.kernel import policies, taboos, timers
from portal.kernel.phrase_rules import APOLOGY, KIND
from portal.kernel.workflow import Reason

FLOWS: tuple[Any, ...] = ()


def _one_style(key: str, written: str) -> Reason | None:
    """PG-09: the office settles on one."""
    return Reason("PG-09", "one_apology_style") if key == APOLOGY and len(written.split()) != 1 else None


notices.VALUES[APOLOGY] = lambda written: [labels.STYLES[code] for code in written.split()]
policies.OBJECTIONS.append(_one_style)
timers.BY_CALENDAR.append(taboos.forget_old)
document_kinds.draw(
    Drawn(
        KIND,
        _l("Rule of the check"),
        RuleForm,
        parts,
        address=lambda code: url_for("phrases.taboo", rule_code=code),
        tabs="phrases/_parts.html",
        fields="phrases/taboo/_fields.html",
    )
)

__all__ = ["FLOWS", "kind", "labels", "routes"]
