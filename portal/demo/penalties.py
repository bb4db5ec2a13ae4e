"""Penalties in three states and a notice board that people read; played by the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial

import sqlalchemy as sa

from portal.blueprints.complaints.codes import CLOSED, Kind
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.penalties import actions, planning, watch
from portal.blueprints.complaints.penalties.codes import Ground, Measure
from portal.blueprints.complaints.penalties.models import Penalty
from portal.kernel import company_calendar, notice_board, reference, sessions
from portal.kernel.db import db
from portal.kernel.notice_board import BoardKind
from portal.kernel.people import Viewer

BONUSES = {"emp.tech": "1800.00", "emp.impl": "1500.00", "emp.admin": "1200.00", "desk2": "1000.00"}
NOTICES = (
    (
        BoardKind.DECISION,
        "关于统一首问责任登记的决定",
        "自下月起，首问责任事项一律在门户登记，不再使用纸质登记本。",
        9,
    ),
    (BoardKind.ANNOUNCEMENT, "一楼大厅设备检修通知", "本周六上午检修大厅叫号机，来访请走东门。", 2),
)


def add(now: datetime) -> None:
    """One penalty that waits for a statement, one in force with instalments, one under appeal."""
    then = partial(_working_day, now)
    month = planning.month_of(then(5))
    with db.write():
        people = {name: _viewer(name).id for name in BONUSES}
        amounts = {people[name]: Decimal(text) for name, text in BONUSES.items()}
        planning.enter(month, amounts, by=_viewer("office1").id, now=then(9))
        for kind, title, text, days in NOTICES:
            at = then(days)
            notice = notice_board.write(kind=kind, title=title, text=text, by=_viewer("office1").id, now=at)
            notice_board.publish(notice, by=_viewer("office1").id, now=at)
            for place, name in enumerate(("desk1", "lead.tech", "lead.admin", "emp.impl", "gm")):
                notice_board.mark_read(notice.id, _viewer(name).id, at + timedelta(minutes=17 + 31 * place))
    cases = _cases(then(6))
    if len(cases) < 3:
        return
    _in_force(cases[0], month, then)
    _under_appeal(cases[1], month, then)
    _waits(cases[2], then)


Then = Callable[[int], datetime]


def _working_day(now: datetime, back: int) -> datetime:
    """Ten o'clock, that many working days ago."""
    calendar = company_calendar.current()
    day = calendar.day_of(now)
    while back:
        day -= timedelta(days=1)
        back -= bool(calendar.spans(day))
    return datetime.combine(day, time(10), calendar.timezone)


def _viewer(username: str) -> Viewer:
    card = reference.staff().by_username(username)
    if card is None:
        raise LookupError(username)
    return sessions.person_as_viewer(card.id)


def _cases(before: datetime) -> list[Case]:
    """Complaints that are over and were registered before that moment, the newest first."""
    over = sa.select(Case).where(
        Case.kind == Kind.COMPLAINT,
        Case.registered_at < before,
        Case.state.in_(CLOSED),
        sa.not_(Case.confidential),
    )
    return list(db.session.scalars(over.order_by(Case.id.desc()).limit(3)))


def _proposed(case: Case, by: str, person: str, ground: Ground, facts: str, at: datetime) -> str:
    with db.write():
        card = reference.staff().by_username(person)
        return actions.propose(
            case, by=_viewer(by), now=at, person=card, department="", ground=ground, facts=facts
        ).number


def _do(number: str, by: str, verb: str, at: datetime, **given: object) -> None:
    actions.act(number, verb, by=_viewer(by), now=at, **given)


def _waits(case: Case, then: Then) -> None:
    facts = "客户两次来电催办，均答复“再等等”，未登记也未上报。"
    number = _proposed(case, "lead.tech", "emp.tech", Ground.SLOW_SERVICE, facts, then(1))
    summary = "您经办的维修事项两次被客户催办，未按时答复。"
    _do(number, "office1", "release", then(1) + timedelta(minutes=40), summary=summary)


def _in_force(case: Case, month: str, then: Then) -> None:
    facts = "现场与客户争执，导致客户终止试用，损失合同一份。"
    number = _proposed(case, "lead.impl", "emp.impl", Ground.ARGUED, facts, then(5))
    _do(number, "office1", "release", then(5), summary="您在客户现场与客户发生争执，造成客户终止试用。")
    said = "当时客户要求超出合同范围，我说话急了。"
    _do(number, "emp.impl", "statement", then(5) + timedelta(hours=4), statement=said)
    amount = {"measure": Measure.MONEY, "month": month, "amount": Decimal("850.00")}
    _do(number, "office1", "decide", then(4), **amount, reason="造成经济损失，影响较大。")
    text = "在客户现场与客户争执，违反首问责任制禁止行为，扣绩效奖金 850 元，按月分期扣除。"
    _publish(number, then(4), text)


def _under_appeal(case: Case, month: str, then: Then) -> None:
    facts = "接待时不了解办理流程，客户往返三次。"
    number = _proposed(case, "lead.admin", "emp.admin", Ground.NOT_KNOWING, facts, then(4))
    _do(number, "office1", "release", then(4), summary="您接待客户时对办理流程解释有误，客户往返三次。")
    said = "流程上周刚改，尚未培训。"
    _do(number, "emp.admin", "statement", then(4) + timedelta(hours=5), statement=said)
    points = {"measure": Measure.POINTS, "month": month, "points": 8}
    _do(number, "office1", "decide", then(3), **points, reason="业务不熟，影响客户办理。")
    _publish(number, then(3), "业务不熟，扣考核分 8 分。")
    _do(number, "emp.admin", "appeal", then(1), reason="新流程尚未培训，请减轻处罚。")


def _publish(number: str, at: datetime, text: str) -> None:
    penalty = db.session.scalars(sa.select(Penalty).where(Penalty.number == number)).one()
    name = watch.title(penalty)
    _do(number, "office1", "publish", at, title=f"处罚通报 {number}：{name}", text=f"{name}{text}")
