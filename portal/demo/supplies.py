"""The demo's supplies: some weeks of stock, a thing that runs low, and purchase requests at every stage (RC-15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import actions, queries
from portal.kernel import accounts, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

# Working days ago, who, verb, supply, fields; in the order in which it happened.
STOCK: tuple[tuple[int, str, str, str, dict[str, Any]], ...] = (
    (40, "he.min", "count", "ashtray", {"counted": 12, "note": "首次盘点建账"}),
    (40, "he.min", "count", "cups", {"counted": 320, "note": "首次盘点建账"}),
    (40, "he.min", "count", "water", {"counted": 60, "note": "首次盘点建账"}),
    (40, "he.min", "count", "notepaper", {"counted": 25, "note": "首次盘点建账"}),
    (40, "he.min", "count", "pencils", {"counted": 48, "note": "首次盘点建账"}),
    (40, "he.min", "count", "coffee", {"counted": 90, "note": "首次盘点建账"}),
    (40, "he.min", "count", "green-tea", {"counted": 80, "note": "首次盘点建账"}),
    (40, "he.min", "count", "black-tea", {"counted": 45, "note": "首次盘点建账"}),
    (40, "he.min", "count", "tea-set", {"counted": 4, "note": "首次盘点建账"}),
    (34, "desk1", "use", "cups", {"amount": 30, "note": "供应商座谈会"}),
    (34, "desk1", "use", "water", {"amount": 16, "note": "供应商座谈会"}),
    (27, "desk2", "use", "coffee", {"amount": 24, "note": "项目专家组，两天"}),
    (27, "desk2", "use", "notepaper", {"amount": 9}),
    (21, "desk1", "write-off", "tea-set", {"amount": 1, "note": "大会议室茶壶碰碎"}),
    (15, "desk2", "use", "green-tea", {"amount": 22}),
    (12, "he.min", "count", "pencils", {"counted": 45, "note": "少 3 支，客人带走"}),
    (6, "desk1", "use", "coffee", {"amount": 38, "note": "来宾参观，三批"}),
    (3, "desk2", "use", "water", {"amount": 26}),
    (2, "desk1", "use", "cups", {"amount": 18}),
    (1, "desk1", "use", "notepaper", {"amount": 8}),
    (1, "desk2", "use", "coffee", {"amount": 2}),
)
# Working days ago, who asks, what for, lines by code, then (days ago, who, verb, fields).
Acts = tuple[tuple[int, str, str, dict[str, Any]], ...]
PURCHASES: tuple[tuple[int, str, str, dict[str, int], Acts], ...] = (
    (
        30,
        "desk1",
        "季度会议较多，提前备足",
        {"cups": 200, "black-tea": 20},
        (
            (29, "lead.admin", "approve", {"note": "同意"}),
            (26, "dong.hai", "buy", {"supplier": "晨光文具批发部"}),
            (24, "desk2", "receive", {"came": {"cups": 200, "black-tea": 20}}),
        ),
    ),
    (
        18,
        "he.min",
        "会客室想添一套咖啡杯",
        {"tea-set": 6},
        ((17, "office1", "decline", {"note": "现有茶具够用，年底统一采购"}),),
    ),
    (
        5,
        "desk2",
        "饮用水下周不够",
        {"water": 48, "coffee": 60},
        (
            (4, "lead.admin", "approve", {}),
            (2, "dong.hai", "buy", {"supplier": "城东便民超市"}),
            (0, "desk1", "receive", {"came": {"water": 24}, "note": "咖啡缺货，下次送"}),
        ),
    ),
    (0, "desk1", "便签纸只剩几本", {"notepaper": 12}, ()),
)
DAY = 480  # working minutes
Ago = Callable[[int], datetime]
# What the newest visits that take place used.
SERVED = (("cups", 4), ("green-tea", 4), ("water", 2))


def load(now: datetime, ago: Ago) -> None:
    """Play the stock, then the purchases; `ago` tells the moment so many working minutes before now."""
    for days, who, verb, code, given in STOCK:
        actions.STOCK[verb](code, by=_viewer(who), now=ago(days * DAY + 70), **given)
    for plot in PURCHASES:
        _buy(ago, *plot)
    shown = sa.select(Visit).where(Visit.state.in_({State.MEETING, State.LEFT})).order_by(Visit.id.desc())
    for visit in db.session.scalars(shown.limit(3)).all():
        for code, amount in SERVED:
            actions.use(code, by=_viewer("desk1"), now=now, amount=amount, visit=visit)


def _buy(ago: Ago, since: int, who: str, reason: str, wanted: dict[str, int], acts: Acts) -> None:
    lines = {queries.find(code).id: (amount, "") for code, amount in wanted.items()}
    number = actions.ask(lines, by=_viewer(who), now=ago(since * DAY + 50), reason=reason).number
    for days, by, verb, given in acts:
        viewer, fields = _viewer(by), dict(given)
        if verb == "receive":
            rows = queries.lines_of(queries.find_purchase(viewer, number))
            fields["came"] = {line.id: given["came"].get(supply.code, 0) for line, supply in rows}
        actions.act(number, verb, by=viewer, now=ago(days * DAY + 30), **fields)


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)
