"""/search: one field over everything that the person may see, and what they looked for lately."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.blueprints.home.routes import bp
from portal.guards import me, needs
from portal.hx import gone_to, is_for, wants_fragment
from portal.i18n import _
from portal.kernel import clock, excerpts, finders, lists, recents
from portal.kernel.db import db
from portal.kernel.rights import May

OFFERED = 3  # hits of a kind that are shown while somebody types
MARK, REST = Markup("<mark>{}</mark>"), Markup("{}")


@bp.get("/search")
@needs(May.USE_PORTAL)
def search() -> Response | str:
    """What answers `q`, by kind; of one `kind` only, more of it. A number typed whole leads to its thing.

    Asked for by the field of the frame while somebody types, the answer is a few hits.
    """
    viewer, words = me(), lists.words(request.args.get("q"))
    if is_for("search-found"):
        groups = finders.find(viewer, words, best=OFFERED, counting=False)
        return render_template("home/_found.html", groups=groups, words=words, marked=marked)
    only = lists.code(request.args.get("kind"), {kind.name for kind in finders.kinds_of(viewer)})
    if not only and (address := finders.whole(viewer, words)):
        return redirect(address)
    best = finders.MOST_ALONE if only else finders.BEST
    return render_template(
        "home/search.html",
        groups=finders.find(viewer, words, only=only, best=best),
        only=only,
        search_words=words,
        marked=marked,
        about=about,
        recent=[] if words else recents.of(viewer.id),
    )


def marked(text: str, words: str) -> Markup:
    """A text, escaped, with the words in it marked."""
    pieces = excerpts.pieces(text, words)
    return Markup("").join((MARK if hit else REST).format(piece) for piece, hit in pieces)


def about(text: str, words: str) -> Markup:
    """One line of a longer text, where the words stand."""
    return marked(excerpts.excerpt(text, words), words)


@bp.post("/search/recent")
@needs(May.USE_PORTAL)
def keep_search() -> Response:
    """Keep what was looked for among the person's recent searches; a page of hits says so itself once it is shown."""
    words = lists.words(request.form.get("q"))
    if not words:
        abort(404)
    with db.write():
        recents.keep(me().id, words, clock.now())
    return Response(status=204) if wants_fragment() else gone_to(url_for(".search"), said=_("Kept."))


@bp.post("/search/forget")
@needs(May.USE_PORTAL)
def forget_search() -> Response:
    """Forget one recent search, or without `q` all of them."""
    words = lists.words(request.form.get("q"))
    with db.write():
        recents.forget(me().id, words)
    said = _("That search is forgotten.") if words else _("Your recent searches are forgotten.")
    return gone_to(url_for(".search"), said=said)
