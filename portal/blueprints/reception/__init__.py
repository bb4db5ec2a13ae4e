"""Reception: visits from the appointment to the archived register; what the area shows the portal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import portal.blueprints.reception.keeping.routes  # it names its addresses as it is loaded

# Each of these parts names its addresses as it is loaded; nothing here calls them, hence the mark.
import portal.blueprints.reception.parcels.routes
import portal.blueprints.reception.questions.routes

# Each of these parts names its addresses as it is loaded; nothing here calls them, hence the mark at the last one.
import portal.blueprints.reception.routes  # noqa: F401
from portal import setup
from portal.blueprints.reception import labels, places, privacy
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import labels as keeping_words
from portal.blueprints.reception.keeping import queries as keeping
from portal.blueprints.reception.keeping.models import GoodsPass, KeyLoan
from portal.blueprints.reception.keeping.workflow import DEPOSIT, GOODS_PASS, KEY_LOAN
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parcels import labels as parcel_words
from portal.blueprints.reception.parcels.workflow import PARCEL
from portal.blueprints.reception.questions import labels as question_words
from portal.blueprints.reception.questions.actions import erase as erase_questions
from portal.blueprints.reception.questions.workflow import QUESTION
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.supplies import plug as supplies
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import audit
from portal.kernel.rights import May

setup.LOADERS.append(places.load_shipped)
audit.REACH["visit"] = lambda viewer, visit_id: sa.exists().where(Visit.id == visit_id, visible_to(viewer))
audit.REACH["key_loan"] = lambda viewer, its_id: sa.exists().where(
    KeyLoan.id == its_id, keeping.loans_visible_to(viewer)
)
audit.REACH["goods_pass"] = lambda viewer, its_id: sa.exists().where(
    GoodsPass.id == its_id, keeping.goods_visible_to(viewer)
)
for kind in ("deposit", "tag", "key"):
    audit.REACH[kind] = lambda viewer, its_id: sa.true() if viewer.may(May.RECEIVE) else sa.false()

audit.REACH["question"] = audit.REACH["parcel"] = lambda viewer, its_id: sa.true()
privacy.ERASERS.append(erase_questions)

# Each part's words; a part with tables of its own adds its module here.
WORDS: tuple[Any, ...] = (
    labels,
    keeping_words,
    question_words,
    parcel_words,
    supplies.labels,
)


def _of_all(name: str) -> dict[Any, Any]:
    """The words of that name in every part, put together."""
    return {key: words for part in WORDS for key, words in getattr(part, name, {}).items()}


LABELS, HISTORY, CLOCKS = _of_all("LABELS"), _of_all("HISTORY"), _of_all("CLOCKS")
NOTICES, REASONS, VERBS, READERS = (
    _of_all("NOTICES"),
    _of_all("REASONS"),
    _of_all("AWAITED"),
    _of_all("READERS"),
)
CLOCK_CLAUSES = _of_all("CLOCK_CLAUSES")
FLOWS: tuple[Any, ...] = (
    VISIT,
    DEPOSIT,
    KEY_LOAN,
    GOODS_PASS,
    QUESTION,
    PARCEL,
    *supplies.FLOWS,
)

__all__ = [
    "CLOCKS",
    "CLOCK_CLAUSES",
    "FLOWS",
    "HISTORY",
    "LABELS",
    "NOTICES",
    "READERS",
    "REASONS",
    "VERBS",
    "bp",
]
