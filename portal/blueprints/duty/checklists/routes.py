"""/duty/checklists/: what is due, the signed records, the day's overview, the office's lists (DR-03, DR-14, DR-20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty import heads
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.checklists import actions, queries
from portal.blueprints.duty.checklists.codes import Moment, Standing
from portal.blueprints.duty.checklists.forms import (
    AnswersForm,
    CorrectionForm,
    form_of,
    list_form,
    stored,
    words_of,
)
from portal.blueprints.duty.checklists.models import Checklist
from portal.blueprints.duty.checklists.rules import Due
from portal.blueprints.duty.checklists.shipped import PAPERS, Item
from portal.blueprints.duty.checklists.workflow import CHECKLIST, CORRECT
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.kernel import clock, handing, lists, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Reason
from portal.making import made_once
from portal.papers import Paper, printed
from portal.parts import Part

PARTS.append(Part(_l("Checklists"), "duty.checklists", May.SEE_DUTY, 14))
INDEX, SIGN, SHOW, DAY = (f"duty/checklists/{page}.html" for page in ("index", "sign", "show", "day"))
LISTS, LIST = "duty/checklists/lists.html", "duty/checklists/list.html"
TONES = {Standing.DONE: "ok", Standing.MISSING: "bad", Standing.LATER: ""}


def _drawn(due: Due, asked: queries.Asked) -> dict[str, Any]:
    """One checklist that is due, with its form."""
    unfiled = handing.unfiled_at(due.department, clock.now()) if due.moment is Moment.END else []
    return {
        "due": due,
        "post": called(posts.ground().posts[due.seats.post_id]),
        "shift": called(posts.ground().kinds[due.seats.kind_id]),
        "unfiled": unfiled,
        "form": form_of(queries.whole(asked, due.moment), [line.number for line in unfiled]),
        "version": asked.version,
        "late": due.due_at < clock.now(),
    }


@bp.get("/checklists/")
@needs(May.SEE_DUTY)
def checklists() -> str:
    """What is due to the viewer, each with its form, and the signed records."""
    listing = queries.CheckList.asked_for(me(), request.args)
    rows, newer, older = listing.page()
    dues = queries.due_to(me().id, clock.now())
    asked = queries.asked({(due.seats.post_id, due.moment) for due in dues})
    drawn = [_drawn(due, asked[due.seats.post_id, due.moment]) for due in dues]
    return render_template(
        INDEX,
        dues=[each | {"form": each["form"].blank()} for each in drawn],
        asked=listing,
        rows=rows,
        newer=newer,
        older=older,
        moments=list(Moment),
        posts={its_id: called(post) for its_id, post in posts.ground().posts.items()},
        choices=[(post.code, called(post)) for post in posts.ground().posts.values() if post.active],
        heads=heads.heads_somewhere(me()),
        papers=PAPERS,
    )


def _due(shift_id: int, moment: str) -> dict[str, Any]:
    found = queries.due(me().id, shift_id, Moment(moment), clock.now())
    if found is None:
        raise NotFound
    key = (found.seats.post_id, found.moment)
    return _drawn(found, queries.asked([key])[key])


@bp.get("/checklists/<int:shift_id>/<any(start,end,closing):moment>")
@needs(May.SEE_DUTY)
def checklist_due(shift_id: int, moment: str) -> str:
    """One checklist that is due."""
    drawn = _due(shift_id, moment)
    return render_template(SIGN, **drawn | {"form": drawn["form"].blank()}, papers=PAPERS)


@bp.post("/checklists/<int:shift_id>/<any(start,end,closing):moment>")
@needs(May.SEE_DUTY)
def sign_checklist(shift_id: int, moment: str) -> Response:
    """Sign it; customers' papers that are unfiled are each named with a reason (DR-14)."""
    drawn = _due(shift_id, moment)
    form: AnswersForm = drawn["form"].of_request()

    def again(form: Any, code: int) -> Response:
        return make_response(render_template(SIGN, **drawn | {"form": form}, papers=PAPERS), code)

    def made(**given: Any) -> Checklist:
        return actions.sign(shift_id, Moment(moment), **given)

    return _taken(form, f"checklist {shift_id}", moment, made, again)


def _taken(
    form: AnswersForm,
    number: str,
    verb: str,
    make: Callable[..., Checklist],
    draw: Callable[[Any, int], Response],
) -> Response:
    """Write a record down once; 422 and 409 keep what was typed."""
    return made_once(
        form,
        sent(number, verb),
        make=make,
        draw=draw,
        back=lambda made: (
            url_for(".checklist", checklist_number=made.number) if made else url_for(".checklists")
        ),
        said=_("The checklist is signed."),
        overtaken=Reason("DR-03", "checklist_signed"),
    )


# -- the records ----------------------------------------------------------------------------------------------------


def _record(found: Checklist) -> dict[str, Any]:
    told = queries.record(found)
    return {
        "found": found,
        "told": told,
        "post": called(posts.ground().posts[found.post_id]),
        "words_of": words_of,
        "name_of": name_of,
        "form_number": f"QR-DR-03 · V{found.list_version}",
    }


