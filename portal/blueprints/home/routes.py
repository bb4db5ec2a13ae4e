"""/ and /notifications/."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import drawing, notices
from portal.guards import me, needs
from portal.kernel import clock, todos
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.rights import May

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """My day: what waits for me now, most urgent first, with the time left."""
    now = clock.now()
    waiting = [(todo, drawing.time_left(todo.due_at, todo.due_from, now)) for todo in todos.waiting_for(me())]
    figures = {
        "waiting": len(waiting),
        "overdue": sum(1 for _, left in waiting if left and left.tone == "over"),
        "soon": sum(1 for _, left in waiting if left and left.tone == "warn"),
    }
    return render_template("home/index.html", waiting=waiting, figures=figures, verbs=notices.VERBS)


@bp.get("/search")
@needs(May.USE_PORTAL)
def search() -> Response:
    """One search, limited to what the person may see; cases are what there is to find."""
    return redirect(url_for("complaints.index", words=request.args.get("q", "").strip()[:100] or None))


@bp.get("/notifications/")
@needs(May.USE_PORTAL)
def notifications() -> str:
    """The inbox, newest first."""
    before = request.args.get("before", type=int)
    rows = sa.select(Notice).where(Notice.person_id == me().id).order_by(Notice.id.desc()).limit(51)
    if before is not None:
        rows = rows.where(Notice.id < before)
    found = list(db.session.scalars(rows))
    older = url_for(".notifications", before=found[49].id) if len(found) > 50 else None
    return render_template(
        "home/notifications.html", notices=found[:50], older=older, sentence=notices.sentence
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
