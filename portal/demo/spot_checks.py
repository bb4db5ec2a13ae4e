"""The demo's spot checks: last quarter's sample, some of it called again and rated, one finding still open."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.spot_checks import actions, rules
from portal.blueprints.complaints.spot_checks.codes import Duty
from portal.blueprints.complaints.spot_checks.models import SpotCheck
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE, SPOT_CHECK
from portal.kernel import accounts, clock, sessions, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.workflow import Refused

SEED = "d3a0c1f2b4e59687"
HEADS, RATER = ("lead.admin", "office1", "office2"), "market"
FOUND: tuple[dict[str, Any], ...] = (
    {"outcome": Outcome.SATISFIED, "duty": Duty.KEPT, "note": "客户说从头到尾都是同一个人跟进，很放心。"},
    {"outcome": Outcome.SATISFIED, "duty": Duty.LATE, "note": "问题解决了，但第一次回电拖了将近两天。"},
    {
        "outcome": Outcome.DISSATISFIED,
        "duty": Duty.KEPT,
        "note": "换过的部件又出现同样的毛病，希望再上门看一次。",
    },
    {"outcome": Outcome.NO_ANSWER, "duty": None, "note": "响铃无人接听，改天再打。"},
    {"outcome": Outcome.SATISFIED, "duty": Duty.KEPT, "note": ""},
    {
        "outcome": Outcome.DISSATISFIED,
        "duty": Duty.COLD,
        "note": "客户说接电话的人爱理不理，转了两次才有人管。",
    },
)
RATED = (
    (5, "当天回访，记录完整。"),
    (4, "回访及时，记录略简单。"),
    (2, "只问了一句是否满意，没有问处理过程。"),
    (4, ""),
)
PUT_RIGHT = "已与当事人谈话，第一次回电时限纳入每周检查。"


def load(now: datetime) -> None:
    """Draw last quarter's sample and begin with it; nothing where nothing was solved."""
    quarter = rules.before(rules.quarter_of(clock.local(now).date()))
    people = {name: sessions.person_as_viewer(accounts.find(name).id) for name in (*HEADS, f"lead.{RATER}")}
    # A demo that was cut short has solved nothing yet, and then there is nothing to draw from.
    with suppress(Refused), db.write():
        actions.draw(quarter, rater=RATER, seed=SEED, by=people["office1"], now=now)
        rows = list(db.session.scalars(sa.select(SpotCheck).order_by(SpotCheck.number)))
        for check, found in zip(rows, FOUND, strict=False):
            _perform(check, CALL, _able(check, people), now, **found)
        for check, (rating, note) in zip(rows, RATED, strict=False):
            if people[f"lead.{RATER}"].id not in check.hands | {check.barred_id}:
                _perform(check, RATE, people[f"lead.{RATER}"], now, rating=rating, note=note)
        late = [check for check in rows if check.duty is Duty.LATE]
        for check in late:
            _perform(check, SETTLE, people["office1"], now, note=PUT_RIGHT)


def _able(check: SpotCheck, people: dict[str, Viewer]) -> Viewer:
    """The head, or somebody of the general office where the head had a hand in the matter."""
    viewers = [people[name] for name in HEADS]
    return next(v for v in viewers if "head" in rules.standing(check, v) and v.id not in check.hands)


def _perform(check: SpotCheck, verb: str, by: Viewer, now: datetime, **given: Any) -> None:
    transitions.perform(SPOT_CHECK, check, verb, actions.ACTIONS[verb], by=by, now=now, **given)
