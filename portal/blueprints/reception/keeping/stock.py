"""/reception/deposits/tags, /reception/keys/ring: the numbered tags and the keys of the house."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import actions, forms, page, queries
from portal.blueprints.reception.keeping.common import again
from portal.blueprints.reception.keeping.models import Key, Tag
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, ngettext
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Refused

TAGS, RING = "reception/keeping/tags.html", "reception/keeping/ring.html"


def _tags(tried: forms.TagsForm | None = None) -> tuple[str, dict[str, Any]]:
    return TAGS, {"rows": queries.tags(), "form": tried or forms.TagsForm.blank()}


def _ring(tried: forms.KeyForm | None = None) -> tuple[str, dict[str, Any]]:
    return RING, {"rows": queries.keys(), "form": tried or forms.KeyForm.blank(), "opens": page.opens}


@bp.get("/deposits/tags")
@needs(May.RECEIVE)
def tags() -> str:
    """The tags, and what each carries."""
    template, context = _tags()
    return render_template(template, **context)


@bp.post("/deposits/tags/add")
@needs(May.RECEIVE)
def add_tags() -> Response:
    """Put more tags into use."""
    form = forms.TagsForm.of_request()
    if not form.validate():
        return again(lambda: _tags(form), 422)
    with db.write():
        count = actions.add_tags(form.first.data, form.last.data, by=me(), now=clock.now())
    return gone_to(url_for(".tags"), said=ngettext("%(num)s tag added.", "%(num)s tags added.", count))


@bp.post("/deposits/tags/<int:tag_id>/retire")
@needs(May.RECEIVE)
def retire_tag(tag_id: int) -> Response:
    """A tag is worn out or gone; not while it carries something (RC-27)."""
    return _turn(Tag, tag_id, False)


@bp.post("/deposits/tags/<int:tag_id>/restore")
@needs(May.RECEIVE)
def restore_tag(tag_id: int) -> Response:
    """A tag is back in use."""
    return _turn(Tag, tag_id, True)


@bp.get("/keys/ring")
@needs(May.RECEIVE)
def key_ring() -> str:
    """The keys of the house, and who has each."""
    template, context = _ring()
    return render_template(template, **context)


@bp.post("/keys/ring/add")
@needs(May.RECEIVE)
def add_key() -> Response:
    """One more key."""
    form = forms.KeyForm.of_request()
    if not form.validate():
        return again(lambda: _ring(form), 422)
    try:
        with db.write():
            actions.add_key(**form.data, by=me(), now=clock.now())
    except Refused as refused:
        return again(lambda: _ring(form), 409, refused)
    return gone_to(url_for(".key_ring"), said=_("Key %(key)s is added.", key=form.number.data))


@bp.post("/keys/ring/<int:key_id>/retire")
@needs(May.RECEIVE)
def retire_key(key_id: int) -> Response:
    """A key is no longer lent; not while it is out (RC-26)."""
    return _turn(Key, key_id, False)


@bp.post("/keys/ring/<int:key_id>/restore")
@needs(May.RECEIVE)
def restore_key(key_id: int) -> Response:
    """A key is lent again."""
    return _turn(Key, key_id, True)


def _turn(model: type[actions.Stock], its_id: int, active: bool) -> Response:
    with db.write():
        found = actions.turn(model, its_id, active, by=me(), now=clock.now())
    said = _("%(number)s is in use again.", number=found.number)
    if not active:
        said = _("%(number)s is retired.", number=found.number)
    return gone_to(url_for(".tags" if isinstance(found, Tag) else ".key_ring"), said=said)
