"""The demo's return visits: some planned, one overdue, one answered at once, one whose answer is still owed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.complaints.return_visits import actions
from portal.blueprints.complaints.return_visits.codes import Remark, VisitKind
from portal.blueprints.complaints.return_visits.workflow import RECORD, RETURN_VISIT
from portal.kernel import accounts, clock, company_calendar, reference, sessions, transitions
from portal.kernel.db import db

# Kind, customer, phone, who goes, days until it is due, and what came of it (none: still planned).
VISITS: tuple[tuple[VisitKind, str, str, str, int, dict[str, Any] | None], ...] = (
    (VisitKind.OFFICE, "云栖精密制造", "19900002001", "office1", 18, None),
    (VisitKind.STAFF, "东篱食品", "19900002002", "emp.tech", -3, None),
    (VisitKind.STAFF, "浙南医疗器械", "19900002003", "emp.impl", 9, None),
    (VisitKind.MEETING, "园区租户代表", "19900002004", "lead.admin", 40, None),
    (VisitKind.SURVEY, "全体年费客户", "", "lead.market", 75, None),
    (
        VisitKind.STAFF,
        "恒通物流",
        "19900002005",
        "emp.tech",
        5,
        {"remark": Remark.QUESTION, "note": "想知道扫码枪能不能换成双频的，费用怎么算。", "promised_in": 6},
    ),
    (
        VisitKind.OFFICE,
        "海棠小学",
        "19900002006",
        "office2",
        2,
        {"remark": Remark.PRAISE, "note": "门禁换新以后没有再排队，家长都说好。", "again": True},
    ),
)


def load(now: datetime) -> None:
    """Put up the plan, and record the visits that were made."""
    today, cards = clock.local(now).date(), reference.staff()
    desk = sessions.person_as_viewer(accounts.find("desk1").id)
    with db.write():
        for kind, name, phone, who, days, came in VISITS:
            card = cards.by_username(who)
            if card is None:
                raise LookupError(f"the demo has nobody of the user name {who}")
            visit = actions.plan(
                by=desk,
                now=now,
                kind=kind,
                customer_name=name,
                customer_phone=phone,
                person=card,
                due_on=today + timedelta(days=days),
            )
            if came is not None:
                given = {key: value for key, value in came.items() if key != "promised_in"}
                if hours := came.get("promised_in"):
                    given["promised_at"] = company_calendar.current().add(now, timedelta(hours=hours))
                by = sessions.person_as_viewer(card.id)
                transitions.perform(
                    RETURN_VISIT, visit, RECORD, actions.ACTIONS[RECORD], by=by, now=now, **given
                )
