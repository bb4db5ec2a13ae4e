"""The demo's emergencies: a fire drill with its report, a false alarm; whom to call. Nothing is in force."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.blueprints.duty.contacts import actions as contacts
from portal.blueprints.duty.emergencies import actions, queries
from portal.blueprints.duty.emergencies.codes import Answer, Kind, Level, Service
from portal.blueprints.duty.emergencies.workflow import (
    ANSWER,
    ARRIVE,
    END,
    FALSE_ALARM,
    LEADER,
    NOTE,
    POLICE,
    REPORT,
    STEP,
)
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.systems import System
from portal.kernel import accounts, clock, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

DRILL, FALSE = (2, time(10, 5)), (1, time(15, 20))  # days ago, within those of the demo's roster
CONTACTS: tuple[tuple[System, str, str, str, str, str, str], ...] = (
    (System.LIFT, "安达电梯维保", "孙师傅", "021-5550 1101", "021-5550 1199", "全天", "合同 DT-03，困人 30 分钟到场"),
    (System.DOORS, "锐通道闸", "何工", "021-5550 1202", "", "08:30-17:30", "合同 MJ-11，4 小时到场"),
    (System.CAMERAS, "明视安防", "郭工", "021-5550 1303", "021-5550 1309", "全天", "合同 JK-05，当日到场"),
    (System.NETWORK, "园区宽带报障", "值班台", "021-5550 1404", "021-5550 1404", "全天", "企业专线，2 小时响应"),
    (System.POWER, "物业配电值班", "马师傅", "8220", "8220", "全天", ""),
    (System.WATER, "物业工程部", "金师傅", "8221", "8220", "07:00-19:00", ""),
    (System.CLIMATE, "清源空调", "邹工", "021-5550 1505", "", "08:30-17:30", "合同 KT-02，次日到场"),
    (System.FIRE, "恒安消防检测", "袁工", "021-5550 1606", "021-5550 1600", "全天", "合同 XF-01，每月巡检"),
    (System.CLEANING, "洁明保洁", "潘主管", "021-5550 1707", "", "06:30-18:00", ""),
)  # fmt: skip
RETIRED = (System.LIFT, "申浦电梯服务", "", "021-5550 1808", "", "", "合同已于上年底到期")
FIELDS = ("system", "company", "person", "phone", "night_phone", "hours", "contract")


def load(now: datetime) -> None:
    """Contacts, then a drill and a false alarm, played by the people who were on duty then."""
    desk, guard = (sessions.person_as_viewer(accounts.find(name).id) for name in ("desk1", "dong.hai"))
    with db.write():
        for row in CONTACTS:
            contacts.add(by=desk.id, now=now - timedelta(days=40), **dict(zip(FIELDS, row, strict=True)))
        old = dict(zip(FIELDS, RETIRED, strict=True))
        gone = contacts.add(by=desk.id, now=now - timedelta(days=400), **old)
        contacts.edit(gone, by=desk.id, now=now - timedelta(days=60), active=False)
        _drill(_then(now, *DRILL), desk, guard)
        _false_alarm(_then(now, *FALSE), desk, guard)


def _then(now: datetime, days: int, hour: time) -> datetime:
    return datetime.combine(clock.local(now).date() - timedelta(days=days), hour, clock.zone())


def _drill(begun: datetime, desk: Viewer, guard: Viewer) -> None:
    """A fire drill: every step but one in time, everybody accounted for, a report that says what to mend."""

    def at(seconds: int) -> datetime:
        return begun + timedelta(seconds=seconds)

    made = actions.declare(
        Kind.FIRE, by=desk, now=begun, level=Level.ONE, drill=True, place="三楼茶水间", note="模拟微波炉起火，烟雾较大",
        departments=["admin"], post=posts.post("front-desk"),
    )  # fmt: skip
    told = reference.staff().cards[accounts.find("office1").id]
    actions.perform(made, ARRIVE, by=guard, now=at(46))
    steps = [step.id for step in queries.steps(made)]
    for place, (who, after) in enumerate(
        ((desk, 20), (guard, 70), (desk, 95), (desk, 130), (guard, 190), (desk, 310))
    ):
        actions.perform(made, STEP, by=who, now=at(after), step=steps[place])
    actions.perform(
        made, POLICE, by=desk, now=at(96), service=Service.FIRE_BRIGADE, note="演练：模拟拨打，口述要点完整"
    )
    actions.perform(made, LEADER, by=desk, now=at(135), told=told, note="已电话报告，值班领导到集合点")
    actions.perform(made, NOTE, by=guard, now=at(240), text="二楼东侧疏散门外堆有纸箱，已当场清走。")
    for place, row in enumerate(queries.roll(made)):
        person = reference.staff().cards[row.person_id]
        actions.perform(made, ANSWER, by=desk, now=at(330 + 5 * place), person=person, answer=Answer.SAFE)
    actions.perform(made, STEP, by=desk, now=at(360), step=steps[6])
    actions.perform(made, STEP, by=guard, now=at(430), step=steps[7])
    actions.perform(made, END, by=desk, now=at(1500), outcome="6 分钟内全员到达集合点，演练结束")
    actions.perform(
        made, REPORT, by=desk, now=at(9000),
        course="按计划宣布三楼起火，46 秒有人到场，6 分钟完成疏散和点名，访客同时撤离。",
        left_out="第 9 步：演练不需要警戒和保护现场。",
        measures="疏散门外禁止堆物，列入每日巡查；三楼增配一具灭火器。",
    )  # fmt: skip


def _false_alarm(begun: datetime, desk: Viewer, guard: Viewer) -> None:
    """Steam set off a detector; the guard saw it at once."""
    made = actions.declare(
        Kind.FIRE, by=desk, now=begun, level=Level.ONE, place="一楼厨房", note="感烟探测器报警",
        departments=["admin"], post=posts.post("front-desk"),
    )  # fmt: skip
    actions.perform(made, ARRIVE, by=guard, now=begun + timedelta(seconds=52))
    reason = "蒸汽触发探测器，现场无明火，已复位并通知消防维保检查"
    actions.perform(made, FALSE_ALARM, by=desk, now=begun + timedelta(minutes=4), reason=reason)