@bp.get("/checklists/<checklist_number>")
@needs(May.SEE_DUTY)
def checklist(checklist_number: str) -> str:
    """One signed checklist as it was signed."""
    drawn = _record(queries.find(me(), checklist_number))
    mine = "later" not in drawn["told"].others and CHECKLIST.open_to(drawn["found"], me())
    return render_template(SHOW, **drawn, may_correct=bool(mine))


@printed(bp, "/checklists/<checklist_number>/print", May.SEE_DUTY)
def checklist_print(checklist_number: str) -> Paper:
    """The signed checklist on A4, with its form number and the version of the list (GO-01)."""
    found = queries.find(me(), checklist_number)
    title = _("PDF of the checklist %(number)s", number=found.number)
    return Paper("duty/checklists/print.html", found.number, title, f"{found.number}.pdf", _record(found))


@bp.route("/checklists/<checklist_number>/correct", methods=["GET", "POST"])
@needs(May.SEE_DUTY)
def correct_checklist(checklist_number: str) -> Response:
    """A correction is a record of its own; the one before stays (DR-03)."""
    found = queries.find(me(), checklist_number)
    transitions.check(CHECKLIST, found, CORRECT, me())
    told = queries.record(found)
    papers = {paper.number: paper.why for paper in told.papers}
    items = [Item(answer.text, answer.text_en) for answer in told.answers]
    kind = form_of(items, list(papers), CorrectionForm)
    form = kind.of_request() if request.method == "POST" else kind.blank(**stored(told.answers, papers))

    def again(form: Any, code: int) -> Response:
        context = _record(found) | {"form": form, "papers": PAPERS, "unfiled": told.papers}
        return make_response(render_template("duty/checklists/correct.html", **context), code)

    if request.method == "GET":
        return again(form, 200)

    def made(**given: Any) -> Checklist:
        return actions.correct(queries.find(me(), checklist_number), **given)

    return _taken(form, found.number, CORRECT, made, again)


# -- the day's overview ---------------------------------------------------------------------------------------------


@bp.get("/checklists/day")
@needs(May.SEE_DUTY)
def checklist_day() -> str:
    """What was signed and what is missing of a day, for the heads of the posts."""
    if not heads.heads_somewhere(me()):
        abort(403)
    now = clock.now()
    day = lists.day(request.args.get("day")) or clock.local(now).date()
    rows = [
        (due, row, Standing.DONE if row else Standing.MISSING if due.due_at < now else Standing.LATER)
        for due, row in queries.of_day(me(), day, now)
    ]
    ground = posts.ground()
    return render_template(
        DAY,
        day=day,
        rows=rows,
        missing=sum(standing is Standing.MISSING for *_rest, standing in rows),
        posts={its_id: called(post) for its_id, post in ground.posts.items()},
        kinds={its_id: called(kind) for its_id, kind in ground.kinds.items()},
        earlier=day - timedelta(days=1),
        later=day + timedelta(days=1),
        tones=TONES,
        name_of=name_of,
    )


# -- the office's lists ---------------------------------------------------------------------------------------------


@bp.get("/checklists/lists/")
@needs(May.PLAN_DUTY)
def checklist_lists() -> str:
    """What is looked at, at each post and moment, and since which version."""
    every = [post for post in posts.posts() if post.active]
    found = queries.asked([(post.id, moment) for post in every for moment in Moment])
    return render_template(LISTS, posts=every, called=called, moments=list(Moment), found=found)


@bp.route("/checklists/lists/<post_code>/<any(start,end,closing):moment>", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def checklist_list(post_code: str, moment: str) -> Response:
    """Another version of a list, with the reason; the versions before stay (GO-01)."""
    post, which = posts.post(post_code), Moment(moment)
    key = (post.id, which)
    found = queries.asked([key])[key]
    kind = list_form(len(found.items))
    lines = {f"text_{place}": item.text for place, item in enumerate(found.items)}
    lines |= {f"text_en_{place}": item.text_en for place, item in enumerate(found.items)}
    form = kind.of_request() if request.method == "POST" else kind.blank(version=found.version, **lines)
    context = {
        "form": form, "post": post, "called": called, "moment": which, "found": found, "name_of": name_of,
        "versions": queries.versions(post.id, which), "words_of": words_of, "items_of": queries.items_of,
        "fixed": PAPERS if which is Moment.END else None,
    }  # fmt: skip
    if request.method == "GET":
        return make_response(render_template(LIST, **context))
    if not form.validate():
        return make_response(render_template(LIST, **context), 422)
    try:
        with db.write():
            seen = form.version.number or found.version
            actions.edit(
                post, which, form.items(), reason=form.reason.data, by=me(), now=clock.now(), seen=seen
            )
    except IntegrityError as error:  # the version after the one that was seen is there already
        raise StaleDataError from error
    return gone_to(url_for(".checklist_lists"), said=_("Changed: %(name)s.", name=called(post)))
