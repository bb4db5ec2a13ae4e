"""/handbook/: the regulations by area and chapter; /handbook/<clause id>: one of them and how it is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from portal import enforcement, figure_words, notices
from portal.blueprints.handbook import chapters, page, places, regulations
from portal.blueprints.handbook.limits import LimitList
from portal.drawing import name_of
from portal.guards import me, needs
from portal.i18n import _, is_chinese
from portal.kernel import clause_figures, clauses, clock, documents
from portal.kernel.clauses import Clause
from portal.kernel.rights import May
from portal.papers import Paper, printed

bp = Blueprint("handbook", __name__, url_prefix="/handbook")
FORM_NUMBER = "QR-GO-05-01 · V1"  # GO-01: every printed form names its number and version


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """Every clause by area and chapter; `q` narrows them by words, id, pinyin or initials."""
    words = request.args.get("q", "").strip()[:100]
    every = [each.clause for each in regulations.every()]
    shown = [c for c in every if not words or chapters.matches(words, chapters.texts_of(c))]
    today, by_id = clock.today(), {clause.id: clause for clause in every}
    lately = regulations.changed_lately(clock.now(), today)
    unread = documents.unread_by(me(), regulations.KIND)
    coming = documents.coming(regulations.KIND)
    return render_template(
        "handbook/index.html",
        areas=_filled({clause.id: clause for clause in shown}),
        found=len(shown),
        words=words,
        lately=[(by_id[clause_id], day) for clause_id, day in lately.items()],
        to_read=[(by_id[each.code], each.version_id) for each in unread],
        coming=[(by_id[code], version) for code, version in coming.items()],
        coming_figures=[
            (by_id[clause_id], day) for clause_id, day in regulations.coming_figures(clock.now())
        ],
        **_words(),
    )


def _filled(shown: dict[str, Clause]) -> dict[str, list[tuple[chapters.Chapter, list[Clause]]]]:
    """The areas with their chapters that have any of these clauses."""
    areas: dict[str, list[tuple[chapters.Chapter, list[Clause]]]] = {}
    for chapter in chapters.chapters():
        if found := [shown[i] for i in chapter.clauses if i in shown]:
            areas.setdefault(chapter.area, []).append((chapter, found))
    return areas


@bp.get("/<clause_id>")
@needs(May.USE_PORTAL)
def show(clause_id: str) -> Response:
    """One clause: its words, how it is kept, its figures, what would have been, where the portal sees to it."""
    if not clauses.known(clause_id):
        abort(404)
    now, found = clock.now(), regulations.standing(clause_id)
    form = page.asked(request.args, clause_id)
    asks = form is not None and "limit" in request.args
    wrong = form is not None and asks and not form.validate()
    drawn = render_template(
        "handbook/show.html",
        clause=found.clause,
        edition=found.edition,
        versions=page.versions(found.edition, me()),
        to_confirm=page.has_to_confirm(found.edition, me()),
        managers=page.account_managers() if clause_id == "CU-04" else [],
        chapter=chapters.chapter_of(clause_id),
        beside=chapters.beside(clause_id),
        places=places.places_of(clause_id, me()),
        lines=page.lines(clause_id, me(), now),
        span_words=page.span_words,
        ruled=(ruled := page.ruled(clause_id, now)),
        moved_on=page.moved_on(found.edition, ruled),
        written=figure_words.written,
        in_words=figure_words.in_words,
        form=form,
        imagined=page.imagine(clause_id, form, me(), now) if form and asks and not wrong else None,
        may_change=me().may(May.MANAGE_OFFICE),
        **_words(),
    )
    return make_response(drawn, 422 if wrong else 200)


@printed(bp, "/print", May.USE_PORTAL)
def sheet() -> Paper:
    """The whole handbook on A4, or one chapter of it (GO-01)."""
    chosen = request.args.get("chapter", "")
    chapter = chapters.find_chapter(chosen)
    if chosen and chapter is None:
        abort(404)
    parts = [chapter] if chapter else chapters.chapters()
    named = f" · {chapter.title.for_locale('zh' if is_chinese() else 'en')}" if chapter else ""
    drawn = [(part, [regulations.standing(i) for i in part.clauses]) for part in parts]
    return Paper(
        "handbook/sheet.html",
        FORM_NUMBER,
        _("Handbook"),
        f"handbook-{chosen}.pdf" if chosen else "handbook.pdf",
        {"parts": drawn, "title": f"{_('Handbook')}{named}", "form_number": FORM_NUMBER, **_words()},
        query={"chapter": chosen} if chosen else {},
    )


@bp.get("/<clause_id>/limits")
@needs(May.READ_AUDIT)
def limits(clause_id: str) -> str:
    """The limits behind a figure of this clause, each with what it ran on."""
    kinds = tuple(kind for kind, clause in enforcement.CLOCKS.items() if clause == clause_id)
    if not clauses.known(clause_id) or not kinds:
        abort(404)
    usual = clause_figures.spans_at(clock.local(clock.now()).date())[0]
    asked = LimitList.asked_for(me(), request.args, kinds, usual)
    rows, older = asked.page()
    return render_template(
        "handbook/limits.html",
        clause=regulations.standing(clause_id).clause,
        asked=asked,
        rows=rows,
        older=older,
        kind_words=notices.CLOCKS[asked.kind],
        **_words(),
    )


def _words() -> dict[str, Any]:
    """Names of the areas and of what the portal does about a clause."""
    return {
        "chinese": is_chinese(),
        "name_of": name_of,
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
