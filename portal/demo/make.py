"""The demo: its people, and a year of cases played by the real verbs, at past moments, by the right persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import actions, queries
from portal.blueprints.complaints.archive import actions as archive
from portal.blueprints.complaints.codes import Category, Urgency
from portal.blueprints.complaints.workflow import CASE
from portal.blueprints.reception.rooms import watch as places
from portal.demo import (
    PASSWORD,
    assessment,
    calls,
    customers_cards,
    daily,
    duty,
    emergencies,
    equipment,
    figures,
    handbook,
    improvements,
    intake,
    keeping,
    kiosk,
    leave,
    meals,
    orders,
    parcels,
    penalties,
    phrases,
    questions,
    registers,
    return_visits,
    rooms,
    spot_checks,
    standards,
    supplies,
    taboos,
    training,
    visits,
)
from portal.demo.cast import Act, Cast, Plot
from portal.demo.stories import complaint, inquiry, suggestion
from portal.demo.words import (
    COMPLAINTS,
    CUSTOMERS,
    INQUIRIES,
    PEOPLE,
    SEATS,
    SUGGESTIONS,
    ComplaintWords,
    InquiryWords,
    SuggestionWords,
)
from portal.kernel import (
    accounts,
    clock,
    company_calendar,
    history,
    reference,
    routing,
    sessions,
    timers,
    transitions,
)
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.people import Holder, Person, Viewer

SEED = 20_260_101
YEAR = timedelta(days=365)
SINCE = YEAR + timedelta(days=10)  # the term of the first few cases is over: they wait for disposal (CP-20)
UNREAD = 180  # working minutes: nobody's inbox begins with a year of messages
MOST_UNREAD = 12  # an inbox that a person would still read
REPEATED_INQUIRIES = 26  # some questions are asked again and again
Words = ComplaintWords | InquiryWords | SuggestionWords

# What is going on now: the complaint by a piece of its content, and how far it has come. Ages are working minutes.
NOW: tuple[tuple[str, Plot], ...] = (
    ("手机上看排产计划", Plot("register", age=12)),
    ("对讲机按下说话键", Plot("register", frozenset({"no_read_back"}), age=25)),
    ("小区里你们的地推人员", Plot("register", age=40)),
    ("送货车倒车碰歪", Plot("register", age=300)),
    ("抽奖页面说百分之百", Plot("register", age=90, taken_by="emp.tech")),
    ("蛋糕店门口", Plot("route", age=9)),
    ("软件授权按人数卖", Plot("route", age=18)),
    ("总经办谢老师", Plot("route", age=26)),
    ("大楼中央空调", Plot("route", age=130)),
    ("看板投到电视上", Plot("route", age=22)),
    ("投影仪开机二十分钟", Plot("accept", age=8)),
    ("软件升级没有提前打招呼", Plot("accept", slow=("accept", 150), age=30)),
    ("施工师傅在公共走廊抽烟", Plot("accept", age=14)),
    ("我是园区里的一名租户", Plot("accept", frozenset({"confidential"}), age=200)),
    ("地磅的摄像头", Plot("contact", age=60)),
    ("订的十份商务午餐", Plot("contact", age=45)),
    ("老客户扩容五个账号", Plot("contact", age=75, taken_by="lead.market")),
    ("考勤机人脸识别", Plot("promise", frozenset({"promise"}), age=50)),
    ("会员签到机每天零点", Plot("promise", frozenset({"promise"}), age=600)),
    ("三号产线的采集网关", Plot("escalate", frozenset({"major_escalated"}), age=70)),
    ("押金说好设备退还", Plot("escalate", frozenset({"escalated"}), age=500)),
    ("展会当天展台的互动屏", Plot("escalate", frozenset({"escalated"}), age=160)),
    ("实训中心的机床联网", Plot("escalate", frozenset({"assisted", "no_cooperation"}), age=90)),
    ("仓储软件的库存数", Plot("assist", frozenset({"assisted"}), age=120)),
    ("冷库温度采集器", Plot("propose", age=35)),
    ("培训老师讲得太快", Plot("propose", age=80)),
    ("楼道保洁每天上午", Plot("propose", age=110)),
    ("上门检测没修", Plot("propose", age=55)),
    ("电话里工程师说", Plot("return", frozenset({"returned"}), age=65)),
    ("进销存软件里的客户名称", Plot("return", frozenset({"returned"}), age=40)),
    ("财务接口导出的凭证", Plot("approve", age=150)),
    ("巡更点位贴错", Plot("approve", slow=("approve", 1300), age=20)),
    ("发票金额比付款少", Plot("extend?", frozenset({"extended"}), age=15)),
    ("监控录像回放跳秒", Plot("pause", frozenset({"paused"}), age=240)),
    ("办公室搬到九楼后", Plot("pause", frozenset({"paused", "unfounded"}), age=700)),
    ("名字比较长", Plot("resolve", age=30)),
    ("促销价签上写每台", Plot("resolve", age=45)),
    ("地推人员未经同意", Plot("resolve", age=20)),
    ("会议室的屏幕一点", Plot("report", age=40)),
    ("收款证明", Plot("report", age=25)),
    ("扫码枪在强光下", Plot("report", age=55)),
    ("报价单有效期到月底", Plot("follow-up", frozenset({"no_answer"}), age=35)),
    ("预约超过时间不释放", Plot("follow-up", frozenset({"reopened"}), age=25)),
    ("标签打印机打出来", Plot("reopen", frozenset({"reopened"}), age=60)),
    ("年费续费页面显示", Plot("reopen", frozenset({"reopened"}), age=100)),
    ("导入测绘点数据", Plot("confirm", age=80)),
    ("访客机打印的临时", Plot("file", age=50)),
    ("手机程序不会添加临时密码", Plot("reporter?", frozenset({"reporter"}), age=45)),
    ("手持终端的电池", Plot("not-upheld", not_upheld=0, age=90)),
    ("等到十点四十", Plot("not-upheld?", not_upheld=3, age=35)),
    ("社区团购你们的净水", Plot("withdraw", frozenset({"withdrawn"}), age=180)),
    ("施工把隔壁店的卷帘门", Plot("accept", age=5)),
    ("童锁失灵", Plot("on-site", age=40)),
)
# Finished cases that must take a certain turn; the others draw one below.
THEN: dict[str, Plot] = {
    "考勤软件月底导出": Plot(not_upheld=1),
    "有人提问": Plot(twists=frozenset({"own_record"})),
    "我要了三次": Plot(),
    "门禁闸机经常夹人": Plot(twists=frozenset({"major_escalated"})),
    "独家代理": Plot(twists=frozenset({"major_escalated", "longer_contact"})),
    "车间的称重终端": Plot(twists=frozenset({"reopened"})),
    "两名工程师在我们食堂争吵": Plot(twists=frozenset({"reopened"})),
    "维修单上写换主板": Plot(twists=frozenset({"overruled"})),
    "仪表校验软件": Plot(twists=frozenset({"assisted"})),
}
TURNS = (
    *[frozenset[str]()] * 16,
    frozenset({"returned"}),
    frozenset({"returned", "promise"}),
    frozenset({"promise"}),
    frozenset({"promise"}),
    frozenset({"no_answer"}),
    frozenset({"not_reached"}),
    frozenset({"paused"}),
    frozenset({"extended"}),
    frozenset({"extension_refused"}),
    frozenset({"escalated"}),
    frozenset({"withdrawn"}),
    frozenset({"handed_back"}),
    frozenset({"reporter"}),
    frozenset({"no_read_back"}),
)
SLOW = (*[("", 0)] * 9, ("accept", 90), ("resolve", 700), ("follow-up", 500))


@dataclass(frozen=True)
class Cue:
    """One act with its moment, and the story it belongs to."""

    at: datetime
    story: int
    act: Act


def load() -> str:
    """Add the demo's people and their cases, if nobody is there yet; what was done, in one line.

    The cases are one write: whoever is interrupted leaves nothing behind and may simply start again.
    """
    if db.session.scalar(sa.select(sa.func.count()).select_from(Person)):
        return "there are people already; nothing was added"
    now, hashed = clock.now(), sessions.hash_password(PASSWORD)
    try:
        with db.write():
            _add_people(hashed, now - SINCE)
            numbers = _play(_schedule(Random(SEED), now))  # noqa: S311 -- the same demo every time, no secret
            _sweep(now)
            intake.add(now)
    except BaseException:
        reference.forget()
        raise
    _add_parts(now)
    with db.write():
        _settle(now)
    return f"{len(PEOPLE)} people and {len(numbers)} cases were added; the password is {PASSWORD}"


def _add_parts(now: datetime) -> None:
    """What the other parts of complaint handling show; each is a write of its own, after the cases stand."""
    calendar = company_calendar.current()
    last = _last_working_moment(calendar, now)
    orders.load(now, lambda minutes: _earlier(calendar, last, minutes))
    improvements.load(now)
    penalties.add(now)
    spot_checks.load(now)
    return_visits.load(now)
    customers_cards.load(now)
    visits.load(now)
    meals.load(now)
    kiosk.load(now)
    keeping.load(now, lambda minutes: _earlier(calendar, last, minutes))
    questions.load(lambda minutes: _earlier(calendar, last, minutes))
    taboos.load(lambda minutes: _earlier(calendar, last, minutes))
    parcels.load(lambda minutes: _earlier(calendar, last, minutes))
    rooms.load(now)
    duty.load(now, equipment.earlier)
    equipment.load(now)
    emergencies.load(now)
    leave.load(now)
    daily.load(now)
    calls.load(now)
    standards.load(now)
    assessment.load(now, lambda minutes: _earlier(calendar, last, minutes))
    with db.write():
        _sweep(now)
    figures.load(now)
    training.load(now)
    supplies.load(now, lambda minutes: _earlier(calendar, last, minutes))
    registers.load(now)
    phrases.load(now)
    handbook.load(now)
    list(archive.remind(last))  # a pass of the sweep is done as its lines are read
    list(places.sweep(now))


def _add_people(hashed: str, then: datetime) -> None:
    """Accounts and seats. Mail addresses come last, see `_settle`."""
    for who in PEOPLE:
        accounts.create(
            who.username,
            name=who.name,
            role=who.role,
            department=who.department,
            hashed=hashed,
            by=None,
            now=then,
            must_change=False,
            rank=who.rank,
            name_en=who.english,
            pinyin=f"{who.pinyin} {who.initials}",
            phone=who.extension,
        )
    for seat in SEATS:
        holder, deputy = accounts.find(seat.holder), accounts.find(seat.deputy)
        db.session.add(
            Holder(
                position=seat.position, department=seat.department, person_id=holder.id, deputy_id=deputy.id
            )
        )
    reference.changed()


# -- the schedule ------------------------------------------------------------------------------------------------------


def _schedule(rng: Random, now: datetime) -> list[Cue]:
    """Every act of every story with its moment, in order."""
    calendar = company_calendar.current()
    routed = {category.value: routing.proposed(category) for category in Category}
    cast = Cast(reference.staff(), calendar, rng, routed)
    anchor = _last_working_moment(calendar, now)
    stories: list[tuple[datetime, list[Act]]] = []
    for words, plot in _current():
        acts = _acts(words, plot, cast)
        stories.append((_earlier(calendar, anchor, plot.age + sum(act.after for act in acts)), acts))
    stories += _finished(cast, now - SINCE, _earlier(calendar, anchor, 60 * 8 * 9))
    cues = [cue for n, (start, acts) in enumerate(stories) for cue in _timed(calendar, n, start, acts)]
    return sorted(cues, key=lambda cue: (cue.at, cue.story))


def _acts(words: Words, plot: Plot, cast: Cast) -> list[Act]:
    match words:
        case ComplaintWords():
            return complaint(words, plot, cast)
        case InquiryWords():
            return inquiry(words, plot, cast)
        case SuggestionWords():
            return suggestion(words, plot, cast)


def _timed(calendar: Calendar, story: int, start: datetime, acts: list[Act]) -> Iterator[Cue]:
    at = start
    for act in acts:
        at = calendar.add(at, timedelta(minutes=act.after))
        yield Cue(at, story, act)


def _about(piece: str) -> ComplaintWords:
    return next(words for words in COMPLAINTS if piece in words.content)


def _current() -> Iterator[tuple[Words, Plot]]:
    for piece, plot in NOW:
        yield _about(piece), plot
    yield INQUIRIES[0], Plot("register", age=35)
    yield INQUIRIES[1], Plot("register", age=420)
    yield INQUIRIES[5], Plot("accept", frozenset({"routed"}), age=50)
    yield INQUIRIES[8], Plot("report", age=28)
    yield SUGGESTIONS[0], Plot("register", age=65)
    yield SUGGESTIONS[4], Plot("contact", age=110)
    yield SUGGESTIONS[9], Plot("adopt", age=260)
    yield SUGGESTIONS[13], Plot("resolve", age=33)


def _finished(cast: Cast, first: datetime, last: datetime) -> list[tuple[datetime, list[Act]]]:
    """What was done and put away, spread evenly over the working time from `first` to `last`."""
    rng = cast.rng
    taken = [words for words, _ in _current()]
    every: tuple[Words, ...] = (*COMPLAINTS, *INQUIRIES, *SUGGESTIONS)
    told = [words for words in every if words not in taken]
    told += _asked_again(rng)
    rng.shuffle(told)
    apart = cast.calendar.working_between(first, last) / len(told)
    stories = []
    for n, words in enumerate(told):
        start = cast.calendar.add(first, apart * (n + rng.random())).replace(microsecond=0)
        stories.append((start, _acts(words, _turn(words, rng), cast)))
    return stories


def _asked_again(rng: Random) -> list[InquiryWords]:
    """The same questions from other customers; those in English were about one customer's own matter."""
    asked = [words for words in INQUIRIES if not words.customer.name.isascii()]
    others = [customer for customer in CUSTOMERS if not customer.name.isascii()]
    return [
        replace(rng.choice(asked), customer=customer)
        for customer in rng.sample(others, k=min(REPEATED_INQUIRIES, len(others)))
    ]


