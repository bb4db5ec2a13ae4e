"""/duty/posts/: posts and kinds of shifts, kept by the general office."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import actions, queries
from portal.blueprints.duty.posts.codes import DayKind
from portal.blueprints.duty.posts.forms import (
    DutyDayForm,
    KindForm,
    LimitsForm,
    NewKindForm,
    NewPostForm,
    PostForm,
    QualificationForm,
    need_name,
    needs_form,
)
from portal.blueprints.duty.posts.models import DutyDay, Post, ShiftKind
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.kernel import clock, lists, reference
from portal.kernel.db import db
from portal.kernel.people import Card
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(Part(_l("Posts and shifts"), "duty.posts", May.PLAN_DUTY, 90))
PEOPLE, LIMITS, DAYS = (f"duty/posts/{page}.html" for page in ("people", "limits", "days"))
EDIT = "duty/posts/edit.html"


@bp.get("/posts/")
@needs(May.PLAN_DUTY)
def posts() -> str:
    """Posts and kinds of shifts."""
    return render_template(
        "duty/posts/index.html",
        posts=queries.posts(),
        kinds=queries.kinds(),
        called=called,
        department_name=department_name,
    )


@bp.route("/posts/new", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def new_post() -> Response | str:
    """A new post."""
    return _new(NewPostForm, Post, _("New post"))


@bp.route("/posts/kinds/new", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def new_kind() -> Response | str:
    """A new kind of shift."""
    return _new(NewKindForm, ShiftKind, _("New kind of shift"))


def _new(
    form_kind: type[NewPostForm] | type[NewKindForm], kind: type[Post] | type[ShiftKind], title: str
) -> Response | str:
    if request.method == "GET":
        return render_template(EDIT, form=form_kind.blank(), title=title, rows=None)
    form = form_kind.of_request()
    if not form.validate():
        return make_response(render_template(EDIT, form=form, title=title, rows=None), 422)
    with db.write():
        actions.add(kind, by=me().id, now=clock.now(), **form.record())
    return gone_to(url_for(".posts"), said=_("Added: %(name)s.", name=form.name.data))


@bp.route("/posts/<code>/edit", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_post(code: str) -> Response | str:
    """Another name, phone or place of a post. A stale edit answers 409 and shows both versions."""
    return _edit(queries.post, code, PostForm)


@bp.route("/posts/kinds/<code>/edit", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_kind(code: str) -> Response | str:
    """Other times or names of a kind of shift; shifts that are planned keep theirs."""
    return _edit(queries.kind, code, KindForm)


def _edit(find: Any, code: str, form_kind: type[PostForm] | type[KindForm]) -> Response | str:
    thing = find(code)
    if request.method == "GET":
        kept = {name: getattr(thing, name) for name in form_kind.blank().data}
        return render_template(EDIT, form=form_kind.blank(**kept), title=called(thing), rows=None)
    form = form_kind.of_request()
    if not form.validate():
        return make_response(render_template(EDIT, form=form, title=called(thing), rows=None), 422)
    with db.write():
        thing = find(code)
        stale = form.version.stale(thing.version)
        if not stale:
            actions.edit(thing, by=me().id, now=clock.now(), **form.record())
    if stale:
        rows = [
            (field.label.text, field.data, getattr(thing, field.name))
            for field in form
            if field.name != "version" and field.data != getattr(thing, field.name)
        ]
        form.version.process_data(thing.version)
        return make_response(render_template(EDIT, form=form, title=called(thing), rows=rows), 409)
    return gone_to(url_for(".posts"), said=_("Changed: %(name)s.", name=form.name.data))


# -- what a post needs, and who may take it ---------------------------------------------------------------------


@bp.route("/posts/<code>/needs", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def post_needs(code: str) -> Response | str:
    """How many people a post needs, by kind of shift and of day (DR-01)."""
    post, kinds = queries.post(code), [kind for kind in queries.ground().kinds.values() if kind.active]
    made: Any = needs_form()
    if request.method == "GET":
        names = {kind.id: kind.code for kind in kinds}
        there = {
            need_name(names[row.kind_id], row.day_kind): row.people
            for row in queries.ground().needs
            if row.post_id == post.id and row.kind_id in names
        }
        return _needs_page(made.blank(version=post.version, **there), post, kinds)
    form = made.of_request()
    if not form.validate():
        return make_response(_needs_page(form, post, kinds), 422)
    with db.write():
        post = queries.post(code)
        form["version"].insist(post.version)
        wanted = {
            (kind.id, day_kind): form[need_name(kind.code, day_kind)].data or 0
            for kind in kinds
            for day_kind in DayKind
        }
        actions.need(post, wanted, by=me().id, now=clock.now())
    return gone_to(url_for(".posts"), said=_("Changed: %(name)s.", name=called(post)))


def _needs_page(form: Any, post: Post, kinds: list[Any]) -> str:
    return render_template(
        "duty/posts/needs.html",
        form=form,
        post=post,
        kinds=kinds,
        days=list(DayKind),
        called=called,
        need_name=need_name,
    )


@bp.route("/posts/<code>/people", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def post_people(code: str) -> Response | str:
    """Who may take a post, since when, until when (DR-21)."""
    post = queries.post(code)
    if request.method == "GET":
        card = reference.staff().by_username(request.args.get("person", "")[:64])
        rows = (row for row in queries.ground().qualifications if row.post_id == post.id)
        kept = next((row for row in rows if card and row.person_id == card.id), None)
        days = {"since": kept.since, "until": kept.until} if kept else {}
        return _people_page(QualificationForm.blank(person=card.username if card else "", **days), post)
    form = QualificationForm.of_request()
    if not form.validate() or form.person.card is None:
        return make_response(_people_page(form, post), 422)
    with db.write():
        who = form.person.card.id
        actions.qualify(
            queries.post(code), who, form.since.data, form.until.data, by=me().id, now=clock.now()
        )
    said = _("%(name)s may take the post.", name=name_of(who))
    return gone_to(url_for(".post_people", code=code), said=said)


def _people_page(form: QualificationForm, post: Post) -> str:
    rows = [row for row in queries.ground().qualifications if row.post_id == post.id]
    return render_template(
        PEOPLE,
        form=form,
        post=post,
        rows=rows,
        called=called,
        today=_today(),
        people=colleagues(),
        cards=_cards(),
    )


def _today() -> date:
    return clock.local(clock.now()).date()


def _cards() -> dict[int, Card]:
    return reference.staff().cards


def colleagues() -> list[Card]:
    """Everybody who is there to act."""
    return [card for card in _cards().values() if card.active]


# -- how long people may work -----------------------------------------------------------------------------------


@bp.get("/posts/limits/")
@needs(May.PLAN_DUTY)
def work_limits() -> str:
    """How long each may work; whoever has no limits yet is not rostered (DR-21)."""
    limits = queries.ground().limits
    rostered = [card for card in _cards().values() if card.id in limits]
    return render_template(
        LIMITS,
        rostered=rostered,
        others=[card for card in colleagues() if card.id not in limits],
        limits=limits,
        department_name=department_name,
    )


@bp.route("/posts/limits/<int:person_id>", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_limits(person_id: int) -> Response | str:
    """The working limits of somebody, who joins the rosters with them (DR-21)."""
    if person_id not in _cards():
        raise NotFound
    title = _("Working limits of %(name)s", name=name_of(person_id))
    if request.method == "GET":
        row = queries.limits_of(person_id)
        form = LimitsForm.of_row(row) if row else LimitsForm.blank()
        return render_template("duty/posts/limit.html", form=form, title=title)
    form = LimitsForm.of_request()
    if not form.validate():
        return make_response(render_template("duty/posts/limit.html", form=form, title=title), 422)
    with db.write():
        row = queries.limits_of(person_id)
        form.version.insist(row.version if row else 0)
        actions.limit(person_id, row, by=me().id, now=clock.now(), **form.record())
    return gone_to(url_for(".work_limits"), said=_("Changed: %(name)s.", name=name_of(person_id)))


# -- special days -----------------------------------------------------------------------------------------------


@bp.route("/posts/days/", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def duty_days() -> Response | str:
    """The days that the office marks as special: a manager is on duty then (DR-06)."""
    if request.method == "GET":
        return render_template(DAYS, form=DutyDayForm.blank(), days=_days())
    form = DutyDayForm.of_request()
    if not form.validate():
        return make_response(render_template(DAYS, form=form, days=_days()), 422)
    with db.write():
        actions.mark(form.day.data, form.reason.data, by=me().id, now=clock.now())
    return gone_to(url_for(".duty_days"), said=_("%(day)s is a special day.", day=form.day.data))


def _days() -> list[tuple[date, str]]:
    """The special days from today on, the next first, then those that are over."""
    today = _today()
    return sorted(queries.ground().special.items(), key=lambda row: (row[0] < today, row[0]))


@bp.post("/posts/days/<day>/unmark")
@needs(May.PLAN_DUTY)
def unmark_duty_day(day: str) -> Response:
    """The day is like any other again (DR-06)."""
    with db.write():
        row = db.session.scalars(sa.select(DutyDay).where(DutyDay.day == lists.day(day))).one_or_none()
        if row is None:
            raise NotFound
        actions.unmark(row, by=me().id, now=clock.now())
    return gone_to(url_for(".duty_days"), said=_("%(day)s is a day like any other again.", day=day))
