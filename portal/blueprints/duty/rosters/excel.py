"""Shifts in Excel: the columns, what a line may say, and drafts that take the lines over (DR-01).

The lines say who has a post's kind of shift on a day: nobody else keeps it, who is named has no other shift on that day.
What no line speaks of stays as it is, so does what is pinned, and the past.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict

from portal import importing
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters import actions, page, picture, queries
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.forms import LineForm
from portal.blueprints.duty.rosters.labels import REASONS
from portal.blueprints.duty.rosters.models import Roster
from portal.blueprints.duty.rosters.picture import Picture
from portal.blueprints.duty.rosters.problem import Cell
from portal.i18n import _, _l, called
from portal.importing import Kind, Ready, Weighed
from portal.kernel import clock, history, reference, sheets, workbooks
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column
from portal.kernel.workflow import Reason, Refused

NAMES = ("post", "kind", "starts_at", "ends_at", "person")
NEEDED = frozenset({"post", "kind", "starts_at"})
HINTS = {
    "starts_at": _l("As a date of the spreadsheet, or as 2026-03-01 07:00."),
    "ends_at": _l("Left empty, it follows from the kind of shift."),
    "person": _l("The user name, or a name that only one person bears. Left empty, it is a gap."),
}
MOST = 4_000  # lines: two months of sixty people
Seat = tuple[date, Cell]


@dataclass(frozen=True)
class Line:
    """One line as the roster sees it."""

    number: int
    seat: Seat
    who: int | None


def columns() -> list[Column]:
    """The fields of a shift, in the language of the page; posts and kinds by their words or codes."""
    ground = posts.ground()
    example = {"starts_at": "2026-03-02 07:00", "person": "desk1"}
    words = {"post": _words(ground.posts.values()), "kind": _words(ground.kinds.values())}
    example |= {name: next(iter(codes), "") for name, codes in words.items()}
    found = importing.columns_of(
        LineForm.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=example, keyed=True
    )
    return [replace(column, choices=words.get(column.name, {})) for column in found]


def _words(rows: Iterable[Any]) -> dict[str, list[str]]:
    return {row.code: [called(row), row.name, row.name_en or row.name] for row in rows}


def judge(sent: dict[str, Any]) -> tuple[LineForm, dict[str, list[str]]]:
    """One line by itself."""
    form = LineForm(MultiDict(sent))
    form.validate()
    return form, {name: [str(said) for said in messages] for name, messages in form.errors.items()}


def _line(one: Ready) -> Line:
    form, ground = one.form, posts.ground()
    post = next(row.id for row in ground.posts.values() if row.code == form.post.data)
    kind = next(row.id for row in ground.kinds.values() if row.code == form.kind.data)
    card = form.person.card
    return Line(one.line, (form.day, (post, kind)), card.id if card else None)


# -- the lines together ---------------------------------------------------------------------------------------------


def weigh(by: Viewer, ready: Sequence[Ready], only: int | None = None) -> Weighed:
    """What stands against the lines, and which say what the drafts say already; `only` is the roster they are for."""
    lines = [_line(one) for one in ready]
    drafts = _drafts(by, clock.now(), only)
    taken = [] if only else [row for row in queries.rosters(by) if row.state is not State.DRAFT]
    wrong: dict[int, dict[str, list[str]]] = {}
    twice: dict[tuple[int, date], int] = {}
    for line in lines:
        day = line.seat[0]
        said = _placed(day, drafts, taken, only)
        if not said and line.who is not None:
            said = _of_person(line, [seen for _roster, seen in drafts if day in seen.problem.days])
            first = twice.setdefault((line.who, day), line.number)
            if first != line.number:
                said = {"person": [_("Row %(line)s has the same person on that day.", line=first)]}
        if said:
            wrong[line.number] = said
    cells = {roster.number: str(sorted(seen.cells.items())) for roster, seen in drafts}
    return Weighed(wrong, _same(lines, drafts), fields_digest(cells))


def _drafts(
    by: Viewer, now: datetime, only: int | None, *, lock: bool = False
) -> list[tuple[Roster, Picture]]:
    """The drafts that lines may go to; ValueError with the message when the one they are for takes none now."""
    ids = [only] if only else [row.id for row in queries.rosters(by) if row.state is State.DRAFT]
    rosters = [queries.find(by, its_id, lock=lock) for its_id in ids]
    found = [roster for roster in rosters if roster.state is State.DRAFT]
    if only and not found:
        raise ValueError(_("Only a draft takes shifts from a workbook."))
    if any(queries.solve_of(roster.id)[1] for roster in found):
        raise ValueError(str(REASONS["being_solved"]))
    return [(roster, picture.of(roster, now)) for roster in found]


def _placed(
    day: date, drafts: Sequence[tuple[Roster, Picture]], taken: Sequence[Roster], only: int | None
) -> dict[str, list[str]]:
    """What stands against a line because of its day."""
    fits = [roster for roster, seen in drafts if day in seen.problem.days]
    past = day < clock.local(clock.now()).date()
    if only and not fits:
        said = _("The roster does not have this day.")
    elif len(fits) > 1:
        numbers = {"one": fits[0].number, "other": fits[1].number}
        said = _("Two drafts have this day, %(one)s and %(other)s. Import it on the page of one.", **numbers)
    elif not fits and any(row.starts_on <= day <= row.ends_on for row in taken):
        said = _("A roster with this day is published already.")
    elif not fits and past:
        said = str(REASONS["day_is_past"])
    else:
        return {}
    return {"starts_at": [said]}


def _of_person(line: Line, seen: Sequence[Picture]) -> dict[str, list[str]]:
    """What stands against giving somebody that shift: the past, a pin."""
    (day, cell), place = line.seat, (line.who, line.seat[0])
    for each in seen:
        if each.cells.get(place) == cell:
            continue
        if day in each.problem.past:
            return {"starts_at": [str(REASONS["day_is_past"])]}
        if each.pinned(place):
            return {"person": [_("This person's day is pinned to something else.")]}
    return {}


def _same(lines: Iterable[Line], drafts: Sequence[tuple[Roster, Picture]]) -> dict[int, str]:
    """The lines whose seats hold exactly these people already, with the number of the roster."""
    wanted = _by_seat(lines)
    found = {}
    for roster, seen in drafts:
        there: dict[Seat, Counter[int]] = defaultdict(Counter)
        for (who, day), cell in seen.cells.items():
            there[day, cell][who] += 1
        for seat, each in wanted.items():
            if seat[0] in seen.problem.days and there[seat] == Counter(line.who for line in each if line.who):
                found.update({line.number: roster.number for line in each})
    return found


def _by_seat(lines: Iterable[Line]) -> dict[Seat, list[Line]]:
    found: dict[Seat, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.seat].append(line)
    return found


# -- recorded -------------------------------------------------------------------------------------------------------


def record(ready: Sequence[Ready], *, by: Viewer, now: datetime, only: int | None = None) -> list[str]:
    """The drafts as the lines say, a draft a month where none has the days; the number of the roster for each line.
    Inside a write."""
    lines = [_line(one) for one in ready]
    drafts = _drafts(by, now, only, lock=True)
    covered = {day for _roster, seen in drafts for day in seen.problem.days}
    months: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in sorted({line.seat[0] for line in lines} - covered):
        months[day.year, day.month].append(day)
    for days in () if only else months.values():
        made = actions.begin(days[0], days[-1], "", by=by, now=now)
        drafts.append((made, picture.of(made, now)))
    numbers = []
    for roster, seen in drafts:
        mine = [line for line in lines if line.seat[0] in seen.problem.days]
        if mine:
            actions.lay(roster, seen, _after(seen, mine))
            read: dict[str, Any] = {"lines": len(mine)}
            history.record(roster, "roster:import", by=by.id, now=now, clause="DR-01", **read)
            numbers += [roster.number] * len(mine)
    return numbers


def _after(seen: Picture, lines: Sequence[Line]) -> dict[Any, Cell]:
    """The cells as these lines say; Refused for what was free to be changed when they were tried out, and is not now."""
    cells, seats = dict(seen.cells), _by_seat(lines)
    named = {(line.who, line.seat[0]): line.seat[1] for line in lines if line.who is not None}
    for place, cell in seen.cells.items():
        if (place[1], cell) in seats and not seen.pinned(place):
            del cells[place]
    cells |= named
    moved = {place for place in {*cells, *seen.cells} if cells.get(place) != seen.cells.get(place)}
    if any(day in seen.problem.past for _who, day in moved):
        raise Refused([Reason("DR-01", "day_is_past")])
    if any(map(seen.pinned, moved)):
        raise Refused([Reason("DR-01", "pinned_stays")])
    return cells


# -- written --------------------------------------------------------------------------------------------------------


def book(title: str, seats: Iterable[Any], *beside: workbooks.Beside) -> bytes:
    """A workbook of shifts that can be read in again."""
    ground, cards = posts.ground(), reference.staff().cards
    names = Counter(card.name for card in cards.values() if card.active)

    def called(who: int | None) -> str:
        if who is None:
            return ""
        return cards[who].name if names[cards[who].name] == 1 else cards[who].username

    rows = [
        (
            ground.posts[row.post_id].code,
            ground.kinds[row.kind_id].code,
            row.starts_at,
            row.ends_at,
            called(row.person_id),
        )
        for row in seats
    ]
    return workbooks.template(title, columns(), MOST, rows, *beside)


def of_roster(roster: Roster) -> bytes:
    """One roster: its shifts line by line, and the grid as it hangs on the wall."""
    seen = picture.of(roster, clock.now())
    drawn = page.grid(roster, seen, editable=False)
    heads = [sheets.Column(_("Person")), *(sheets.Column(f"{head.day:%m-%d}") for head in drawn["heads"])]
    title = f"{_('Roster')} {roster.number}"
    return book(_("Shifts"), seen.shifts, (title, heads, page.sheet_rows(drawn)))


def coming(by: Viewer) -> bytes:
    """Every shift from today on that the viewer may see: of published rosters and of drafts."""
    return book(_("Shifts"), queries.shifts_from(by, clock.local(clock.now()).date()))


def before(_by: Viewer, _keys: Iterable[str]) -> Mapping[str, importing.Before]:
    """A line leaves no key: what it says stands in the roster."""
    return {}


def _digest(form: LineForm) -> str:
    return fields_digest({name: str(form[name].data) for name in NAMES})


SHIFTS = Kind(
    name="shifts",
    may_import=May.PLAN_DUTY,
    may_export=May.SEE_DUTY,
    columns=columns,
    judge=judge,
    digest=_digest,
    before=before,
    record=None,
    export=coming,
    most=MOST,
    weigh=weigh,
    record_all=record,
)


def into(roster_id: int) -> Kind:
    """Shifts for one draft only."""
    return replace(SHIFTS, weigh=partial(weigh, only=roster_id), record_all=partial(record, only=roster_id))
