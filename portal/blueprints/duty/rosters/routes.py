"""/duty/rosters/: the list, a roster's grid with its verbs, the wishes, the print."""

from __future__ import annotations

from datetime import date, timedelta

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters import actions, page, picture, queries
from portal.blueprints.duty.rosters.forms import FORMS, DraftForm, WishForm
from portal.blueprints.duty.rosters.labels import SAID
from portal.blueprints.duty.rosters.workflow import ROSTER
from portal.drawing import name_of
from portal.guards import me, needs, public
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.kernel import clock, ics, lists, reference
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.papers import Paper, printed
from portal.parts import Part
from portal.security import SANDBOX
from portal.verbs import Verbs

PARTS += [
    Part(_l("Rosters"), "duty.rosters", May.SEE_DUTY, 20),
    Part(_l("My wishes"), "duty.wishes", May.SEE_DUTY, 30),
]
INDEX, SHOW, NEW, WISHES = (f"duty/rosters/{name}.html" for name in ("index", "show", "new", "wishes"))
FEED_BACK = timedelta(days=31)  # how far back a calendar shows shifts
MOST_COMING = 20  # of the own shifts


@bp.get("/rosters/")
@needs(May.SEE_DUTY)
def rosters() -> str:
    """The rosters, the newest first; drafts are the general office's (DR-01)."""
    rows = queries.rosters(me())
    return render_template(INDEX, rows=rows, tones=page.TONES, plans=me().may(May.PLAN_DUTY), name_of=name_of)


@bp.route("/rosters/new", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def new_roster() -> Response | str:
    """A draft for a span of days, its seats from what the posts need (DR-01, DR-06)."""
    if request.method == "GET":
        return render_template(NEW, form=DraftForm.blank(**page.begins_with(clock.now())))
    form = DraftForm.of_request()
    if not form.validate():
        return make_response(render_template(NEW, form=form), 422)
    with db.write():
        made = actions.begin(form.starts_on.data, form.ends_on.data, form.note.data, by=me(), now=clock.now())
    return gone_to(url_for(".roster", roster_id=made.id), said=_("%(number)s is begun.", number=made.number))


@bp.get("/rosters/<int:roster_id>/")
@needs(May.SEE_DUTY)
def roster(roster_id: int) -> str:
    """The grid of people and days; for the office what it breaks, and the verbs (DR-01, DR-06, DR-21)."""
    do = request.args.get("do", "").removesuffix("-roster")
    return render_template(SHOW, **page.drawn(queries.find(me(), roster_id), me(), do=do))


@bp.get("/rosters/<int:roster_id>/progress")
@needs(May.PLAN_DUTY, polled=True)
def roster_progress(roster_id: int) -> Response:
    """How far the solving is; the page is loaded anew when it ended."""
    found = queries.find(me(), roster_id)
    solve, running = queries.solve_of(roster_id)
    drawn = make_response(
        render_template("duty/rosters/_progress.html", **page.progress(found, solve, running))
    )
    if not running:
        drawn.headers["HX-Refresh"] = "true"
    drawn.add_etag()
    return drawn.make_conditional(request)


VERBS = Verbs(
    flow=ROSTER,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=page.drawn,
    said=SAID,
    back=lambda found, _verb: url_for("duty.roster", roster_id=found.id),
    page=SHOW,
    still_visible=lambda found, _viewer: found.discarded_at is None,
    list_page=lambda: url_for("duty.rosters"),
)
VERBS.add_to(bp, "/rosters/<int:roster_id>", "roster_{}", May.SEE_DUTY)


# -- paper ---------------------------------------------------------------------------------------------


@printed(bp, "/rosters/<int:roster_id>/print", May.SEE_DUTY)
def roster_print(roster_id: int) -> Paper:
    """The roster as it hangs on the wall: A4 landscape, with signature boxes (GO-01)."""
    found = queries.find(me(), roster_id)
    drawn = page.grid(found, picture.of(found, clock.now()), editable=False)
    # Who has no shift has no line on the wall, unless nobody has one yet.
    drawn["rows"] = [row for row in drawn["rows"] if any(square.letter for square in row[1])] or drawn["rows"]
    title = _("PDF of the roster %(number)s", number=found.number)
    return Paper(
        "duty/rosters/print.html",
        found.number,
        title,
        f"{found.number}.pdf",
        drawn | {"landscape": True},
        found.version,
    )


# -- wishes ---------------------------------------------------------------------------------------------------------


@bp.route("/rosters/wishes", methods=["GET", "POST"])
@needs(May.SEE_DUTY)
def wishes() -> Response | str:
    """What somebody wishes for the coming rosters; weighed, never promised."""
    if request.method == "GET":
        return _wishes(WishForm.blank())
    form = WishForm.of_request()
    if not form.validate():
        return make_response(_wishes(form), 422)
    if form.day.data < _today():
        form.day.errors = [_("This day is past.")]
        return make_response(_wishes(form), 422)
    with db.write():
        actions.wish(me().id, **form.given())
    return gone_to(url_for(".wishes"), said=_("Your wish for %(day)s is noted.", day=form.day.data))


def _today() -> date:
    return clock.local(clock.now()).date()


def _wishes(form: WishForm, feed: str = "") -> str:
    return render_template(
        WISHES,
        form=form,
        rows=queries.wishes_of(me().id, _today()),
        kinds=posts.ground().kinds,
        named=called,
        feed=feed,
        mine=list(queries.shifts_of(me().id, clock.now()))[:MOST_COMING],
        told=page.shift_words,
    )


@bp.post("/rosters/wishes/<day>/drop")
@needs(May.SEE_DUTY)
def drop_wish(day: str) -> Response:
    """No wish for that day any more."""
    found = lists.day(day)
    if found is None:
        raise NotFound
    with db.write():
        actions.drop_wish(me().id, found)
    return gone_to(url_for(".wishes"), said=_("No wish for %(day)s any more.", day=found))


# -- somebody's calendar --------------------------------------------------------------------------------------------


@bp.post("/rosters/feed")
@needs(May.SEE_DUTY)
def new_roster_feed() -> str:
    """A secret address under which a calendar program reads the own shifts; told once, the old one ends."""
    with db.write():
        key = actions.new_feed(me().id, clock.now())
    return _wishes(WishForm.blank(), url_for(".roster_feed", token=key, _external=True))


@bp.get("/rosters/feed/<token>.ics")
@public
def roster_feed(token: str) -> Response:
    """Somebody's shifts of published rosters, for a calendar program that knows the secret."""
    who = queries.feed_owner(token)
    if who is None or not reference.staff().active(who):
        raise NotFound
    now, ground = clock.now(), posts.ground()
    events = [
        ics.Event(
            uid=f"shift-{row.id}@front-office-portal",
            sequence=row.version,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            summary=f"{called(ground.kinds[row.kind_id])} · {called(ground.posts[row.post_id])}",
        )
        for row in queries.shifts_of(who, now - FEED_BACK)
    ]
    answer = make_response(ics.feed(_("My shifts"), events, now))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=shifts.ics"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
