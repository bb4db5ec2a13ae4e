"""/office/notices/: write, publish, withdraw, correct; who has read what (GO-01, GO-04)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.notices.forms import CorrectForm, NewNoticeForm, NoticeForm, WithdrawForm
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, lists, notice_board, reference
from portal.kernel.db import db
from portal.kernel.notice_board import BoardKind, BoardNotice, BoardState
from portal.kernel.rights import May
from portal.kernel.workflow import Reason, Refused

PAGE = 50
# From which state each verb leads on; published words never change (GO-01).
VERBS = {
    "edit": BoardState.DRAFT,
    "publish": BoardState.DRAFT,
    "withdraw": BoardState.PUBLISHED,
    "correct": BoardState.PUBLISHED,
}


@bp.get("/notices/")
@needs(May.MANAGE_OFFICE)
def notices() -> str:
    """Every notice with how many have read it."""
    before = lists.number(request.args.get("before"))
    found = notice_board.every(before=before, most=PAGE + 1)
    older = url_for(".notices", before=found[PAGE - 1][0].id) if len(found) > PAGE else None
    return render_template(
        "office/notices/index.html", rows=found[:PAGE], older=older, of=len(_there()), name_of=name_of
    )


@bp.route("/notices/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_notice() -> Response | str:
    """Write a draft."""
    if request.method == "GET":
        return render_template("office/notices/new.html", form=NewNoticeForm.blank())
    form = NewNoticeForm.of_request()
    if not form.validate():
        return make_response(render_template("office/notices/new.html", form=form), 422)
    with db.write():
        notice = notice_board.write(
            kind=BoardKind(form.kind.data),
            title=form.title.data,
            text=form.text.data,
            until=form.until.data,
            by=me().id,
            now=clock.now(),
        )
    said = _("The draft is kept; publish it when it is right.")
    return gone_to(url_for(".notice", notice_id=notice.id), said=said)


@bp.get("/notices/<int:notice_id>")
@needs(May.MANAGE_OFFICE)
def notice(notice_id: int) -> str:
    """One notice: its words, what can be done, who has read it."""
    return render_template("office/notices/show.html", **_page(_find(notice_id)))


@bp.post("/notices/<int:notice_id>/edit")
@needs(May.MANAGE_OFFICE)
def edit_notice(notice_id: int) -> Response:
    """Change a draft; a stale edit answers 409 and keeps what was typed."""
    found = _find(notice_id, "edit")
    form = NoticeForm.of_request()
    if not form.validate():
        return make_response(render_template("office/notices/show.html", **_page(found, edit=form)), 422)
    with db.write():
        found = _find(notice_id, "edit")
        stale = form.version.stale(found.version)
        if not stale:
            typed = {name: form.data[name] for name in ("title", "text", "until")}
            notice_board.edit(found, **typed, by=me().id, now=clock.now())
    if stale:
        rows = [(_("Title"), form.title.data, found.title), (_("Text"), form.text.data, found.text)]
        form.version.number = found.version
        drawn = render_template("office/notices/show.html", **_page(found, edit=form, rows=rows))
        return make_response(drawn, 409)
    return gone_to(url_for(".notice", notice_id=notice_id), said=_("Changed."))


@bp.post("/notices/<int:notice_id>/publish")
@needs(May.MANAGE_OFFICE)
def publish_notice(notice_id: int) -> Response:
    """GO-04: hang the notice on the board."""
    with db.write():
        notice_board.publish(_find(notice_id, "publish"), by=me().id, now=clock.now())
    return gone_to(url_for(".notice", notice_id=notice_id), said=_("Published on the notice board."))


@bp.post("/notices/<int:notice_id>/withdraw")
@needs(May.MANAGE_OFFICE)
def withdraw_notice(notice_id: int) -> Response:
    """GO-01: mark a published notice as withdrawn; its words stay here."""
    found = _find(notice_id, "withdraw")
    form = WithdrawForm.of_request()
    if not form.validate():
        return make_response(render_template("office/notices/show.html", **_page(found, withdraw=form)), 422)
    with db.write():
        found = _find(notice_id, "withdraw")
        notice_board.withdraw(found, reason=form.reason.data, by=me().id, now=clock.now())
    return gone_to(url_for(".notice", notice_id=notice_id), said=_("Withdrawn; the board shows the mark."))


@bp.post("/notices/<int:notice_id>/correct")
@needs(May.MANAGE_OFFICE)
def correct_notice(notice_id: int) -> Response:
    """GO-01: publish a correction; the notice that was wrong is marked and never overwritten."""
    found, now = _find(notice_id, "correct"), clock.now()
    form = CorrectForm.of_request()
    if not form.validate():
        return make_response(render_template("office/notices/show.html", **_page(found, correct=form)), 422)
    with db.write():
        found = _find(notice_id, "correct")
        fresh = notice_board.write(
            kind=BoardKind.CORRECTION,
            title=form.title.data,
            text=form.text.data,
            until=found.until,
            by=me().id,
            now=now,
            corrects=found.id,
        )
        notice_board.publish(fresh, by=me().id, now=now)
        why = _("Corrected by %(number)s.", number=fresh.number)
        notice_board.withdraw(found, reason=why, by=me().id, now=now)
    return gone_to(
        url_for(".notice", notice_id=fresh.id), said=_("The correction hangs on the notice board.")
    )


def _find(notice_id: int, verb: str = "") -> BoardNotice:
    """The notice; refused when its state does not take that verb."""
    found = db.session.get(BoardNotice, notice_id)
    if found is None:
        abort(404)
    if verb and found.state is not VERBS[verb]:
        raise Refused([Reason("GO-01", "published_stays" if verb == "edit" else "wrong_state")])
    return found


def _there() -> list[int]:
    return [card.id for card in reference.staff().cards.values() if card.active]


def _page(
    found: BoardNotice,
    *,
    edit: NoticeForm | None = None,
    withdraw: WithdrawForm | None = None,
    correct: CorrectForm | None = None,
    rows: Any = None,
) -> dict[str, Any]:
    read = notice_board.readers(found.id)
    there = _there()
    kept = {"title": found.title, "text": found.text, "until": found.until, "version": found.version}
    return {
        "notice": found,
        "edit": edit or (NoticeForm.blank(**kept) if found.state is BoardState.DRAFT else None),
        "withdraw": withdraw or WithdrawForm.blank(),
        "correct": correct or CorrectForm.blank(title=found.title),
        "rows": rows,
        "readers": list(read.items()),
        "missing": [i for i in there if i not in read],
        "read": sum(1 for i in there if i in read),
        "of": len(there),
        "corrections": notice_board.corrections(found.id),
        "cards": reference.staff().cards,
        "name_of": name_of,
        "department_name": department_name,
    }
