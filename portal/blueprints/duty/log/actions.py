"""What is done with the shift log: an entry is added; nothing of it is ever changed (DR-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.log.queries import searchable
from portal.blueprints.duty.posts.models import Post
from portal.kernel import files, history, inbox, numbers, reference, search
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.files import Checked
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.sent_forms import SaidOtherwise


def heads_of(department: str) -> list[int]:
    """Whom a major problem at a post reaches: the lead of its department and the general office."""
    staff = reference.staff()
    return [*staff.leads_of(department), *staff.with_role(Role.OFFICE)]


def enter(
    post: Post,
    *,
    by: Viewer,
    now: datetime,
    category: Category,
    text: str,
    standing: Standing = Standing.DONE,
    major: bool = False,
    case_number: str = "",
    visit_number: str = "",
    equipment: str = "",
    pictures: Sequence[Checked] = (),
    act: Act = Act.NOTE,
    about_id: int | None = None,
    heard: bool = False,
    idempotency_key: str | None = None,
) -> LogEntry:
    """DR-02: one entry; a major one reaches the head at once. Inside a write. Raises SaidOtherwise for a used key.

    Its pictures come with it: they are kept already, and none is added later. `heard` says that the head hears of it by
    what made the entry.
    """
    said = fields_digest({
        "post": post.code, "category": category, "text": text, "standing": standing, "major": major, "act": act,
        "about": about_id, "case": case_number, "visit": visit_number, "equipment": equipment,
        "pictures": [picture.sha256 for picture in pictures],
    })  # fmt: skip
    number = numbers.take("ZB", now)  # first: two forms of one key queue here
    if (before := _sent_before(by, idempotency_key)) is not None:
        if before.fields_digest != said:
            raise SaidOtherwise
        raise SentBefore(before)
    made = LogEntry(
        number=number, post_id=post.id, act=act, about_id=about_id, category=category, standing=standing, text=text,
        major=major, case_number=case_number, visit_number=visit_number, equipment_code=equipment, at=now, by_id=by.id,
        idempotency_key=idempotency_key, fields_digest=said,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    search.put("log", made.id, None, searchable(made))
    for picture in pictures:
        files.add(made, picture, by.id, now)
    history.record(
        made, f"duty_log:{act}", by=by.id, now=now, clause="DR-02", words={"text": text},
        category=category, standing=standing, major=major or None, post=post.code,
        equipment=equipment or None, pictures=len(pictures) or None,
    )  # fmt: skip
    if major and not heard:
        inbox.tell(
            [i for i in heads_of(post.department) if i != by.id],
            "duty_log:major",
            made,
            now=now,
            address=f"/duty/log/{number}",
            urgent=True,
            clause="DR-02",
        )
    return made


class SentBefore(Exception):
    """This very form was taken before; nothing is written a second time."""

    def __init__(self, made: LogEntry) -> None:
        self.made = made
        super().__init__(made.number)


def _sent_before(by: Viewer, key: str | None) -> LogEntry | None:
    if not key:
        return None
    ours = sa.and_(LogEntry.by_id == by.id, LogEntry.idempotency_key == key)
    return db.session.scalars(sa.select(LogEntry).where(ours)).one_or_none()
