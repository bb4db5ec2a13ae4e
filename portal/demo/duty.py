"""The demo's duty: what the posts hold, the shift log, and the handovers of the last two days by the roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.blueprints.duty.handover import actions, queries, rules, who
from portal.blueprints.duty.handover.codes import Ground
from portal.blueprints.duty.handover.models import Handover, PostItem
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.handover.workflow import CONSENT, COUNT, EXPLAIN, REFUSE, SIGN
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.duty.posts.models import Post
from portal.demo import rosters
from portal.kernel import accounts, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

PLAYED = timedelta(days=2)
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
    posts = rosters.plan(now, office)
    for post in posts.values():
        db.session.add_all(
            PostItem(post_id=post.id, name=name, name_en=english, quantity=quantity)
            for name, english, quantity in ITEMS[post.code]
        )
    return posts


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
    # In one moment: what falls due between the reading and a signature would have to be read first (DR-09).
    _count(handover, comes, at(-1), items)
    for side in (leaves, comes):
        actions.perform(handover, SIGN, by=side, now=at(-1))


def _count(handover: Handover, by: Viewer, at: datetime, found: dict[int, int]) -> None:
    lines = queries.carried(handover, at).numbers
    actions.perform(handover, COUNT, by=by, now=at, found=found, read=True, line=lines)
