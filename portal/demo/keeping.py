"""The demo's deposits, keys and goods passes: some out, one overdue, some back, a pass that waits for its lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.reception.keeping import actions
from portal.blueprints.reception.keeping.codes import Direction, Document, Thing
from portal.kernel import accounts, company_calendar, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

TAGS = 40
KEYS: tuple[tuple[str, str, str], ...] = (
    ("K-101", "大会议室", "Large meeting room"),
    ("K-102", "小会议室", "Small meeting room"),
    ("K-201", "样品陈列室", "Sample room"),
    ("K-202", "备品库", "Supply store"),
    ("K-203", "档案室", "Archive room"),
    ("K-301", "机房", "Server room"),
    ("K-302", "楼顶设备间", "Roof plant room"),
    ("K-B01", "地下车库闸机箱", "Garage barrier box"),
)
# Tag, what, whose, pieces, remark, working hours since it was taken in, and whether it is back.
DEPOSITS: tuple[tuple[int, Thing, str, int, str, float, bool], ...] = (
    (1, Thing.UMBRELLA, "孟庆华", 1, "黑色长柄", 2.0, False),
    (2, Thing.LUGGAGE, "陶文静", 2, "银色拉杆箱，轮子有旧划痕", 1.2, False),
    (3, Thing.PARCEL, "云栖精密制造 程立", 1, "纸箱，已封口，送技术部样件", 5.0, False),
    (4, Thing.COAT, "潘晓东", 1, "深蓝色", 6.0, True),
    (5, Thing.BAG, "海棠小学 薛老师", 3, "书包三只", 7.5, True),
)
# Key, borrower, document, what for, working hours since, hours it is lent for, and whether it is back.
LOANS: tuple[tuple[str, str, Document, str, float, float, bool], ...] = (
    ("K-301", "emp.tech", Document.WORK_CARD, "更换交换机电源", 1.0, 4.0, False),
    ("K-203", "emp.admin", Document.WORK_CARD, "调阅上年合同", 5.0, 3.0, False),
    ("K-201", "emp.impl", Document.WORK_CARD, "带客户看样品", 7.0, 4.0, True),
)
# Which way, what, how much, who carries, company, department, who asks, and the verbs played: who does which.
PASSES: tuple[tuple[Direction, str, str, str, str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (Direction.OUT, "待修工控机", "1 台", "李工", "", "tech", "emp.tech", ()),
    (Direction.OUT, "展会用样机及展架", "2 箱", "东城物流 贺师傅", "东城物流", "market", "desk1",
     (("lead.market", "approve"),)),
    (Direction.IN, "桶装水", "20 桶", "清源水站 万师傅", "清源水站", "admin", "desk2", (("desk2", "check"),)),
    (Direction.OUT, "旧显示器（报废）", "6 台", "绿环回收 邹师傅", "绿环回收", "admin", "emp.admin",
     (("lead.admin", "approve"), ("desk1", "check"))),
)  # fmt: skip


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def load(now: datetime, minutes_ago: Callable[[int], datetime]) -> None:
    """Hang up the tags and keys, and play what became of some of them; `minutes_ago` tells working moments."""
    calendar = company_calendar.current()

    def ago(hours: float) -> datetime:
        return minutes_ago(int(hours * 60))

    desk = _viewer("desk1")
    with db.write():
        actions.add_tags(1, TAGS, by=_viewer("office1"), now=now)
        for number, opens, opens_en in KEYS:
            actions.add_key(number, opens, opens_en, by=_viewer("office1"), now=now)
    for tag, thing, name, pieces, note, since, back in DEPOSITS:
        with db.write():
            made = actions.store(
                by=desk, now=ago(since), tag=tag, thing=thing, name=name, pieces=pieces, note=note
            )
        if back:
            actions.deposit_act(made.number, "release", by=desk, now=ago(since / 2), tag=tag)
    staff = reference.staff()
    for key, who, document, purpose, since, hours, back in LOANS:
        with db.write():
            due_at = calendar.add(ago(since), timedelta(hours=hours))
            lent: dict[str, Any] = {"key": key, "document": document, "purpose": purpose, "due_at": due_at}
            loan = actions.lend(by=desk, now=ago(since), borrower=staff.by_username(who), **lent)
        if back:
            actions.loan_act(loan.number, "return", by=desk, now=ago(since / 2))
    for direction, what, amount, carrier, company, department, who, verbs in PASSES:
        with db.write():
            goods = actions.ask(
                by=_viewer(who),
                now=now,
                direction=direction,
                what=what,
                amount=amount,
                carrier=carrier,
                company=company,
                department=department,
            )
        for by, verb in verbs:
            actions.goods_act(goods.number, verb, by=_viewer(by), now=now)
