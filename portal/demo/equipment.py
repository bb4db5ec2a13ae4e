"""The demo's equipment: a ledger, three inspection plans with some days of rounds, repair orders in every state."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from portal.blueprints.duty.equipment import actions as ledger
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.inspections import actions, queries
from portal.blueprints.duty.inspections.actions import Answer
from portal.blueprints.duty.inspections.codes import PlanKind, Rhythm
from portal.blueprints.duty.inspections.models import Plan
from portal.blueprints.duty.inspections.workflow import COMPLETE, INSPECTION, MISS
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.repairs import actions as repairs
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import ACCEPT, ASSIGN, DONE, RECHECK, REPAIR
from portal.blueprints.duty.systems import System
from portal.kernel import accounts, clock, files, pictures, reference, sessions, transitions
from portal.kernel.db import db
from portal.kernel.files import Checked
from portal.kernel.people import PORTAL, Viewer

DAYS = 4  # of rounds, before today
LIFT_PLAN = (
    "1. 电话安抚被困人员，告知不要扒门；2. 切断电源并在各层放置停用牌；"
    "3. 通知维保单位，三十分钟内到场；4. 其间使用 2 号客梯，贵宾来访改走货梯厅。"
)
NET_PLAN = "1. 切换备用交换机；2. 通知各部门负责人。"
POWER_PLAN = (
    "1. 确认停电范围，启动应急照明；2. 检查门禁是否自动释放；"
    "3. 通知工程人员切换备用线路；4. 超过十五分钟未恢复，报值班领导。"
)
FIRE_PLAN = (
    "1. 到报警点位确认；2. 误报则复位并登记，属实则立即启动火灾预案；3. 主机故障期间每小时人工巡查一次。"
)
# Code, names, system, place, post, responsible person, contingency plan, years old.
LEDGER: tuple[tuple[str, str, str, System, str, str, str, str, int], ...] = (
    ("LIFT-01", "客梯 1 号", "Passenger lift 1", System.LIFT, "1—12 层", "", "shi.lan", LIFT_PLAN, 6),
    ("LIFT-02", "客梯 2 号", "Passenger lift 2", System.LIFT, "1—12 层", "", "shi.lan", LIFT_PLAN, 6),
    ("GATE-E", "东侧闸机", "East gate", System.DOORS, "一楼大厅东侧", "guard", "tang.yue", "", 2),
    ("GATE-W", "西侧闸机", "West gate", System.DOORS, "一楼大厅西侧", "guard", "tang.yue", "", 2),
    ("DOOR-01", "大厅自动门", "Lobby door", System.DOORS, "一楼大厅", "guard", "tang.yue", "", 4),
    ("CAM-NVR", "监控录像机", "Video recorder", System.CAMERAS, "消控室", "guard", "he.min", "", 3),
    ("NET-01", "核心交换机", "Core switch", System.NETWORK, "三楼机房", "", "emp.tech", NET_PLAN, 3),
    ("PWR-01", "低压配电柜", "Switchboard", System.POWER, "地下一层配电间", "", "shi.lan", POWER_PLAN, 8),
    ("FIRE-01", "火灾报警主机", "Fire alarm panel", System.FIRE, "消控室", "guard", "he.min", FIRE_PLAN, 5),
    ("FIRE-EXT", "灭火器（全楼 46 具）", "Extinguishers (46)", System.FIRE, "各楼层", "guard", "he.min", "", 1),
    ("WATER-01", "茶水间净水机", "Water purifier", System.WATER, "二楼茶水间", "", "emp.admin", "", 1),
    ("AC-01", "大厅空调机组", "Lobby air conditioning", System.CLIMATE, "一楼大厅", "", "shi.lan", "", 7),
    ("PRN-01", "大厅打印机", "Lobby printer", System.OFFICE, "前台", "front-desk", "emp.admin", "", 2),
)  # fmt: skip
Points = tuple[tuple[str, str, str], ...]
DAILY: Points = (
    ("大厅与前台：灯光、地面、标识牌", "Lobby and desk: lights, floor, signs", ""),
    ("闸机与自动门：刷卡、防夹", "Gates and doors: cards, safety edge", "GATE-W"),
    ("监控画面与录像", "Camera pictures and recording", "CAM-NVR"),
    ("电梯运行与轿厢通话", "Lifts and their intercom", "LIFT-02"),
    ("疏散通道畅通，安全出口标志亮", "Escape routes free, exit signs lit", ""),
)
FIRE: Points = (
    ("灭火器压力、铅封、有效期", "Extinguishers: pressure, seal, date", "FIRE-EXT"),
    ("报警主机自检", "Self-test of the fire alarm panel", "FIRE-01"),
    ("消火栓箱内器材齐全", "Hydrant boxes complete", ""),
)
TRAINING: Points = (
    ("疏散路线与集合点讲解", "Escape routes and meeting point", ""),
    ("灭火器使用演练", "Using an extinguisher", "FIRE-EXT"),
    ("用电安全提示", "Safe use of electricity", ""),
)


def earlier(now: datetime) -> None:
    """The ledger, the plans, the rounds of the last days, and what the first finding led to. Inside a write."""
    office = _who("office1")
    posts = {post.code: post for post in db.session.scalars(sa.select(Post))}
    reference.changed()  # posts are new, too
    things = _ledger(now, office, posts)
    plans = _plans(now, office, posts["guard"], things)
    for past in range(DAYS, 0, -1):
        _round(plans[0], clock.local(now).date() - timedelta(days=past), past)
    _accepted(now)


def load(now: datetime) -> None:
    """What is under repair now, what was written into the log just now, the inspections of today."""
    picture = _picture()
    files.keep(picture)
    with db.write():
        things = {thing.code: thing for thing in db.session.scalars(sa.select(Equipment))}
        _repairs(now, things)
        post = db.session.scalars(sa.select(Post).where(Post.code == "guard")).one()
        guard = min(queries.on_duty_at(post.id, now), default=_who("tang.yue").id)
        log.enter(
            post, by=sessions.person_as_viewer(guard),
            now=now - timedelta(minutes=25), category=Category.EQUIPMENT, standing=Standing.DONE,
            text="自动门感应区地垫移位，已复位并固定。", equipment="DOOR-01", pictures=[picture],
        )  # fmt: skip
    for _line in actions.by_the_clock(now):
        pass


def _who(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _ledger(now: datetime, office: Viewer, posts: dict[str, Post]) -> dict[str, Equipment]:
    made, today = {}, clock.local(now).date()
    for code, name, english, system, place, post, who, contingency, age in LEDGER:
        bought = today.replace(day=1) - timedelta(days=365 * age + 40)
        person = accounts.find(who)
        made[code] = ledger.add(
            by=office.id, now=now - timedelta(days=90), code=code, name=name, name_en=english, system=system, place=place,
            department=person.department, post_id=posts[post].id if post else None, responsible_id=person.id,
            important=bool(contingency), contingency=contingency, bought_on=bought,
            warranty_until=bought + timedelta(days=3 * 365), active=True,
        )  # fmt: skip
    return made


def _plans(now: datetime, office: Viewer, guard: Post, things: dict[str, Equipment]) -> list[Plan]:
    then = now - timedelta(days=60)
    usual: dict[str, Any] = {"weekdays": "", "month_day": None, "person_id": None, "active": True}
    fire = clock.local(now).date().isoweekday()  # one is to be done today
    rows: tuple[tuple[Points, dict[str, Any]], ...] = (
        (DAILY, {"name": "大厅及楼层日巡检", "name_en": "Daily round", "kind": PlanKind.ROUND, "rhythm": Rhythm.DAY,
                 "post_id": guard.id}),
        (FIRE, {"name": "消防器材周检", "name_en": "Fire equipment, weekly", "kind": PlanKind.FIRE,
                "rhythm": Rhythm.WEEK, "weekdays": str(fire), "post_id": guard.id}),
        (TRAINING, {"name": "月度安全培训", "name_en": "Safety training, monthly", "kind": PlanKind.TRAINING,
                    "rhythm": Rhythm.MONTH, "month_day": 15, "post_id": None, "person_id": accounts.find("shi.lan").id}),
    )  # fmt: skip
    return [
        actions.keep_plan(
            None,
            [
                {"what": what, "what_en": english, "equipment_id": things[code].id if code else None}
                for what, english, code in points
            ],
            by=office.id,
            now=then,
            **(usual | fields),
        )
        for points, fields in rows
    ]


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.zone()).astimezone(UTC)


def _round(plan: Plan, day: date, past: int) -> None:
    """A round as it usually goes; the first was missed, the second found something."""
    made = actions.make_one(plan, _at(day, 0, 5))
    if made is None:
        return
    if past == DAYS:
        at = _at(day + timedelta(days=1), 0, 5)
        transitions.perform(INSPECTION, made, MISS, actions.miss, by=PORTAL, now=at)
        return
    at = _at(day, 10, 7 * past)
    made.on_duty = queries.on_duty_at(plan.post_id or 0, at) or frozenset({_who("tang.yue").id})
    by = sessions.person_as_viewer(min(made.on_duty))
    answers = [
        Answer(
            point, fine=not (past == DAYS - 1 and place == 1), note="", pictures=[], repair=True, major=False
        )
        for place, point in enumerate(queries.points_of(plan.id))
    ]
    if past == DAYS - 1:
        answers[1] = Answer(
            answers[1].point, False, "西侧闸机翼门回位慢，防夹偶尔失灵", [], repair=True, major=False
        )
    transitions.perform(INSPECTION, made, COMPLETE, actions.complete, by=by, now=at, answers=answers)


def _accepted(now: datetime) -> None:
    """What the round found was repaired, checked by somebody else and accepted on the same day."""
    lead, today = _who("lead.admin"), clock.local(now).date()
    found = db.session.scalars(sa.select(Repair)).first()
    if found is not None:
        since = today - timedelta(days=DAYS - 1)
        _give(found, lead, _at(since, 11), assignee=accounts.find("shi.lan").id)
        _do(
            found,
            "shi.lan",
            _at(since, 15),
            "更换翼门回位弹簧，调整防夹感应，连续测试二十次正常。",
            "回位弹簧 1 个",
            "润滑脂",
            80,
        )
        transitions.perform(
            REPAIR,
            found,
            RECHECK,
            repairs.recheck,
            by=_who("he.min"),
            now=_at(since, 16),
            note="刷卡二十次，无异常",
        )
        transitions.perform(
            REPAIR, found, ACCEPT, repairs.accept, by=_who("tang.yue"), now=_at(since, 17), note=""
        )


def _repairs(now: datetime, things: dict[str, Equipment]) -> None:
    """In repair by a firm and major, to be checked again, and one made of an entry of the log."""
    lead = _who("lead.admin")
    lift = _registered(
        things["LIFT-01"],
        "desk1",
        now - timedelta(hours=5),
        "运行中有异响，四楼平层误差大，已停用",
        major=True,
    )
    _give(lift, lead, now - timedelta(hours=4), firm="恒达电梯维保有限公司")
    water = _registered(things["WATER-01"], "desk2", now - timedelta(hours=27), "出水变小，滤芯指示灯红色")
    _give(water, lead, now - timedelta(hours=26), assignee=accounts.find("emp.admin").id)
    _do(
        water,
        "emp.admin",
        now - timedelta(hours=3),
        "更换前置与活性炭滤芯，冲洗管路，水量恢复。",
        "滤芯 2 支",
        "生料带",
        45,
    )
    open_faults = sa.select(LogEntry).where(
        LogEntry.category == Category.FAULT, LogEntry.standing == Standing.OPEN
    )
    entry = db.session.scalars(open_faults.order_by(LogEntry.id.desc())).first()
    if entry is not None:
        repairs.register(
            by=_who("desk1"), now=now - timedelta(minutes=70), what=entry.text, equipment=things["GATE-E"],
            department="admin", place="一楼大厅东侧", entry=entry,
        )  # fmt: skip
    reference.changed()


def _registered(thing: Equipment, by: str, at: datetime, what: str, *, major: bool = False) -> Repair:
    return repairs.register(
        by=_who(by),
        now=at,
        what=what,
        equipment=thing,
        department=thing.department,
        place=thing.place,
        major=major,
    )


def _give(repair: Repair, lead: Viewer, at: datetime, *, assignee: int | None = None, firm: str = "") -> None:
    card = reference.staff().cards[assignee] if assignee else None
    given = {"assignee": card, "firm": firm, "note": ""}
    transitions.perform(REPAIR, repair, ASSIGN, repairs.assign, by=lead, now=at, **given)


def _do(repair: Repair, by: str, at: datetime, result: str, parts: str, material: str, minutes: int) -> None:
    given = {"result": result, "parts": parts, "material": material, "minutes": minutes}
    transitions.perform(REPAIR, repair, DONE, repairs.done, by=_who(by), now=at, **given)


def _picture() -> Checked:
    """A door with its mat, drawn: the demo brings no photographs."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (800, 600), "#c9d3dc")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 430, 800, 600), fill="#8f8a80")
    for left in (170, 410):
        pen.rectangle((left, 90, left + 220, 440), fill="#e9f1f6", outline="#5b6b7a", width=8)
    pen.polygon([(230, 470), (590, 462), (640, 560), (190, 572)], fill="#3f4a55")
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    drawn.seek(0)
    return pictures.check(FileStorage(drawn, "自动门地垫.png"))
