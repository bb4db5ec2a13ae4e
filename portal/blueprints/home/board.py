"""/notices/: the company's notice board, for everybody (GO-04)."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.home.routes import bp
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, lists, notice_board
from portal.kernel.db import db
from portal.kernel.rights import May

PAGE = 20


@bp.get("/notices/")
@needs(May.USE_PORTAL)
def board() -> str:
    """What hangs on the board, newest first; withdrawn notices bear their mark and lose their words (GO-01)."""
    before = lists.number(request.args.get("before"))
    found = notice_board.board(me().id, clock.now(), before=before, most=PAGE + 1)
    older = url_for(".board", before=found[PAGE - 1][0].id) if len(found) > PAGE else None
    return render_template("home/notices.html", notices=found[:PAGE], older=older, name_of=name_of)


@bp.post("/notices/<int:notice_id>/read")
@needs(May.USE_PORTAL)
def read_notice(notice_id: int) -> Response:
    """GO-04: the reader confirms having read it."""
    now = clock.now()
    with db.write():
        if notice_board.hanging(notice_id, now) is None:
            abort(404)
        notice_board.mark_read(notice_id, me().id, now)
    return gone_to(url_for(".board"), said=_("Marked as read."))
