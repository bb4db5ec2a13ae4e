"""What is done with checklists: the office writes its lists, who is on duty signs, a record is corrected by another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.checklists import queries, watch
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Answer, Checklist, ListVersion, Paper
from portal.blueprints.duty.checklists.rules import Due
from portal.blueprints.duty.checklists.shipped import Item
from portal.blueprints.duty.checklists.workflow import CHECKLIST, CORRECT, SIGN
from portal.blueprints.duty.posts.models import Post
from portal.kernel import handing, history, numbers, sent_forms
from portal.kernel.db import db
from portal.kernel.handing import Open
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.workflow import Attempt, Refused

Said = tuple[Item, bool, str]  # a thing, whether it was found so, why not


def edit(
    post: Post, moment: Moment, items: Sequence[Item], *, reason: str, by: Viewer, now: datetime, seen: int
) -> ListVersion:
    """GO-01: another version of what is looked at; the ones before stay. Inside a write.

    `seen` is the version that the form was drawn with; the database refuses a second one of the same number.
    """
    made = ListVersion(
        post_id=post.id, moment=moment, version=seen + 1, items=json.dumps(items, ensure_ascii=False), reason=reason,
        by_id=by.id, at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    history.record(
        made, "checklist_list:edit", by=by.id, now=now, clause="GO-01", post=post.code, moment=moment,
        version=made.version, items=len(items), words={"reason": reason},
    )  # fmt: skip
    return made


def sign(
    shift_id: int, moment: Moment, *, by: Viewer, now: datetime, said: Sequence[Said], stays: Mapping[str, str],
    note: str = "", sent: Sent | None = None,
) -> Checklist:  # fmt: skip
    """DR-03, DR-14, DR-20: sign a checklist of the running shift. Inside a write.

    Raises NotFound for one that is not due to this person, Refused for papers that stay without a reason; of two who
    sign the same one, the database refuses the second.
    """
    due = queries.due(by.id, shift_id, moment, now)
    if due is None:
        raise NotFound
    post = _queue_at(due.seats.post_id)
    sent_forms.insist_fresh(by, sent)
    unfiled = _unfiled(due, post, now)
    step = CHECKLIST.step(due, SIGN, by)
    _insist(step, due, by, now, unfiled=[line.number for line in unfiled], stays=stays)
    return _record(
        post, due.moment, shift_id, by=by, now=now, said=said, unfiled=unfiled, stays=stays, note=note, sent=sent
    )  # fmt: skip


def correct(
    before: Checklist, *, by: Viewer, now: datetime, said: Sequence[Said], stays: Mapping[str, str], note: str,
    sent: Sent | None = None,
) -> Checklist:  # fmt: skip
    """DR-03: a record that was wrong is followed by another, and stays. Inside a write; raises Forbidden, Refused."""
    post = _queue_at(before.post_id)
    sent_forms.insist_fresh(by, sent)
    told = queries.record(before)
    step = CHECKLIST.step(before, CORRECT, by)
    papers = [Open("unfiled", paper.number, paper.address, "", None) for paper in told.papers]
    kept = {paper.number: paper.why for paper in told.papers} | dict(stays)
    _insist(
        step, before, by, now, later=told.others.get("later"), unfiled=[paper.number for paper in papers], stays=kept
    )  # fmt: skip
    return _record(
        post, before.moment, before.shift_id, by=by, now=now, said=said, unfiled=papers, stays=kept, note=note,
        sent=sent, corrects=before,
    )  # fmt: skip


def _insist(step: Any, subject: Any, by: Viewer, now: datetime, **given: Any) -> None:
    if reasons := CHECKLIST.against(step, Attempt(subject, by, now, given)):
        raise Refused(reasons)


def _queue_at(post_id: int) -> Post:
    """The post is where two who sign the same checklist at once queue."""
    return db.session.scalars(sa.select(Post).where(Post.id == post_id).with_for_update()).one()


def _unfiled(due: Due, post: Post, now: datetime) -> list[Open]:
    return handing.unfiled_at(post.department, now) if due.moment is Moment.END else []


def _record(
    post: Post, moment: Moment, shift_id: int, *, by: Viewer, now: datetime, said: Sequence[Said],
    unfiled: Sequence[Open], stays: Mapping[str, str], note: str, sent: Sent | None, corrects: Checklist | None = None,
) -> Checklist:  # fmt: skip
    key = (post.id, moment)
    version = corrects.list_version if corrects else queries.asked([key])[key].version
    made = Checklist(
        number=numbers.take("QD", now), post_id=post.id, shift_id=shift_id, moment=moment, list_version=version,
        corrects_id=corrects.id if corrects else None, note=note, signed_by_id=by.id, signed_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    watch.signed(shift_id, moment)
    for place, (item, done, why) in enumerate(said, start=1):
        db.session.add(
            Answer(
                checklist_id=made.id, place=place, text=item.text, text_en=item.text_en, done=done, why=why
            )
        )
    for line in unfiled:
        db.session.add(
            Paper(checklist_id=made.id, number=line.number, address=line.address, why=stays[line.number])
        )
    history.record(
        made, f"checklist:{CORRECT if corrects else SIGN}", by=by.id, now=now,
        clause="DR-14" if moment is Moment.END else "DR-20" if moment is Moment.CLOSING else "DR-03",
        post=post.code, moment=moment, version=version, corrects=corrects.number if corrects else None,
        open=sum(not done for _item, done, _why in said) or None, unfiled=[line.number for line in unfiled] or None,
        words={"note": note} if note else {},
    )  # fmt: skip
    return made
