"""/office/limits/: every figure, its value in force, how it changes (GO-05)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office import labels
from portal.blueprints.office.area import bp
from portal.blueprints.office.limits import queries
from portal.blueprints.office.limits.forms import FigureForm, form_of
from portal.drawing import name_of
from portal.figure_words import written
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, ngettext
from portal.kernel import clock, figures, history, policies
from portal.kernel.db import db
from portal.kernel.figures import Figure
from portal.kernel.rights import May


@bp.get("/limits/")
@needs(May.MANAGE_OFFICE)
def limits() -> str:
    """Every figure with the value in force and the next one."""
    return render_template(
        "office/limits/index.html", groups=queries.groups(clock.now()), words=labels.GROUPS
    )


@bp.get("/limits/<key>")
@needs(May.MANAGE_OFFICE)
def limit(key: str) -> str:
    """One figure: every value it ever had, and the form for the next."""
    figure = _find(key)
    form = form_of(figure).blank(figure=figure, now=clock.now(), value=policies.value(key, clock.now()))
    return render_template("office/limits/show.html", **_page(figure, form))


@bp.post("/limits/<key>/change")
@needs(May.MANAGE_OFFICE)
def change_limit(key: str) -> Response:
    """A new value from a moment on; open cases keep theirs unless the office chooses to recompute."""
    figure, now = _find(key), clock.now()
    form = form_of(figure).of_request(figure=figure, now=now)
    if not form.validate():
        return make_response(render_template("office/limits/show.html", **_page(figure, form)), 422)
    moved = 0
    with db.write():
        row = policies.set_value(
            key, form.value.data, from_=form.in_force_from.data, reason=form.reason.data, by=me().id, now=now
        )
        if form.data.get("recompute"):
            moved = sum(recompute(key, me().id, now) for recompute in policies.RECOMPUTE)
            history.record(row, "policy:recompute", by=me().id, now=now, clause="GO-05", key=key, count=moved)
    said = _("%(figure)s: the new value is kept.", figure=labels.figure(key))
    if moved:
        said = f"{said} {ngettext('%(num)s open case moved.', '%(num)s open cases moved.', moved)}"
    return gone_to(url_for(".limit", key=key), said=said)


def _find(key: str) -> Figure:
    if key not in figures.FIGURES:
        abort(404)
    return figures.FIGURES[key]


def _page(figure: Figure, form: FigureForm) -> dict[str, Any]:
    return {
        "shown": queries.shown(figure, clock.now()),
        "form": form,
        "versions": [(row, written(figure, row.value)) for row in reversed(policies.versions(figure.key))],
        "name_of": name_of,
    }
