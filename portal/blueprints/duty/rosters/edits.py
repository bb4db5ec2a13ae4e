"""/duty/rosters/<id>/cell, /move, /mend: a draft changed by hand, each change checked at once (DR-21)."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.rosters import actions, page, picture, queries
from portal.blueprints.duty.rosters.forms import OFF, CellForm, MoveForm
from portal.blueprints.duty.rosters.models import Roster
from portal.blueprints.duty.rosters.picture import Picture, Place
from portal.blueprints.duty.rosters.problem import Cell
from portal.blueprints.duty.rosters.rules import Broken
from portal.forms import Day, Someone
from portal.guards import me, needs
from portal.hx import gone_to, toast, wants_fragment
from portal.i18n import _, with_clause
from portal.kernel import clock, lists, reference
from portal.kernel.rights import May

GRID, CELL = "duty/rosters/_grid.html", "duty/rosters/cell.html"
MOST_CHANGED = 4  # cells of one proposal


@bp.get("/rosters/<int:roster_id>/cell")
@needs(May.PLAN_DUTY)
def roster_cell(roster_id: int) -> str:
    """One person's day: every shift, with what each would break, and where it can be moved (DR-21)."""
    card = reference.staff().by_username(request.args.get("person", "")[:64])
    found, day = queries.find(me(), roster_id), lists.day(request.args.get("day"))
    if card is None or day is None or not found.starts_on <= day <= found.ends_on:
        raise NotFound
    return render_template(CELL, **page.one_cell(found, picture.of(found, clock.now()), card.id, day))


@bp.post("/rosters/<int:roster_id>/cell")
@needs(May.PLAN_DUTY)
def set_roster_cell(roster_id: int) -> Response:
    """Another shift for one person's day, checked at once; a cell that changed meanwhile answers 409 (DR-21)."""
    form = CellForm.of_request()
    found = queries.find(me(), roster_id)
    seen = picture.of(found, clock.now())
    place = _place(seen, form.validate(), form.person, form.day)
    found, broken = actions.change(
        roster_id,
        {place: _meant(seen, place, form)},
        by=me(),
        now=clock.now(),
        pinned=form.pinned.data,
        was=_was(seen, {place: "was"}),
        pins_stay="shift" not in request.form,  # the cell's own page says whether it is pinned
    )
    return _changed(found, broken)


def _place(seen: Picture, valid: bool, who: Someone, when: Day) -> Place:
    """The cell that two fields name; NotFound for one that the roster does not have."""
    if not valid or who.card is None or when.data is None or when.data not in seen.problem.days:
        raise NotFound
    return who.card.id, when.data


def _was(seen: Picture, names: dict[Place, str]) -> dict[Place, Cell | None]:
    """What the page showed in these cells, as far as the form says it."""
    return {place: _cell(seen, request.form[name]) for place, name in names.items() if name in request.form}


def _cell(seen: Picture, code: str) -> Cell | None:
    try:
        return page.cell_of(seen, code)
    except KeyError:
        raise NotFound from None


def _meant(seen: Picture, place: Place, form: CellForm) -> Cell | None:
    """The shift that was chosen, or the one that a letter means; NotFound for what there is not."""
    if form.letter.data:
        cell = page.by_letter(seen, place, form.letter.data)
        if cell is None:
            raise NotFound
        return cell
    return _cell(seen, form.shift.data or OFF)


@bp.post("/rosters/<int:roster_id>/move")
@needs(May.PLAN_DUTY)
def move_in_roster(roster_id: int) -> Response:
    """A shift to another cell, or the contents of two cells exchanged; checked at once like any hand edit (DR-21)."""
    form = MoveForm.of_request()
    found = queries.find(me(), roster_id)
    seen, valid = picture.of(found, clock.now()), form.validate()
    places = _place(seen, valid, form.person, form.day), _place(seen, valid, form.to_person, form.to_day)
    was = _was(seen, dict(zip(places, ("was", "to_was"), strict=True)))
    found, broken = actions.move(roster_id, *places, by=me(), now=clock.now(), was=was)
    return _changed(found, broken)


@bp.post("/rosters/<int:roster_id>/mend")
@needs(May.PLAN_DUTY)
def mend_roster(roster_id: int) -> Response:
    """What a proposal says, in one touch; refused when it would break something by now (DR-21)."""
    found = queries.find(me(), roster_id)
    seen, staff = picture.of(found, clock.now()), reference.staff()
    wanted: dict[Place, Cell | None] = {}
    for line in request.form.getlist("change")[:MOST_CHANGED]:
        name, _bar, rest = line.partition("|")
        written, _bar, code = rest.partition("|")
        card, day = staff.by_username(name), lists.day(written)
        if card is None or day is None or day not in seen.problem.days:
            raise NotFound
        wanted[card.id, day] = _cell(seen, code)
    if not wanted:
        raise NotFound
    found, broken = actions.change(roster_id, wanted, by=me(), now=clock.now(), clean=True, pins_stay=True)
    return _changed(found, broken)


def _changed(found: Roster, broken: list[Broken]) -> Response:
    """The redrawn grid, with what the change breaks in words."""
    back = url_for(".roster", roster_id=found.id)
    seen = picture.of(found, clock.now())
    said = " ".join(with_clause(page.broken_words(seen, one), one.clause) for one in broken[:2])
    if not wants_fragment():
        return gone_to(back, said=said or _("Changed."))
    drawn = {**page.grid(found, seen, editable=True), **page.troubles(seen, seen.findings)}
    answer = make_response(render_template(GRID, **drawn, plans=True))
    if said:
        answer.headers["HX-Trigger"] = toast(said, "warn")
    return answer
