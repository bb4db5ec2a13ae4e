"""/phrases/: the library, the panel beside a reply, one phrase, its use, favourites, figures, proposals."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.library import actions, page, queries, rules, sheet
from portal.blueprints.phrases.library.codes import BLANKS
from portal.blueprints.phrases.library.queries import KIND, PhraseList
from portal.blueprints.phrases.parts import PARTS
from portal.guards import me, needs
from portal.hx import gone_to, is_for, toast, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.import_pages import ImportPages
from portal.kernel import clock, lists, sheets
from portal.kernel import wording as worded
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

INDEX, ONE, FIGURES = (
    "phrases/library/index.html",
    "phrases/library/show.html",
    "phrases/library/figures.html",
)

PARTS.append(Part(_l("Phrases"), "phrases.index", May.USE_PORTAL, 10))
PARTS.append(Part(_l("Use of phrases"), "phrases.figures", May.USE_PORTAL, 90))


@bp.record_once
def _picker(state: Any) -> None:
    state.app.jinja_env.globals.update(phrases_for=page.pick_address)


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """The library; its filters are in the address, and so is what the phrases are said about (PG-03)."""
    asked = PhraseList.of(me(), request.args)
    part = "phrases/library/_list.html" if is_for("phrases") else INDEX
    return render_template(part, **page.listed(asked, queries.about(me(), request.args)))


@bp.get("/pick")
@needs(May.USE_PORTAL)
def pick() -> Response | str:
    """The panel beside a reply; alone, the library about the same (PG-03)."""
    asked = PhraseList.of(me(), request.args)
    if not wants_fragment():
        return redirect(url_for(".index", **asked.address()))
    part = (
        "phrases/library/_pick.html" if request.args.get("part") != "rows" else "phrases/library/_picked.html"
    )
    return render_template(part, **page.offered(asked, queries.about(me(), request.args)))


@bp.get("/<int:phrase_id>")
@needs(May.USE_PORTAL)
def phrase(phrase_id: int) -> str:
    """One phrase with its blanks to be filled, where it fits, its edition (PG-03)."""
    return _one(phrase_id, {})


def _one(phrase_id: int, given: dict[str, str]) -> str:
    asked = PhraseList.of(me(), request.values)
    about = queries.about(me(), request.values)
    return render_template(ONE, **page.one(queries.current(phrase_id), me(), asked, about, given))


@bp.post("/<int:phrase_id>/use")
@needs(May.USE_PORTAL)
def use_phrase(phrase_id: int) -> Response:
    """PG-03: a use is counted; without script the answer is the phrase with its blanks filled, to be copied."""
    queries.current(phrase_id)
    with db.write():
        actions.use(phrase_id, by=me(), now=clock.now())
    if wants_fragment():
        return make_response("", 204)
    given = {name: lists.words(request.form.get(name), rules.MOST) for name in BLANKS}
    return make_response(_one(phrase_id, given))


@bp.post("/<int:phrase_id>/favourite")
@needs(May.USE_PORTAL)
def favourite_phrase(phrase_id: int) -> Response:
    """Keep a phrase at hand, or no longer; `on` says which."""
    queries.current(phrase_id)
    on = request.form.get("on") == "1"
    with db.write():
        actions.keep(phrase_id, on, by=me(), now=clock.now())
    said = _("Kept among the favourites.") if on else _("No favourite any more.")
    asked = PhraseList.of(me(), request.form)
    if not wants_fragment():
        return gone_to(url_for(".index", **asked.address()) + f"#phrase-{phrase_id}", said=said)
    entry = next(entry for entry in queries.entries() if entry.id == phrase_id)
    drawn = page.rows([entry], asked.mine, None, asked.lang)[0]
    answer = make_response(render_template("phrases/library/_star.html", row=drawn, asked=asked))
    answer.headers["HX-Trigger"] = toast(said)
    return answer


@bp.get("/propose")
@needs(May.USE_PORTAL)
def propose() -> Response:
    """GO-01: a phrase proposed from what was answered elsewhere: its number is kept, its words are typed already.

    The words of an answer do not travel in the address: addresses are logged.
    """
    source = lists.words(request.args.get("source"), 24)
    text = lists.words(request.args.get("text"), rules.MOST)
    if source and worded.about(me(), source) is None:
        abort(404)
    return redirect(url_for("documents.propose", kind=KIND, text=text or None, source=source or None))


@bp.get("/figures")
@needs(May.USE_PORTAL)
def figures() -> str:
    """Which phrases are used, by moment; which nobody uses; who used how many, for whom it concerns (PG-03)."""
    days = request.args.get("days", "")
    person = lists.number(request.args.get("person"))
    if person is not None and person not in queries.seen_by(me()):
        abort(404)
    chosen = next((each for each in queries.DAYS if str(each) == days), queries.DAYS[1])
    return render_template(FIGURES, **page.figures(me(), chosen, person))


@bp.post("/<int:phrase_id>/withdraw")
@needs(May.USE_PORTAL)
def withdraw_phrase(phrase_id: int) -> Response:
    """GO-01: by one touch, a draft that takes an unused phrase out of force."""
    current = queries.current(phrase_id)
    with db.write():
        made = actions.withdraw(current, reason=_("Not used for a long time."), by=me(), now=clock.now())
    return gone_to(
        url_for("documents.show", version_id=made.id),
        said=_("The draft is saved. Submit it when it is ready."),
    )


@bp.get("/export")
@needs(May.EXPORT_CASES)
def export_phrases() -> Response:
    """The phrases in force, as a workbook that can be read in again."""
    return sheets.send(f"{_('Phrases')} {clock.local(clock.now()):%Y-%m-%d}", sheet.book())


ImportPages(
    kind=sheet.PHRASES,
    title=_l("Import phrases"),
    about=_l(
        "Phrases from a workbook are proposed, each under its code; they hold when another person of the general office "
        "has approved them. (GO-01)"
    ),
    promise=_l("All of them are proposed at once, or none."),
    button=lambda count: ngettext("Propose %(num)s phrase", "Propose %(num)s phrases", count),
    recorded=lambda count: ngettext("%(num)s phrase proposed.", "%(num)s phrases proposed.", count),
    sheet=_l("Phrases"),
    file=_l("Template for phrases"),
    tabs="phrases/_parts.html",
    endpoint="phrases.import_phrases",
    list_endpoint="phrases.index",
    exported="phrases.export_phrases",
).add_to(bp, "/import")
