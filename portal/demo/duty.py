"""The demo's duty: two posts, a published roster around today, its shift log, and the handovers of the last two days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from portal.blueprints.duty.handover import actions, queries, rules, who
from portal.blueprints.duty.handover.codes import Ground
from portal.blueprints.duty.handover.models import Handover, PostItem
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.handover.workflow import CONSENT, COUNT, EXPLAIN, REFUSE, SIGN
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.duty.posts import rules as times
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import accounts, clock, numbers, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

BACK, AHEAD = 3, 10  # days of the roster around today
PLAYED = timedelta(days=2)
KINDS = (("early", "早班", "Early", "早", "07:00", "15:00"), ("late", "晚班", "Late", "晚", "15:00", "23:00"),
         ("night", "夜班", "Night", "夜", "23:00", "07:00"))  # fmt: skip
DESK, GUARDS = ("desk1", "desk2"), ("dong.hai", "shi.lan", "he.min", "tang.yue")
ITEMS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "front-desk": (("电话机", "Phone", 2), ("电脑", "Computer", 2), ("饮水机", "Water dispenser", 1)),
    "guard": (("对讲机", "Walkie-talkie", 3), ("电话机", "Phone", 1), ("强光手电", "Torch", 2)),
}
WRITTEN: tuple[tuple[Category, str], ...] = (
    (Category.ROUTINE, "交接后巡视大厅，灯光、门禁和消防通道正常。"),
    (Category.VISITOR, "上午来访集中，临时增加一名引导人员。"),
    (Category.EQUIPMENT, "大厅打印机已更换硒鼓，试打正常。"),
    (Category.ROUTINE, "夜间巡更两次，各楼层门窗已关闭。"),
    (Category.VISITOR, "外卖和快递统一放在货架，已提醒收件人。"),
)
FAULT = "东侧闸机刷卡偶尔无反应，已贴提示并报修。"
PROMISED = "厂家明天上午到场，夜间改走西侧闸机。"


def load(now: datetime, before: Callable[[datetime], None]) -> None:
    """Posts, kinds, roster and ledger, then the changes of the last two days as they were signed.

    `before` plays what the log tells of earlier days.
    """
    office = sessions.person_as_viewer(accounts.find("office1").id)
    with db.write():
        posts = _plan(now, office)
        before(now)
        for place, (outgoing, incoming) in enumerate(_changes(now)):
            _hand_over(posts[outgoing.post_id], outgoing, incoming, place)
    for _line in actions.open_due(now):
        pass


def _plan(now: datetime, office: Viewer) -> dict[int, Post]:
    desk = Post(
        code="front-desk", name="前台", name_en="Front desk", department="admin", phone="8001", order=1
    )
    guard = Post(code="guard", name="门卫", name_en="Guard", department="admin", phone="8110", order=2)
    guard.around_the_clock = True
    kinds = [
        ShiftKind(
            code=code, name=name, name_en=english, letter=letter, starts=starts, ends=ends, break_minutes=30, order=place
        )
        for place, (code, name, english, letter, starts, ends) in enumerate(KINDS)
    ]  # fmt: skip
    today = clock.local(now).date()
    first, last, then = (
        today - timedelta(days=BACK),
        today + timedelta(days=AHEAD),
        now - timedelta(days=BACK + 7),
    )
    roster = Roster(
        number=numbers.take("PB", then), starts_on=first, ends_on=last, state=State.PUBLISHED, state_since=then,
        created_at=then, created_by_id=office.id, published_at=then, published_by_id=office.id,
    )  # fmt: skip
    db.session.add_all([desk, guard, *kinds, roster])
    db.session.flush()
    for post in (desk, guard):
        db.session.add_all(
            PostItem(post_id=post.id, name=name, name_en=english, quantity=quantity)
            for name, english, quantity in ITEMS[post.code]
        )
    for day in (first + timedelta(days=past) for past in range((last - first).days + 1)):
        for post, place, username in _seats(desk, guard, day):
            begins, ends = times.span(day, kinds[place].starts, kinds[place].ends, clock.zone())
            person = accounts.find(username).id
            db.session.add(
                Shift(
                    roster_id=roster.id, post_id=post.id, kind_id=kinds[place].id, day=day, starts_at=begins,
                    ends_at=ends, person_id=person,
                )
            )  # fmt: skip
    db.session.flush()
    return {desk.id: desk, guard.id: guard}


def _seats(desk: Post, guard: Post, day: date) -> Iterator[tuple[Post, int, str]]:
    """The desk from Monday to Friday, early and late by weeks; the guards early, late, night, and a day off."""
    if day.isoweekday() <= 5:
        week = day.isocalendar().week
        for place in (0, 1):
            yield desk, place, DESK[(week + place) % 2]
    for place, username in enumerate(GUARDS):
        turn = (day.toordinal() + place) % len(GUARDS)
        if turn < len(KINDS):
            yield guard, turn, username


def _changes(now: datetime) -> list[tuple[Seats, Seats]]:
    shifts = who.planned(now - PLAYED, now + timedelta(days=1))
    over = [seats for seats in shifts if seats.ends_at <= now - timedelta(minutes=30)]
    return [(seats, relief) for seats in over if (relief := rules.relief_of(seats, shifts))]


def _hand_over(post: Post, outgoing: Seats, incoming: Seats, place: int) -> None:
    """One change as it usually goes; the first was refused for a missing thing, the second passes a fault on."""
    leaves, comes = (sessions.person_as_viewer(seats.people[0]) for seats in (outgoing, incoming))
    category, text = WRITTEN[place % len(WRITTEN)]
    log.enter(post, by=leaves, now=outgoing.starts_at + timedelta(minutes=70), category=category, text=text)

    def at(minutes: int) -> datetime:
        return outgoing.ends_at + timedelta(minutes=minutes)

    if place == 1:
        log.enter(post, by=leaves, now=at(-90), category=Category.FAULT, standing=Standing.OPEN, text=FAULT)
    handover = actions.open_one(outgoing, incoming, at(-15))
    if handover is None:
        return
    if place == 1:
        lead = sessions.person_as_viewer(accounts.find("lead.admin").id)
        actions.perform(handover, CONSENT, by=lead, now=at(-12), note=PROMISED)
    items = {item.id: item.quantity for item in queries.items_of(post.id)}
    if place == 0:
        missing = min(items)
        _count(handover, comes, at(-8), items | {missing: items[missing] - 1})
        actions.perform(
            handover, REFUSE, by=comes, now=at(-6), ground=Ground.MISSING_PROPERTY, note="少一部，柜内和台面均未找到"
        )  # fmt: skip
        actions.perform(
            handover, EXPLAIN, by=leaves, now=at(-4), explanations={missing: "借给会议室使用，已取回"}
        )
    _count(handover, comes, at(-3), items)
    actions.perform(handover, SIGN, by=leaves, now=at(-2))
    actions.perform(handover, SIGN, by=comes, now=at(-1))


def _count(handover: Handover, by: Viewer, at: datetime, found: dict[int, int]) -> None:
    lines = queries.carried(handover, at).numbers
    actions.perform(handover, COUNT, by=by, now=at, found=found, read=True, line=lines)
