"""The demo's training: a plan for the year, sessions held and ahead, quizzes failed and passed, a need from a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Finding, State
from portal.blueprints.complaints.models import Case
from portal.blueprints.phrases.training.codes import Presence, QuestionKind, Topic
from portal.blueprints.phrases.training.needs import actions as needs
from portal.blueprints.phrases.training.plan import actions as plan
from portal.blueprints.phrases.training.quizzes import actions as quizzes
from portal.blueprints.phrases.training.quizzes import queries as papers
from portal.blueprints.phrases.training.sessions import actions as sessions
from portal.blueprints.phrases.training.workflow import ASSIGN, HAND_IN, HELD, MARK, REFLECT, SIGN_IN
from portal.kernel import accounts, clock, history, reference, retraining
from portal.kernel import sessions as logins
from portal.kernel.db import db
from portal.kernel.people import Card, Person, Viewer
from portal.kernel.rights import Role

# Month, subject area, title, place, trainer, departments, roles, posts.
YEAR = (
    (1, Topic.COMPANY, "新年制度宣讲", "一楼大会议室", "office1", "", "", ""),
    (3, Topic.STANDARDS, "首问负责制与告知单填写", "一楼大会议室", "office2", "", "", ""),
    (4, Topic.COMMUNICATION, "电话礼仪和开场用语", "二楼小会议室", "lead.admin", "admin", "", "front-desk"),
    (6, Topic.SKILLS, "现场处理投诉：先处理心情", "一楼大会议室", "外聘讲师 程老师", "tech impl", "", ""),
    (8, Topic.STANDARDS, "接待场所和茶饮标准", "二楼小会议室", "lead.admin", "admin", "desk", ""),
    (9, Topic.SKILLS, "值班交接与突发事件演练", "一楼大会议室", "office2", "admin", "", "front-desk"),
    (11, Topic.COMMUNICATION, "服务忌语与替代说法", "一楼大会议室", "lead.admin", "", "", ""),
    (12, Topic.COMPANY, "年度投诉案例复盘", "一楼大会议室", "office1", "", "lead", ""),
)
DROPPED = (6, "讲师档期冲突，并入九月演练。")
REFLECTIONS = {
    "desk1": "以前觉得记下来就行，现在明白首问要跟到答复为止，转办后我会在当天回头看一眼。",
    "emp.tech": "告知单的处理措施要写清谁、何时、做什么，客户看得懂才算写完。",
    "he.min": "忌语不是背条文，换一句说法就能让对方先坐下来。",
}


def load(now: datetime) -> None:
    """Each step by whom it is for, at a moment before now."""
    office = _viewer("office2")
    lines = _plan(office, now)
    _quizzes(office, now)
    _held(lines, office, now - timedelta(days=24), "首问负责制与告知单填写", _first)
    _held(lines, office, now - timedelta(days=9), "服务忌语与替代说法", _second)
    _ahead(lines, office, now)
    _need(now)


def _viewer(username: str) -> Viewer:
    return logins.person_as_viewer(accounts.find(username).id)


def _card(username: str) -> Card:
    return reference.staff().cards[accounts.find(username).id]


def _plan(office: Viewer, now: datetime) -> dict[str, int]:
    """The year's plan, written in its first days; one line was dropped."""
    year = clock.local(now).year
    written = min(datetime(year, 1, 5, 10, tzinfo=clock.zone()), now)
    with db.write():
        lines = [
            plan.add(
                by=office, now=written, year=year, month=month, topic=topic, title=title, place=place,
                trainer=trainer, departments=departments.split(), roles=roles.split(), posts=posts.split(),
            )
            for month, topic, title, place, trainer, departments, roles, posts in YEAR
        ]  # fmt: skip
        ids = {line.title: line.id for line in lines}
        dropped = next(line.id for line in lines if line.month == DROPPED[0])
    plan.act(dropped, "drop", by=office, now=max(written, now - timedelta(days=60)), reason=DROPPED[1])
    return ids


def _quizzes(office: Viewer, now: datetime) -> None:
    every = [str(kind) for kind in QuestionKind]
    given: tuple[dict[str, Any], ...] = (
        {"name": "投诉时限与承诺", "name_en": "Limits and promises", "topic": Topic.STANDARDS, "questions": 8,
         "kinds": [str(QuestionKind.FIGURE)], "chapters": ["CP"]},
        {"name": "服务用语与忌语", "name_en": "Phrases and taboos", "topic": Topic.COMMUNICATION, "questions": 10,
         "kinds": every, "minutes": 20},
    )  # fmt: skip
    with db.write():
        for each in given:
            quizzes.make(by=office, now=now - timedelta(days=30), **each)


def _arrange(lines: Mapping[str, int], office: Viewer, title: str, starts: datetime, **more: Any) -> str:
    """A session of a line of the plan, arranged a week before it; its number."""
    with db.write():
        made = sessions.arrange(
            by=office, now=starts - timedelta(days=7), title=title, plan_id=lines[title], starts_at=starts,
            ends_at=starts + timedelta(hours=2), **more,
        )  # fmt: skip
    return made.number