def _turn(words: Words, rng: Random) -> Plot:
    if isinstance(words, SuggestionWords):
        return Plot()
    if isinstance(words, InquiryWords):
        return Plot(twists=frozenset({"routed"} if rng.random() < 0.3 else ()))
    for piece, plot in THEN.items():
        if piece in words.content:
            return plot
    plain = words.customer is None or words.urgency is Urgency.URGENT
    return Plot() if plain else Plot(twists=rng.choice(TURNS), slow=rng.choice(SLOW))


def _last_working_moment(calendar: Calendar, now: datetime) -> datetime:
    """`now` in working time, else the last closing time."""
    return now if calendar.is_open(now) else _earlier(calendar, now, 0)


def _earlier(calendar: Calendar, at: datetime, minutes: int) -> datetime:
    """The moment from which `minutes` of working time lead to `at`, or to the last closing time before it."""
    left, day = timedelta(minutes=minutes), calendar.day_of(at)
    while True:
        for opens, closes in reversed(calendar.spans(day)):
            zone = calendar.timezone
            begins = datetime.combine(day, opens, zone)
            ends = min(datetime.combine(day, closes, zone), at.astimezone(zone))
            if begins >= ends:
                continue
            if left <= ends - begins:
                return ends - left
            left -= ends - begins
        day -= timedelta(days=1)


