"""The demo's assessments: last quarter's of technology, published, with an objection; one of the desk in self rating."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.assessment import actions, queries
from portal.blueprints.phrases.assessment.codes import Outcome, Rater
from portal.blueprints.phrases.assessment.models import Period, Sheet
from portal.blueprints.phrases.assessment.workflow import (
    ANSWER,
    COLLECT,
    CORRECT,
    OBJECT,
    OPEN,
    PERIOD,
    PUBLISH,
    RATE,
    RETRAIN,
    SELF_RATE,
    SHEET,
)
from portal.kernel import accounts, clock, policies, sessions, transitions
from portal.kernel.aspects import Aspect
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

LEAD = "lead.tech"
# user name -> own marks and the superior's, each in the order of the criteria; the person's words, the superior's.
RATED: dict[str, tuple[tuple[int, ...], tuple[int, ...], str, str]] = {
    "lead.tech": (
        (90, 88, 86, 90),
        (92, 90, 88, 90),
        "带队完成两次大版本升级。",
        "统筹得力，带新人还可以更放手。",
    ),
    "emp.tech": (
        (88, 85, 80, 82),
        (85, 84, 76, 80),
        "上门次数比上季度多了三成。",
        "技术扎实，首次联系有时偏晚。",
    ),
    "xu.ning": ((95, 92, 93, 90), (95, 94, 92, 93), "", "客户点名表扬两次。"),
    "qian.wei": ((80, 82, 78, 75), (78, 80, 72, 74), "报修高峰期有些忙不过来。", ""),
    "gao.yuan": (
        (70, 60, 65, 60),
        (55, 52, 50, 58),
        "刚转岗，还在熟悉产品。",
        "产品知识不足，安排再培训后复评。",
    ),
}
WHY = "记录只反映部分工作，结合日常表现评定"
OBJECTION = "有两次首次联系是代同事接的，计入我的名下不合适，请核对。"
ANSWERED = "核对派单记录，其中一次确系代接，予以更正。"
LEARN = "新产品的安装、调试和常见故障"
CORRECTED = "更正代接的一次首次联系"
SELF: dict[str, tuple[tuple[int, ...], str]] = {
    "desk1": ((92, 88, 90, 91), "来访高峰期没有让客人久等。"),
    "he.min": ((85, 80, 82, 84), ""),
}


def load(now: datetime, earlier: Callable[[int], datetime]) -> None:
    """Play both; `earlier` gives the moment so many working minutes ago."""
    day = 8 * 60
    with db.write():
        _last_quarter(clock.local(now).date(), earlier, day)
        _of_the_desk(clock.local(now).date(), earlier, day)


def _last_quarter(today: date, earlier: Callable[[int], datetime], day: int) -> None:
    begins, ends = _quarter(today - timedelta(days=21))
    name = f"{begins.year}年第{'一二三四'[(begins.month - 1) // 3]}季度考核"
    period = _create(name, begins, ends, "tech", earlier(12 * day))
    _step(period, OPEN, earlier(11 * day))
    sheets = {sheet.person_id: sheet for sheet in queries.of_period(period)}
    named = {user: sheets[accounts.find(user).id] for user in RATED if accounts.find(user).id in sheets}
    for user, sheet in named.items():
        marks, _theirs, note, _remark = RATED[user]
        _act(sheet, SELF_RATE, user, earlier(9 * day), marks=_marks(marks), note=note)
    _step(period, COLLECT, earlier(7 * day))
    db.session.expire_all()  # the figures were written beside the sheets
    for user, sheet in named.items():
        _marks_of, theirs, _note, remark = RATED[user]
        given = _marks(theirs)
        reasons = {a: WHY for a, value in sheet.proposed.items() if value is not None and given[a] != value}
        by = "gm" if sheet.rated_by == "manager" else LEAD
        _act(sheet, RATE, by, earlier(5 * day), marks=given, reasons=reasons, note=remark)
    _step(period, PUBLISH, earlier(3 * day))
    _act(named["qian.wei"], OBJECT, "qian.wei", earlier(2 * day), text=OBJECTION)
    _act(named["qian.wei"], ANSWER, "office1", earlier(day), outcome=Outcome.UPHELD, answer=ANSWERED)
    _act(named["gao.yuan"], RETRAIN, LEAD, earlier(2 * day), topic="skills", what=LEARN, due_at=None)
    better = _marks(RATED["qian.wei"][1]) | {Aspect.EFFICIENCY: 80}
    _act(named["qian.wei"], CORRECT, "office1", earlier(day), marks=better, reason=CORRECTED)
    _act(
        named["emp.tech"],
        OBJECT,
        "emp.tech",
        earlier(day // 2),
        text="效率一项是否考虑了国庆值班期间的加派任务？",
    )


def _of_the_desk(today: date, earlier: Callable[[int], datetime], day: int) -> None:
    ends = today - timedelta(days=1)
    period = _create("前台与行政服务专项考核", ends - timedelta(days=30), ends, "admin", earlier(3 * day))
    _step(period, OPEN, earlier(2 * day))
    for user, (marks, note) in SELF.items():
        mine = sa.select(Sheet).where(Sheet.period_id == period.id, Sheet.person_id == accounts.find(user).id)
        _act(db.session.scalars(mine).one(), SELF_RATE, user, earlier(day), marks=_marks(marks), note=note)


def _quarter(within: date) -> tuple[date, date]:
    """The last calendar quarter that was over on that day."""
    begins = within.replace(month=within.month - (within.month - 1) % 3, day=1)
    ends = begins - timedelta(days=1)
    return ends.replace(month=ends.month - 2, day=1), ends


def _marks(values: tuple[int, ...]) -> dict[Aspect, int]:
    return dict(zip(Aspect, values, strict=True))


def _viewer(user: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(user).id)


def _create(name: str, begins: date, ends: date, department: str, at: datetime) -> Period:
    weights = {code: policies.number(f"assessment.weight.{code}", at) for code in (*Aspect, *Rater)}
    roles = " ".join((Role.EMPLOYEE, Role.DESK, Role.LEAD))
    return actions.create(
        by=_viewer("office1"), now=at, name=name, begins=begins, ends=ends, departments=department, roles=roles,
        weights=weights,
    )  # fmt: skip


def _step(period: Period, verb: str, at: datetime) -> None:
    asked: dict[str, dict[str, Any]] = {OPEN: {"people": queries.people(period)}, PUBLISH: {"unrated": ()}}
    given = asked.get(verb, {})
    transitions.perform(
        PERIOD, period, verb, actions.PERIOD_ACTIONS[verb], by=_viewer("office1"), now=at, **given
    )


def _act(sheet: Sheet, verb: str, user: str, at: datetime, **given: Any) -> None:
    transitions.perform(SHEET, sheet, verb, actions.SHEET_ACTIONS[verb], by=_viewer(user), now=at, **given)
