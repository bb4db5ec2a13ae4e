"""/ and /notifications/."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import drawing, enforcement, notices
from portal.guards import me, needs
from portal.kernel import clock, inbox, lists, timers, todos, touches
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.rights import May, Role

bp = Blueprint("home", __name__)

MOST = 100  # cases on one page: what a person can still oversee


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """My day: what waits for me now, a case a row with all its acts, most urgent first; the figures count cases.

    What others do first is a line with its number; `?all=1` shows it too.
    """
    now, everything = clock.now(), request.args.get("all") == "1"
    found = todos.waiting_for(me(), MOST + 1, own_at=None if everything else now)
    shown = [(each, each.first) for each in found[:MOST]]
    limits = timers.clauses_of((first.subject_kind, first.subject_id) for _, first in shown if first.due_at)
    waiting = [
        (
            each,
            drawing.time_left(first.due_at, first.due_from, now),
            first.due_at and limits.get((first.subject_kind, first.subject_id, first.due_at)),
        )
        for each, first in shown
    ]
    tones = Counter(left.tone for _, left, _ in waiting if left)
    figures = {
        "waiting": f"{MOST}+" if len(found) > MOST else len(found),
        "overdue": tones["over"],
        "soon": tones["warn"],
    }
    return render_template(
        "home/index.html",
        waiting=waiting,
        figures=figures,
        left_to_desk=todos.left_to_others(me(), now) if me().role is Role.OFFICE else 0,
        everything=everything,
        verbs=notices.VERBS,
        clause_of=enforcement.awaited,
        on_board=me().on_board,
        touches=touches.offered(me(), now),
    )


@bp.get("/notifications/")
@needs(May.USE_PORTAL)
def notifications() -> str:
    """The inbox, newest first."""
    before = lists.number(request.args.get("before"))
    rows = sa.select(Notice).where(Notice.person_id == me().id).order_by(Notice.id.desc()).limit(51)
    if before is not None:
        rows = rows.where(Notice.id < before)
    found = list(db.session.scalars(rows))
    older = url_for(".notifications", before=found[49].id) if len(found) > 50 else None
    shown = found[:50]
    return render_template(
        "home/notifications.html",
        notices=shown,
        about=inbox.about(me(), shown),
        older=older,
        sentence=notices.sentence,
    )


@bp.post("/notifications/read")
@needs(May.USE_PORTAL)
def read_all() -> Response:
    """Mark everything in the inbox as read."""
    with db.write():
        mine = sa.update(Notice).where(Notice.person_id == me().id, Notice.read_at.is_(None))
        db.session.execute(mine.values(read_at=clock.now()))
    return redirect(url_for(".notifications"), 303)


@bp.post("/notifications/<int:notice_id>/open")
@needs(May.USE_PORTAL)
def open_(notice_id: int) -> Response:
    """Mark one message as read and go where it points."""
    with db.write():
        notice = db.session.get(Notice, notice_id)
        if notice is None or notice.person_id != me().id:
            abort(404)
        notice.read_at = notice.read_at or clock.now()
        address = notice.address
    return redirect(address, 303)
