"""Improvement cases of the demo, one for each stage, and two errata: raised and brought along by the right persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.archive import actions as archive
from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.blueprints.complaints.codes import Decision, Kind, State
from portal.blueprints.complaints.improvements import actions, queries
from portal.blueprints.complaints.improvements.codes import Cause
from portal.blueprints.complaints.models import Case
from portal.kernel import accounts, clock, company_calendar, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer


@dataclass(frozen=True)
class Story:
    """One improvement case: days ago, what it says, who owns it, and how far it came (verb, days ago, fields)."""

    department: str
    days: int
    by: str
    title: str
    problem: str
    cause: Cause | None = None
    changes: str = ""
    acts: tuple[tuple[str, int, str, dict[str, Any]], ...] = ()


STORIES = (
    Story(
        "impl",
        80,
        "office1",
        "培训后操作问题减少一半",
        "客户培训结束一周内反复来电询问同样的操作，说明培训材料没有留下可查的步骤。",
        acts=(
            ("assign", 79, "lead.impl", {"owner": "emp.impl", "days": 60}),
            (
                "plan",
                76,
                "emp.impl",
                {
                    "cause": Cause.INFORMATION,
                    "plan": "每次培训后留一页操作卡，三天内回访一次，问题汇总进培训教材。",
                    "changes": "CP-08",
                },
            ),
            ("carry-out", 64, "emp.impl", {"result": "操作卡已随八个项目发放，回访记录齐全。"}),
            (
                "evaluate",
                40,
                "office2",
                {"evaluation": "近两个月同类来电由每周六件降到两件，效果确认。"},
            ),
        ),
    ),
    Story(
        "tech",
        30,
        "lead.tech",
        "发货前核对配件批次",
        "同一批配件到货后接连出现故障，出库时没有核对批次。",
        acts=(
            ("assign", 29, "lead.tech", {"owner": "emp.tech", "days": 10}),
            (
                "plan",
                27,
                "emp.tech",
                {
                    "cause": Cause.METHOD,
                    "plan": "出库单加批次一栏，问题批次在系统中锁定，每周抽查十件。",
                    "changes": "出库检查表",
                },
            ),
            ("carry-out", 6, "emp.tech", {"result": "出库单已改版，锁定规则上线，首周抽查无问题批次。"}),
        ),
    ),
    Story(
        "admin",
        16,
        "office1",
        "前台等候不超过十分钟",
        "客户多次反映办事等候时间长，高峰时段只有一个窗口。",
        acts=(
            ("assign", 15, "lead.admin", {"owner": "emp.admin", "days": -8}),
            (
                "plan",
                12,
                "emp.admin",
                {
                    "cause": Cause.PEOPLE,
                    "plan": "高峰时段加开一个窗口，排班表按来访登记册调整。",
                    "changes": "limit.first_contact.normal",
                },
            ),
        ),
    ),
    Story(
        "market",
        1,
        "office2",
        "报价单写清有效期和费用项目",
        "价格类投诉多起因报价单上的有效期和收费项目写得不清楚。",
    ),
)


def load(now: datetime) -> None:
    """Play them at their moments, relative to `now`; the same for the same day."""
    for story in STORIES:
        at = _moment(now, story.days)
        with db.write():
            office = _viewer(story.by)
            cases = queries.may_take(office, _numbers(story.department, at))
            made = actions.raise_(
                by=office,
                now=at,
                department=story.department,
                title=story.title,
                problem=story.problem,
                cases=cases,
                cause=story.cause,
                changes=story.changes,
            )
            for verb, days, who, given in story.acts:
                actions.perform(made, verb, by=_viewer(who), now=_moment(now, days), **_fields(given, now))
    _errata(now)


def _fields(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """People as cards, `days` ago as the day by which it is carried out."""
    fields = dict(given)
    if "owner" in fields:
        fields["owner"] = reference.staff().by_username(fields["owner"])
        fields["target_at"] = now - timedelta(days=fields.pop("days"))
    return fields


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _moment(now: datetime, days: int) -> datetime:
    """A moment of working time about that many days ago."""
    calendar = company_calendar.current()
    then = now - timedelta(days=days)
    return then if calendar.is_open(then) else min(calendar.next_open(then), now)


def _numbers(department: str, before: datetime) -> list[str]:
    """Two complaints of a department that were put away before that moment, the newest; about nobody of the house."""
    wanted = (
        sa.select(Case.number)
        .where(
            Case.department == department,
            Case.kind == Kind.COMPLAINT,
            Case.archived_at < before,
            Case.person_concerned_id.is_(None),
            sa.not_(Case.confidential),
        )
        .order_by(Case.id.desc())
        .limit(2)
    )
    return list(db.session.scalars(wanted))


def _errata(now: datetime) -> None:
    """One record kept longer, one erratum signed, one that waits for its second signature."""
    wanted = sa.select(Case.number).where(
        Case.state == State.ARCHIVED,
        Case.kind == Kind.COMPLAINT,
        Case.customer_phone != "",
        Case.person_concerned_id.is_(None),
    )
    newest = wanted.where(Case.archived_at < _moment(now, 10)).order_by(Case.id.desc()).limit(2)
    found = list(db.session.scalars(newest))
    if len(found) < 2:
        return  # a demo cut short has too few records for it
    signed, waits = found
    first, second, later = _viewer("office1"), _viewer("office2"), _moment(now, 4)
    archive.act(
        signed,
        "keep",
        by=first,
        now=later,
        retention_class=RetentionClass.IMPORTANT,
        reason="客户表示保留进一步主张的权利",
    )
    phone = {"field": Correctable.CUSTOMER_PHONE, "value": "0571-8800 1234", "reason": "登记时少记区号"}
    archive.act(signed, "correct", by=first, now=later, **phone)
    archive.act(signed, "correct", by=second, now=_moment(now, 3), decision=Decision.YES)
    wording = {
        "field": Correctable.EVALUATION,
        "value": "处理及时，客户两次表示满意。",
        "reason": "归档时漏写第二次回访",
    }
    archive.act(waits, "correct", by=first, now=clock.now(), **wording)