# -- the play ----------------------------------------------------------------------------------------------------------


def _play(cues: Iterable[Cue]) -> dict[int, str]:
    """Perform every act at its moment, with a sweep before each half a day. Numbers by story."""
    numbers: dict[int, str] = {}
    viewers: dict[str, Viewer] = {}
    for _, some in groupby(cues, key=lambda cue: _half_day(cue.at)):
        acts = list(some)
        _sweep(acts[0].at)
        for cue in acts:
            if cue.act.who not in viewers:
                viewers[cue.act.who] = sessions.person_as_viewer(accounts.find(cue.act.who).id)
            _perform(cue, viewers[cue.act.who], numbers)
    return numbers


def _sweep(now: datetime) -> None:
    """What the worker would have done by then."""
    history.close_books(db.session())
    timers.sweep_within(now)


def _half_day(at: datetime) -> tuple[str, bool]:
    here = clock.local(at)
    return here.date().isoformat(), here.hour >= 13


def _perform(cue: Cue, by: Viewer, numbers: dict[int, str]) -> None:
    given: dict[str, Any] = {
        name: value(cue.at) if callable(value) else value for name, value in cue.act.given.items()
    }
    if cue.act.verb == "register":
        numbers[cue.story] = actions.register(by=by, now=cue.at, live=False, **given).number
        return
    # What `actions.act` does, but all in one write.
    verb, case = cue.act.verb, queries.find(by, numbers[cue.story], lock=True)
    prepared = actions.prepared(case, verb, by, cue.at, given)
    transitions.perform(CASE, case, verb, actions.ACTIONS[verb], by=by, now=cue.at, **prepared)


def _settle(now: datetime) -> None:
    """Old messages count as read; only now do people have mail addresses, so the past sends no mail."""
    calendar = company_calendar.current()
    since = _earlier(calendar, _last_working_moment(calendar, now), UNREAD)
    old = sa.update(Notice).where(Notice.at < since, Notice.read_at.is_(None))
    db.session.execute(old.values(read_at=Notice.at))
    for who in PEOPLE:
        person = accounts.find(who.username)
        person.email = who.email
        newest = sa.select(Notice.id).where(Notice.person_id == person.id).order_by(Notice.id.desc())
        seen = sa.update(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None))
        db.session.execute(seen.where(Notice.id.not_in(newest.limit(MOST_UNREAD))).values(read_at=Notice.at))
    reference.changed()
