"""The demo's phrases: half a year of use by the desk and the departments, favourites, two proposals of employees."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.library import actions, queries
from portal.blueprints.phrases.library.models import PhraseUse
from portal.kernel import accounts, clock, documents, sessions
from portal.kernel.db import db
from portal.kernel.documents.workflow import APPROVE, SUBMIT
from portal.kernel.people import Viewer

SEED = 20_260_406
USERS = ("desk1", "desk1", "desk2", "desk2", "emp.tech", "emp.impl", "lead.tech", "emp.admin")
SINCE = 210  # days
# Nobody has needed these: they are proposed for removal on the page of figures.
UNUSED = ("address-11", "greeting-14", "invite-16", "thanks-14", "offer-19", "farewell-18")
KEPT = {
    "desk1": ("apology-01", "wait-09", "greeting-01", "confirm-01"),
    "emp.tech": ("explanation-02", "offer-08"),
}
APPROVED: dict[str, Any] = {
    "moment": "offer",
    "zh": "会议室的投影我先替您试一遍，开场前十分钟我再来看一次。",
    "en": "Let me try the projector for you now; I will look again ten minutes before you begin.",
    "channels": ["onsite"], "categories": [], "stages": ["arrived", "meeting"], "types": [],
}  # fmt: skip
WAITING: dict[str, Any] = {
    "moment": "explanation",
    "zh": "您的停车时间按离场时的车牌记录计算，来访登记过的前两小时免费。",
    "en": "Parking is counted by the plate when you leave; with a registered visit the first two hours are free.",
    "channels": ["onsite", "phone"], "categories": ["price"], "stages": [], "types": [],
}  # fmt: skip


def load(now: datetime) -> None:
    """Uses, favourites and proposals, each at its moment."""
    _use(now)
    _propose(
        "offer-9f2c41d7", APPROVED, "会议前常被问到", "emp.admin", now - timedelta(days=3), approved=True
    )
    _propose("explanation-5b80e6aa", WAITING, "前台每天都要解释几遍", "desk2", now - timedelta(hours=3))


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _use(now: datetime) -> None:
    random = Random(SEED)  # noqa: S311  # a game, no secret
    ids = {username: accounts.find(username).id for username in {*USERS, *KEPT}}
    rows: dict[tuple[int, int, Any], dict[str, Any]] = {}
    for found in documents.in_force(queries.KIND):
        often = 0 if found.code in UNUSED else random.choice((2, 3, 3, 4, 6, 9))
        for _ in range(often):
            ago = timedelta(days=int(SINCE * random.random() ** 2), minutes=random.randrange(480))
            at, who = now - ago, ids[random.choice(USERS)]
            day = clock.local(at).date()
            row = rows.setdefault(
                (who, found.document_id, day),
                {"person_id": who, "document_id": found.document_id, "day": day, "times": 0, "last_at": at},
            )
            row["times"] += random.randrange(1, 4)
    with db.write():
        db.session.execute(sa.insert(PhraseUse), list(rows.values()))
        for username, codes in KEPT.items():
            for code in codes:
                if found_ := documents.find(queries.KIND, code):
                    actions.keep(found_.document_id, True, by=_viewer(username), now=now)


def _propose(
    code: str, body: dict[str, Any], reason: str, who: str, at: datetime, *, approved: bool = False
) -> None:
    by = _viewer(who)
    with db.write():
        version_id = documents.propose(queries.KIND, code, body, reason=reason, by=by, now=at).id
    documents.act(version_id, SUBMIT, by=by, now=at + timedelta(minutes=5))
    if approved:
        today = clock.local(clock.now()).date()
        then = at + timedelta(hours=20)
        documents.act(version_id, APPROVE, by=_viewer("office1"), now=then, in_force_from=today)
