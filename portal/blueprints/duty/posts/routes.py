"""/duty/: who is on duty now; /duty/posts/: posts and kinds of shifts, kept by the general office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import actions, queries
from portal.blueprints.duty.posts.forms import KindForm, NewKindForm, NewPostForm, PostForm
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, is_chinese
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

PARTS += [
    Part(_l("On duty now"), "duty.index", May.SEE_DUTY, 0),
    Part(_l("Posts and shifts"), "duty.posts", May.PLAN_DUTY, 90),
]
AHEAD = timedelta(hours=24)  # how far ahead the next shift of a post is looked for
EDIT = "duty/posts/edit.html"


def called(thing: Post | ShiftKind) -> str:
    """Its name in the language of the page."""
    return thing.name if is_chinese() or not thing.name_en else thing.name_en


@bp.get("/")
@needs(May.SEE_DUTY)
def index() -> str:
    """Each post: who is on duty by signed handovers, until when, who comes next (DR-01, DR-10)."""
    now = clock.now()
    shifts, there = queries.around(now, now + AHEAD), who.on_duty(now)
    kinds = {kind.id: kind for kind in queries.kinds()}
    rows: list[dict[str, Any]] = [
        {
            "post": post,
            "name": called(post),
            "running": there.get(post.id, []),
            "gaps": [
                s for s in shifts if s.post_id == post.id and s.starts_at <= now and s.person_id is None
            ],
            "next": [s for s in shifts if s.post_id == post.id and s.starts_at > now][:1],
        }
        for post in queries.posts()
        if post.active
    ]
    return render_template(
        "duty/index.html",
        rows=rows,
        kinds={kind_id: called(kind) for kind_id, kind in kinds.items()},
        now=now,
        name_of=name_of,
        department_name=department_name,
    )


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
