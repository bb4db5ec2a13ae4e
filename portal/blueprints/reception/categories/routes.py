"""/reception/matrix: what each category decides, read by everybody, changed by the general office (RC-01, GO-05)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.reception import parts
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.categories import labels, rules
from portal.blueprints.reception.categories.forms import CellForm, form_of, known
from portal.blueprints.reception.codes import Category
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, policies
from portal.kernel.db import db
from portal.kernel.figures import FIGURES, MATRIX_ROWS, Figure
from portal.kernel.rights import May
from portal.parts import Part

parts.PARTS.append(Part(_l("Category matrix"), "reception.matrix", May.SEE_VISITS, 90))
policies.OBJECTIONS.append(rules.objection)


@bp.get("/matrix")
@needs(May.SEE_VISITS)
def matrix() -> str:
    """Every row for every category, in words, each cell with its clause and since when it is in force."""
    now = clock.now()
    rows = [
        (
            labels.ROWS[row],
            FIGURES[f"visit.{Category.A}.{row}"].clause,
            [(category, row, *_cell(FIGURES[f"visit.{category}.{row}"], now)) for category in Category],
        )
        for row in MATRIX_ROWS
    ]
    return render_template(
        "reception/matrix/index.html",
        rows=rows,
        categories=list(Category),
        ordered={str(labels.ROWS[row]) for row in ("order", "refreshments", "places")},
        may_edit=me().may(May.MANAGE_OFFICE),
    )


def _cell(figure: Figure, now: Any) -> tuple[list[str], Any, bool]:
    """A cell's words, the version in force, and whether another one is to come."""
    in_force = policies.in_force(figure.key, now)
    comes = any(row.in_force_from > now for row in policies.versions(figure.key))
    row = figure.key.rpartition(".")[2]
    return labels.words(row, in_force.value), in_force, comes


@bp.get("/matrix/<letter>/<row>")
@needs(May.SEE_VISITS)
def matrix_cell(letter: str, row: str) -> str:
    """One cell: every value it ever had; for the office the form of the next."""
    figure = _find(letter, row)
    now = clock.now()
    form = form_of(figure).blank(figure=figure, now=now, **known(figure, policies.value(figure.key, now)))
    return render_template("reception/matrix/cell.html", **_page(figure, form))


@bp.post("/matrix/<letter>/<row>/change")
@needs(May.MANAGE_OFFICE)
def change_matrix(letter: str, row: str) -> Response:
    """A new value from a moment on: at once for new visits, for the tasks of open ones with their next act."""
    figure, now = _find(letter, row), clock.now()
    form = form_of(figure).of_request(figure=figure, now=now)
    if not form.validate():
        return make_response(render_template("reception/matrix/cell.html", **_page(figure, form)), 422)
    with db.write():
        policies.set_value(
            figure.key,
            form.written(),
            from_=form.in_force_from.data,
            reason=form.reason.data,
            by=me().id,
            now=now,
        )
    said = _("%(cell)s: the new value is kept.", cell=labels.FIGURES[figure.key])
    return gone_to(url_for(".matrix_cell", letter=letter, row=row), said=said)


def _find(letter: str, row: str) -> Figure:
    if letter not in set(map(str, Category)) or row not in MATRIX_ROWS:
        abort(404)
    return FIGURES[f"visit.{letter}.{row}"]


def _page(figure: Figure, form: CellForm) -> dict[str, Any]:
    now = clock.now()
    row = figure.key.rpartition(".")[2]
    category = Category(figure.key.split(".")[1])
    return {
        "figure": figure,
        "title": str(labels.FIGURES[figure.key]),
        "legend": labels.ROWS[row],
        "category": category,
        "row": row,
        "words": labels.words(row, policies.value(figure.key, now)),
        "form": form,
        "may_edit": me().may(May.MANAGE_OFFICE),
        "versions": [
            (version, labels.words(row, version.value), version.in_force_from > now)
            for version in reversed(policies.versions(figure.key))
        ],
        "name_of": name_of,
    }
