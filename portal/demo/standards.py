"""The demo's records of service standards: some weeks of looks by several departments, one corrected, some overdue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from portal.blueprints.phrases.standards import actions, queries, watch
from portal.blueprints.phrases.standards.codes import Verdict
from portal.blueprints.phrases.standards.models import Run
from portal.kernel import accounts, clock, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

SEED = 20_260_315
# chapter, who looks, of whom (empty: a post), the post, how many days ago; the last of each says whether it is overdue.
LOOKS: tuple[tuple[str, str, str, str, tuple[int, ...]], ...] = (
    ("appearance-desk", "lead.admin", "desk1", "前台", (24, 17, 10, 3)),
    ("appearance-visit", "lead.tech", "emp.tech", "", (50, 20)),
    ("discipline", "lead.admin", "", "前台", (30, 16, 2)),
    ("discipline", "lead.tech", "", "技术支持热线", (33, 19)),
    ("settlement", "lead.market", "", "营业厅收银台", (26, 19, 12)),
    ("packing", "feng.xue", "", "营业厅", (9, 2)),
    ("online-orders", "lead.market", "sun.jiayi", "", (22, 15, 8, 1)),
    ("repairs", "lead.tech", "", "维修间", (18, 4)),
    ("video-showing", "sun.jiayi", "", "直播间", (12,)),
    ("seeing-off", "lead.admin", "desk2", "前台", (21,)),
    ("gifts", "lead.admin", "", "", (25,)),
)
# What is found missing now and then: chapter -> place of the item, why.
FOUND = {
    "appearance-desk": (5, "客人走到台前才起身，当场提醒"),
    "appearance-visit": (1, "鞋套忘带，向客户借用"),
    "discipline": (0, "一次私人通话约六分钟，已谈话"),
    "settlement": (1, "高峰时未报收到金额"),
    "packing": (3, "标识贴在箱底"),
    "online-orders": (4, "发货后未附致谢"),
    "repairs": (3, "两张单到期前没有告知进度"),
    "video-showing": (1, "备用设备未充电"),
}
REMARK = "整体较上次有改进。"
WRONG = "缺项记错，复看当日录像后更正"


def load(now: datetime) -> None:
    """Play the looks, oldest first, and put up what is overdue."""
    rng = Random(SEED)  # noqa: S311  # the same demo every time, no secret
    today = clock.local(now).date()
    played = sorted((-ago, look) for look in LOOKS for ago in look[4])
    with db.write():
        made = [_look(look, today + timedelta(days=before), now, rng) for before, look in played]
        _corrected(made, now)
    list(watch.follow(now))


def _look(look: tuple[str, str, str, str, tuple[int, ...]], day: date, now: datetime, rng: Random) -> Run:
    code, user, about, place, _days = look
    by = _viewer(user)
    current = queries.chapter(code)
    found, why = FOUND.get(code, (-1, ""))
    said = []
    for number, (zh, en) in enumerate(queries.items(current.body, now)):
        lacks = number == found and rng.random() < 0.7
        spare = number == len(current.body["items"]) - 1 and rng.random() < 0.3
        verdict = Verdict.NOT_DONE if lacks else Verdict.NOT_APPLICABLE if spare else Verdict.DONE
        said.append((zh, en, verdict, why if lacks else ""))
    return actions.record(
        current, department=by.department, by=by, now=datetime.combine(day, clock.local(now).timetz()), said=said,
        day=day, place=place, person_id=accounts.find(about).id if about else None,
        note=REMARK if rng.random() < 0.2 else "",
    )  # fmt: skip


def _corrected(made: list[Run], now: datetime) -> None:
    """The last record with something missing was wrong."""
    wrong = next((run for run in reversed(made) if run.lacking and run.code == "online-orders"), None)
    if wrong is not None:
        said = [(answer.text, answer.text_en, Verdict.DONE, "") for answer in queries.answers(wrong)]
        actions.correct(wrong, by=_viewer("lead.market"), now=now, said=said, note=WRONG)


def _viewer(user: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(user).id)
