"""/handbook/: the regulations; /handbook/<clause id>: one of them and where the portal enforces it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from portal import enforcement, notices, telling
from portal.guards import needs
from portal.i18n import _, is_chinese
from portal.kernel import clauses
from portal.kernel.rights import May

bp = Blueprint("handbook", __name__, url_prefix="/handbook")


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """Every clause by area; `q` narrows them by words or id."""
    words = request.args.get("q", "").strip()[:100].casefold()
    shown = [c for c in clauses.all_clauses() if not words or words in _text(c)]
    areas = dict.fromkeys(c.area for c in clauses.all_clauses())
    groups = [(area, [c for c in shown if c.area == area]) for area in areas]
    return render_template(
        "handbook/index.html", groups=groups, words=words, chinese=is_chinese(), **_words()
    )


def _text(clause: clauses.Clause) -> str:
    return " ".join((clause.id, *clause.title, *clause.rule)).casefold()


@bp.get("/<clause_id>")
@needs(May.USE_PORTAL)
def show(clause_id: str) -> str:
    """One clause."""
    if not clauses.known(clause_id):
        abort(404)
    places = [_place(name) for name in enforcement.places().get(clause_id, [])]
    return render_template(
        "handbook/show.html",
        clause=clauses.clause(clause_id),
        places=places,
        chinese=is_chinese(),
        **_words(),
    )


def _place(name: str) -> str:
    """A place that enforces a clause, in words: a step, a limit that runs, or a figure of the general office."""
    kind, _colon, code = name.partition(":")
    if kind == "clock":
        return _("Limit: %(name)s", name=notices.CLOCKS.get(code, code))
    if kind == "policy":
        return _("Figure of the general office: %(name)s", name=notices.FIGURES.get(code, code))
    return _("Step: %(name)s", name=telling.EVENTS.get(name, name))


def _words() -> dict[str, Any]:
    """Names of the areas and of what the portal does about a clause."""
    return {
        "area_words": {
            "reception": _("Reception"),
            "complaints": _("Complaints"),
            "duty": _("Duty"),
            "phrases": _("Phrases"),
            "customers": _("Customers"),
            "office": _("General office"),
        },
        "mode_words": {
            "enforce": _("refuses or acts by itself"),
            "record": _("keeps the record"),
            "guide": _("shows it at the moment of work"),
        },
    }