def _held(lines: Mapping[str, int], office: Viewer, day: datetime, title: str, story: Any) -> None:
    starts = clock.local(day).replace(hour=14, minute=0, second=0, microsecond=0)
    story(lines, office, starts, title)


def _first(lines: Mapping[str, int], office: Viewer, starts: datetime, title: str) -> None:
    """Signed for by those who came, one late, one absent; reflected on; its quiz failed once and passed."""
    names = ("desk1", "desk2", "emp.tech", "emp.impl", "emp.admin", "ma.xiao")
    quiz = papers.every()[-1].id
    number = _arrange(
        lines, office, title, starts, topic=Topic.STANDARDS, place="一楼大会议室", trainer="office2",
        people=[_card(name) for name in names], material="CP-03 CP-05", quiz_id=quiz,
    )  # fmt: skip
    minutes = {"desk1": -8, "desk2": -5, "emp.tech": -2, "emp.impl": 1, "ma.xiao": 16}
    for name, minute in minutes.items():
        sessions.act(number, SIGN_IN, by=_viewer(name), now=starts + timedelta(minutes=minute))
    sessions.act(
        number, MARK, by=office, now=starts + timedelta(minutes=30), person=_card("emp.admin"),
        presence=Presence.ABSENT, reason="当天替班，另行补课。",
    )  # fmt: skip
    sessions.act(number, HELD, by=office, now=starts + timedelta(hours=2))
    for name in ("desk1", "emp.tech"):
        _reflect(number, name, starts + timedelta(hours=20))
    _take("desk1", starts + timedelta(hours=21), right=5)
    _take("desk1", starts + timedelta(hours=25), right=8)
    _take("emp.tech", starts + timedelta(hours=22), right=7)


def _second(lines: Mapping[str, int], office: Viewer, starts: datetime, title: str) -> None:
    """The trainer kept the list; one has still to reflect."""
    number = _arrange(
        lines, office, title, starts, topic=Topic.COMMUNICATION, place="二楼小会议室", trainer="lead.admin",
        people=[_card(name) for name in ("desk1", "desk2", "he.min")], material="PG-04 PG-09",
    )  # fmt: skip
    trainer = _viewer("lead.admin")
    for name in ("desk1", "desk2", "he.min"):
        sessions.act(
            number, MARK, by=trainer, now=starts + timedelta(minutes=20), person=_card(name),
            presence=Presence.PRESENT,
        )  # fmt: skip
    sessions.act(number, HELD, by=trainer, now=starts + timedelta(hours=2))
    _reflect(number, "he.min", starts + timedelta(hours=19))


def _reflect(number: str, name: str, at: datetime) -> None:
    sessions.act(number, REFLECT, by=_viewer(name), now=at, text=REFLECTIONS[name])


def _take(name: str, at: datetime, right: int) -> None:
    """One paper of the first quiz, so many answers right."""
    taker = _viewer(name)
    quiz = papers.every()[-1]
    paper = quizzes.start(quiz.number, by=taker, now=at, seed=right)
    questions = papers.questions(paper)
    answers = {
        str(place): [question.right[0] if place <= right else (question.right[0] + 1) % len(question.options)]
        for place, question in enumerate(questions, start=1)
    }
    quizzes.act_on_paper(paper.number, HAND_IN, by=taker, now=at + timedelta(minutes=9), answers=answers)


def _ahead(lines: Mapping[str, int], office: Viewer, now: datetime) -> None:
    """One next week, for leads; who is invited has it on their day."""
    starts = clock.local(now + timedelta(days=6)).replace(hour=10, minute=0, second=0, microsecond=0)
    _arrange(
        lines, office, "年度投诉案例复盘", starts, topic=Topic.COMPANY, place="一楼大会议室", trainer="office1",
        roles=["lead"], people=[_card("emp.tech")], material="CP-21 CP-34",
    )  # fmt: skip


def _need(now: datetime) -> None:
    """A closed case with a mistake asks for somebody's training; the lead assigns the quiz."""
    then = now - timedelta(days=2)
    mistake = sa.select(Case).join(Person, Person.id == Case.responsible_id).where(
        Case.state == State.ARCHIVED, Case.finding == Finding.MISTAKE, Case.department == Person.department,
        Person.role == Role.EMPLOYEE, Case.disposed_at.is_(None),
    )  # fmt: skip
    case = db.session.scalars(mistake.order_by(Case.id.desc()).limit(1)).first()
    if case is None or case.responsible_id is None or case.department is None:
        return
    lead = logins.person_as_viewer(reference.staff().leads_of(case.department)[0])
    with db.write():
        number = retraining.ask(
            case.responsible_id, Topic.STANDARDS, "答复客户的时限与承诺的写法", case, f"/complaints/{case.number}",
            by=lead, now=then,
        )  # fmt: skip
        history.record(case, "case:retraining", by=lead.id, now=then, clause="GO-02", need=number)
    quiz = papers.every()[-1]
    needs.act(number, ASSIGN, by=lead, now=then + timedelta(hours=1), session=None, quiz=quiz, due_at=None)
