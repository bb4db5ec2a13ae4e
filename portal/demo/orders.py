"""Service orders of the demo: a dozen on the cases of the day, one for each thing that can happen to an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.codes import CLOSED, Decision
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import actions, queries
from portal.blueprints.complaints.orders.codes import OrderKind
from portal.kernel import accounts, clock, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

GAP = 12  # working minutes between two steps
Step = tuple[str, str, dict[str, Any]]  # who, verb, fields


@dataclass(frozen=True)
class OrderPlot:
    """One order: the case by a piece of its content, what is to be done, and what was done so far.

    `bought` and `covered` are days before and after today; `age` is how many working minutes ago the last step was.
    """

    piece: str
    model: str
    fault: str
    steps: tuple[Step, ...] = ()
    kind: OrderKind = OrderKind.REPAIR
    by: str = "desk1"
    bought: int = 0
    covered: int | None = None
    planned: int | None = None  # days from now, at ten; below zero: working minutes ago
    age: int = 5


def _sent(technician: str, lead: str = "lead.tech") -> tuple[Step, ...]:
    return ((lead, "approve", {}), (lead, "assign", {"technician": technician}))


def _part(who: str, part: str, quantity: int, price: str, hours: str, note: str = "") -> Step:
    given = {
        "part": part,
        "quantity": quantity,
        "price": Decimal(price),
        "hours": Decimal(hours),
        "note": note,
    }
    return (who, "work", given)


def _done(who: str, result: str, paid: str | None = None) -> Step:
    return (who, "done", {"result": result, "paid": None if paid is None else Decimal(paid)})


PLOTS = (
    OrderPlot(
        "访客机打印的临时",
        "VM-300 访客机",
        "打印的通行码边缘发虚，电梯读头扫不开。",
        (
            *_sent("xu.ning"),
            _part("xu.ning", "热敏打印头", 1, "260.00", "1.50", "更换后连打二十张均可扫开"),
            _done("xu.ning", "更换打印头并校准浓度，现场测试通过。", "260.00"),
            ("xu.ning", "invoice", {"invoice_number": "25447000016", "amount": Decimal("260.00")}),
            ("xu.ning", "hand-in", {"handed_to": "财务 白洁"}),
            ("desk1", "accept", {"customer": "杨帆", "note": "电梯能扫开了，师傅很准时。"}),
        ),
        bought=900,
        covered=-170,
        age=20,
    ),
    OrderPlot(
        "会议室的屏幕一点",
        "MR-55 会议屏",
        "触摸后跳到英文界面，重启后又出现。",
        (
            *_sent("ma.xiao", "lead.impl"),
            _part("ma.xiao", "触控板", 1, "480.00", "2.00", "保修内更换"),
            _done("ma.xiao", "更换触控板，界面语言固定为中文。"),
            ("desk2", "accept", {"customer": "大楼物业 范晓东"}),
        ),
        bought=200,
        covered=165,
        age=25,
    ),
    OrderPlot(
        "标签打印机打出来",
        "LP-420 标签打印机",
        "条码发虚，客户仓库扫不出来。",
        (
            *_sent("gao.yuan"),
            _part("gao.yuan", "打印胶辊", 2, "45.50", "0.75"),
            _part("gao.yuan", "清洁套件", 1, "18.80", "0.25"),
            _done("gao.yuan", "更换两只胶辊，清洁打印头，条码检测仪读数正常。", "109.80"),
            ("gao.yuan", "invoice", {"invoice_number": "25447000021", "amount": Decimal("109.80")}),
        ),
        bought=800,
        covered=-70,
        age=15,
    ),
    OrderPlot(
        "扫码枪在强光下",
        "SC-88 扫码枪",
        "卸货区强光下扫不出条码。",
        (
            *_sent("emp.tech"),
            ("emp.tech", "take", {"things": "扫码枪一把 SC88-20417", "note": "外壳有划痕，带充电底座"}),
            ("emp.tech", "swap", {"old_number": "SC88-20417", "new_number": "SC88X-00312", "thing": 1}),
            ("emp.tech", "work", {"hours": Decimal("1.00"), "note": "换用户外款并配对底座"}),
            _done("emp.tech", "保修期内更换为户外款，南门卸货区实测可扫。"),
        ),
        bought=120,
        covered=245,
        age=18,
    ),
    OrderPlot(
        "监控录像回放跳秒",
        "NVR-16 录像机",
        "回放每隔几分钟跳秒，周五下午缺四分钟。",
        (
            *_sent("qian.wei"),
            ("qian.wei", "take", {"things": "录像机主机 NVR16-0093", "note": "硬盘两块留在机内"}),
        ),
        bought=500,
        covered=230,
        planned=1,
        age=30,
    ),
    OrderPlot(
        "办公室搬到九楼",
        "交换机与打印机",
        "九楼新办公室需安装交换机，接通打印机和门禁平台。",
        _sent("zhao.lei", "lead.impl"),
        kind=OrderKind.INSTALLATION,
        planned=-45,
        age=240,
    ),
    OrderPlot(
        "巡更点位贴错",
        "XG-2 巡更点",
        "地下二层的巡更点重新粘贴并核对编号。",
        _sent("luo.jianguo", "lead.impl"),
        kind=OrderKind.INSTALLATION,
        planned=2,
        age=60,
    ),
    OrderPlot(
        "冷库温度采集器",
        "TC-1 温度采集器",
        "读数比温度计低三度多，共二十个点位需要校准。",
        (("lead.tech", "approve", {"note": "先校准两个冷库，其余次日完成。"}),),
        bought=300,
        covered=65,
        age=20,
    ),
    OrderPlot(
        "地磅的摄像头", "WB-CAM 摄像头", "夜间拍不清车牌，需加装补光灯。", bought=700, covered=-5, age=10
    ),
    OrderPlot("投影仪开机二十分钟", "PJ-7 投影仪", "开机二十分钟自动关机，疑似散热故障。", by="lead.tech"),
    OrderPlot(
        "童锁失灵",
        "WD-20 饮水机",
        "控制面板童锁失灵，孩子可直接按出开水。",
        (
            ("lead.tech", "approve", {"note": "先通知园方断电停用。"}),
            (
                "lead.tech",
                "outside",
                {"company": "永康净水设备行", "reason": "两名技术员均在外地，今天必须停用更换"},
            ),
        ),
        bought=400,
        covered=330,
    ),
    OrderPlot(
        "施工把隔壁店的卷帘门",
        "卷帘门电机",
        "电机线被剪断，门关不上，须当天接好。",
        (
            ("lead.impl", "approve", {}),
            ("desk1", "outside", {"company": "成业五金机电商行", "reason": "今晚必须能关门，电工都在工地"}),
            ("lead.impl", "outside", {"decision": Decision.YES, "note": "同意，费用由我方承担。"}),
        ),
        age=3,
    ),
    OrderPlot(
        "考勤机人脸识别",
        "FK-5 考勤机",
        "戴眼镜的人识别不出来。",
        (
            ("lead.tech", "approve", {}),
            ("lead.tech", "cancel", {"reason": "远程升级算法后已能识别，不必上门。"}),
        ),
        bought=250,
        covered=115,
    ),
)


def load(now: datetime, ago: Callable[[int], datetime]) -> None:
    """Play every order on its case; `ago` tells the moment so many working minutes before now."""
    for plot in PLOTS:
        rows = sa.select(Case).where(Case.content.contains(plot.piece), Case.state.not_in(CLOSED))
        case = db.session.scalars(rows).first()
        if case is not None:
            _play(plot, case, now, ago)


def _play(plot: OrderPlot, case: Case, now: datetime, ago: Callable[[int], datetime]) -> None:
    since = case.accepted_at or case.routed_at or case.registered_at
    moments = [max(since, ago(plot.age + GAP * place)) for place in range(len(plot.steps) + 1)]
    planned = None if plot.planned is None else _planned(plot.planned, now, ago)
    number = _ask(plot, case.number, now, moments.pop(), planned)
    for who, verb, fields in plot.steps:
        given = dict(fields)
        if "technician" in given:
            given["technician"] = reference.staff().by_username(given["technician"])
        if given.get("thing"):
            given["thing"] = queries.entries(queries.find(_viewer(who), number))[0].id
        actions.act(number, verb, by=_viewer(who), now=moments.pop(), **given)


def _planned(when: int, now: datetime, ago: Callable[[int], datetime]) -> datetime:
    if when < 0:
        return ago(-when)
    day = clock.local(now).date() + timedelta(days=when)
    return datetime.combine(day, time(10), clock.zone())


def _ask(plot: OrderPlot, number: str, now: datetime, at: datetime, planned: datetime | None) -> str:
    today, by = clock.local(now).date(), _viewer(plot.by)
    with db.write():
        case = cases.find(by, number, lock=True)
        return actions.ask(
            case,
            by=by,
            now=at,
            kind=plot.kind,
            department=case.department or "tech",
            urgent=case.is_urgent,
            purchased_on=today - timedelta(days=plot.bought) if plot.bought else None,
            warranty_until=None if plot.covered is None else today + timedelta(days=plot.covered),
            planned_at=planned,
            customer_name=case.customer_name,
            customer_phone=case.customer_phone,
            customer_address=case.customer_address,
            contact="",
            model=plot.model,
            fault=plot.fault,
        ).number


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)
