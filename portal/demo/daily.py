"""The demo's days on duty: a week of checklists, two checks, a month of sign-ins with a few late, five daily reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.attendance.models import SignIn
from portal.blueprints.duty.checklists import actions as checklists
from portal.blueprints.duty.checklists import queries as lists
from portal.blueprints.duty.checklists import watch as due
from portal.blueprints.duty.checklists.rules import Due
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.reports import actions as reports
from portal.blueprints.duty.reports.workflow import READ, SIGN
from portal.blueprints.duty.spot_checks import actions as checks
from portal.blueprints.duty.spot_checks import watch
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.blueprints.duty.spot_checks.workflow import ANSWER, DUTY_CHECK
from portal.kernel import accounts, clock, company_calendar, handing, reference, sessions, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer

SEED = 20_260_301
WEEK = timedelta(days=7)
WHY = "洗手间暂停使用，已请物业处理"
STAYS = "原件在客户处盖章，明天上午取回归档"
REPORTS: tuple[tuple[int, str, str, str, tuple[str, str, str, str]], ...] = (
    (3, "admin", "desk1", "lead.admin",
     ("接待来访，登记投诉和咨询，完成会议室会前检查。", "上午十点前后来访集中，前台排队。",
      "高峰时段增加一名引导人员。", "核对下周预约，补充茶水间备品。")),
    (2, "admin", "desk2", "lead.admin",
     ("完成来访接待和回访，整理来访登记册。", "大厅打印机卡纸两次。",
      "在打印机旁放一张换纸步骤图。", "联系供应商检修打印机。")),
    (1, "admin", "desk1", "",
     ("接待来访，办理寄存和钥匙借用，回访已答复的事项。", "",
      "寄存单上加印取件时间，减少询问。", "清点备品，提交采购申请。")),
    (2, "tech", "emp.tech", "lead.tech",
     ("处理客户报修，完成软件升级后的回访。", "一份升级说明没有提前发给客户。",
      "升级前一天统一发送通知。", "跟进未关闭的报修。")),
    (1, "impl", "emp.impl", "",
     ("现场安装调试，培训客户操作人员。", "现场网络端口不够，调试推迟半天。",
      "出发前与客户确认网络条件。", "完成验收单签字。")),
)  # fmt: skip


def load(now: datetime) -> None:
    """What the last days left behind, each part in a write of its own."""
    with db.write():
        _sign_checklists(now)
        _check_the_duty(now)
        db.session.execute(sa.insert(SignIn), list(_sign_ins(now)))
    _report(now)
    for _line in (*watch.propose_week(now), *due.follow(now)):
        pass


def _person(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _sign_checklists(now: datetime) -> None:
    """The desk's week and the guards' last two days; one in nine is missing, as it happens."""
    ground = posts.ground().posts
    for place, seats in enumerate(who.planned(now - WEEK, now)):
        desk = ground[seats.post_id].code == "front-desk"
        if desk or seats.starts_at > now - timedelta(days=2):
            by = sessions.person_as_viewer(seats.people[0])
            for due in lists.of_shift(seats, now):
                if due.due_at < now and (place + len(due.moment)) % 9:
                    _sign(due, by, odd=place % 8 == 3)


def _sign(due: Due, by: Viewer, *, odd: bool) -> None:
    at = due.opens_at + timedelta(minutes=9)
    key = (due.seats.post_id, due.moment)
    items = lists.whole(lists.asked([key])[key], due.moment)
    unfiled = handing.unfiled_at(due.department, at) if due.moment == "end" else []
    said = [
        (item, not (odd and place == 1), WHY if odd and place == 1 else "")
        for place, item in enumerate(items)
    ]
    if unfiled:
        said[-1] = (said[-1][0], False, "")
    checklists.sign(
        due.seats.id, due.moment, by=by, now=at, said=said, stays=dict.fromkeys((each.number for each in unfiled), STAYS)
    )  # fmt: skip


def _check_the_duty(now: datetime) -> None:
    """One at which all was well, one that waits for the head; who was met has answered."""
    lead = _person("lead.admin")
    over = [seats for seats in who.planned(now - WEEK, now) if seats.ends_at < now - timedelta(hours=20)]
    if len(over) < 2:
        return
    first, second = over[len(over) // 2], over[-1]
    _checked(first, lead, [Finding.NONE], "当班人员在岗，记录完整。", "")
    found = _checked(
        second,
        lead,
        [Finding.RECORD, Finding.TIDY],
        "巡查记录少一次，台面有外卖盒。",
        "当场清理，记录已补写。",
    )
    met, said = sessions.person_as_viewer(second.people[0]), "当时在处理访客登记，漏记一次，以后边巡边记。"
    transitions.perform(
        DUTY_CHECK, watch.WATCH.load(found), ANSWER, checks.answer, by=met, now=second.ends_at, text=said
    )


def _checked(seats: Seats, lead: Viewer, findings: list[Finding], note: str, dealt: str) -> int:
    at = seats.starts_at + timedelta(hours=2)
    post = db.session.get_one(Post, seats.post_id)
    made = checks.record(
        post, by=lead, now=at + timedelta(minutes=10), findings=findings, people=seats.people, checked_at=at, note=note,
        dealt=dealt,
    )  # fmt: skip
    return made.id


def _sign_ins(now: datetime) -> Iterator[dict[str, Any]]:
    """This month and the one before: a few minutes before people are due, now and then after; away once in a while."""
    chance, today = Random(SEED), clock.local(now).date()  # noqa: S311  # the same demo every time, no secret
    shifts = {(person, clock.local(seats.starts_at).date()): seats
              for seats in who.planned(now - 9 * WEEK, now) for person in seats.people}  # fmt: skip
    calendar = company_calendar.current()
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for day in (first + timedelta(days=past) for past in range((today - first).days + 1)):
        for card in reference.staff().cards.values():
            seats = shifts.get((card.id, day))
            if not card.active or (seats is None and not calendar.is_workday(day)) or chance.random() < 0.01:
                continue
            begins, ends = (seats.starts_at, seats.ends_at) if seats else _office(day)
            late = chance.random() < 0.04
            came = begins + timedelta(minutes=chance.randint(1, 25) if late else -chance.randint(2, 18))
            left = ends + timedelta(minutes=chance.randint(1, 30))
            if came <= now:
                yield {
                    "person_id": card.id, "day": day, "round": 0, "came_at": came, "by_id": card.id, "made_at": came,
                    "left_at": left if left <= now else None, "excused": False, "reason": "",
                }  # fmt: skip


def _office(day: date) -> tuple[datetime, datetime]:
    begins, ends = (datetime.combine(day, at, clock.zone()) for at in (time(8, 30), time(17, 30)))
    return begins, ends


def _report(now: datetime) -> None:
    """Five reports of the last workdays, most of them read by the head."""
    calendar, today = company_calendar.current(), clock.local(now).date()
    days = [day for back in range(1, 20) if calendar.is_workday(day := today - timedelta(days=back))]
    for back, department, username, head, words in REPORTS:
        day, by = days[back - 1], _person(username)
        evening = _office(day)[1] + timedelta(minutes=20)
        made = reports.begin(department, day, by=by, now=evening)
        given = dict(zip(reports.TEXTS, words, strict=True))
        reports.act(made.number, SIGN, by=by, now=evening + timedelta(minutes=8), **given)
        if head:
            reports.act(made.number, READ, by=_person(head), now=evening + timedelta(hours=15))
