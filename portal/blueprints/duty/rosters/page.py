"""What the templates of rosters draw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask import url_for

from portal import timeline
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters import legend, picture, queries
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.forms import FORMS, OFF
from portal.blueprints.duty.rosters.gates import Findings, Hours
from portal.blueprints.duty.rosters.labels import BROKEN, BUTTONS, in_words
from portal.blueprints.duty.rosters.leaves import NONE
from portal.blueprints.duty.rosters.models import Roster, Solve
from portal.blueprints.duty.rosters.picture import Picture, Place
from portal.blueprints.duty.rosters.problem import Cell, Change
from portal.blueprints.duty.rosters.rules import GAP, Broken, Rule, against, mends
from portal.blueprints.duty.rosters.workflow import DISCARD, EXPLAIN, PUBLISH, ROSTER, SOLVE, STOP
from portal.drawing import name_of
from portal.forms import VerbForm
from portal.i18n import _, called
from portal.kernel import clock, reference
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May

TONES = {State.DRAFT: "warn", State.PUBLISHED: "ok", State.CLOSED: ""}
MOST_TOLD, MOST_MENDED = 40, 12  # broken rules in words, and with proposals


class Square(NamedTuple):
    """One cell of the grid."""

    day: date
    letter: str
    post: str  # its first sign, where there are several posts
    code: str
    told: str
    tint: str
    pinned: bool
    wish: str  # on, off or empty
    away: bool  # on leave (DR-04)
    own: int | None  # the viewer's own shift to come, by its id


class Trouble(NamedTuple):
    """One broken rule in words, and what would mend it: words and the change as a form sends it."""

    clause: str
    told: str
    mends: list[tuple[str, list[str]]]


def code_of(seen: Picture, cell: Cell | None) -> str:
    """A cell as forms write it: `front-desk/night`; `off` for a day off."""
    if cell is None:
        return OFF
    return f"{_row(seen.ground.posts, cell[0]).code}/{_row(seen.ground.kinds, cell[1]).code}"


def cell_of(seen: Picture, code: str) -> Cell | None:
    """What a form means; KeyError for what there is not."""
    if code == OFF:
        return None
    post, _slash, kind = code.partition("/")
    posts = {row.code: row.id for row in seen.ground.posts.values()}
    kinds = {row.code: row.id for row in seen.ground.kinds.values()}
    return posts[post], kinds[kind]


def _needed(seen: Picture) -> list[Cell]:
    """Which kinds of shifts the posts in use need at all."""
    pairs = {(row.post_id, row.kind_id) for row in seen.ground.needs}
    return [
        (post.id, kind.id)
        for post in seen.ground.posts.values()
        for kind in seen.ground.kinds.values()
        if post.active and kind.active and (post.id, kind.id) in pairs
    ]


def by_letter(seen: Picture, place: Place, letter: str) -> Cell | None:
    """The cell that a letter means: where this person may go and somebody is needed, or the nearest to it."""
    who, day = place
    kinds = [
        row.id for row in seen.ground.kinds.values() if row.active and row.letter.lower() == letter.lower()
    ]
    cells = [(post.id, kind) for post in seen.ground.posts.values() if post.active for kind in kinds]
    person = seen.problem.person.get(who)

    needed = set(_needed(seen))

    def fit(cell: Cell) -> tuple[bool, bool, bool]:
        demand = seen.problem.demand.get((day, *cell))
        short = demand is not None and seen.there[(day, *cell)] < demand.people
        return cell in needed, person is not None and person.qualified(cell[0], day), short

    return max(cells, key=fit, default=None)


def cell_words(seen: Picture, cell: Cell | None) -> str:
    """A cell in words: the kind of shift, and the post where there are several."""
    if cell is None:
        return _("off")
    kind, post = _row(seen.ground.kinds, cell[1]), _row(seen.ground.posts, cell[0])
    return f"{called(kind)} · {called(post)}" if len(seen.ground.posts) > 1 else called(kind)


def shift_words(shift: Any) -> str:
    """One shift in words, where no picture is drawn: its day, kind, post."""
    ground = posts.ground()
    kind, post = ground.kinds[shift.kind_id], ground.posts[shift.post_id]
    return f"{clock.local(shift.starts_at):%m-%d} {called(kind)} · {called(post)}"


def _row(rows: Mapping[int, Any], its_id: Any) -> Any:
    return rows[its_id]


def choices(seen: Picture) -> list[tuple[str, str]]:
    """Every shift that a cell may hold: what some post needs on some day, and what is there already."""
    cells = [
        (code_of(seen, cell), f"{_row(seen.ground.kinds, cell[1]).letter} · {cell_words(seen, cell)}")
        for cell in dict.fromkeys((*_needed(seen), *seen.cells.values()))
    ]
    return [(OFF, _("off")), *cells]


# -- the page -----------------------------------------------------------------------------------------------------


def drawn(roster: Roster, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that a roster's page draws. `tried` is a form that came back wrong."""
    seen, plans = picture.of(roster, clock.now()), viewer.may(May.PLAN_DUTY)
    solve, running = queries.solve_of(roster.id) if plans else (None, False)
    verbs = [step.verb for step in ROSTER.open_to(roster, viewer)]
    findings = seen.findings if plans and roster.state is State.DRAFT else Findings((), ())
    hidden = {STOP} if not running else {SOLVE, PUBLISH, DISCARD}
    if not findings.missing:
        hidden.add(EXPLAIN)
    forms = {verb: FORMS[verb].blank() for verb in verbs if verb not in hidden}
    if tried and do in verbs:  # with its refusal, also where nothing else offers it now
        forms[do] = tried
    return {
        **grid(
            roster,
            seen,
            editable=plans and roster.state is State.DRAFT and not running,
            viewer_id=viewer.id if roster.state is State.PUBLISHED else None,
        ),
        **troubles(seen, findings),
        **progress(roster, solve, running),
        "tone": TONES[roster.state],
        "forms": forms,
        "opened": do if do in forms else "",
        "buttons": BUTTONS,
        "plans": plans,
        "confirmed": bool(roster.gap_confirmed_by_id) and roster.gap_digest == findings.digest,
        "timeline": timeline.of(roster, most=50) if plans else [],
        "name_of": name_of,
    }


def grid(roster: Roster, seen: Picture, *, editable: bool, viewer_id: int | None = None) -> dict[str, Any]:
    """People as rows, days as columns; below them how many are there of how many are needed.

    The shifts of `viewer_id` that are to come can be swapped from it.
    """
    problem = seen.problem
    heads, signs = [legend.head(seen, day) for day in problem.days], legend.signs(seen.ground)
    tints = {head.day: head.tint for head in heads}
    wishes = {(wish.person, wish.day): "on" if wish.wanted else "off" for wish in problem.wishes}
    people = rostered(seen)
    own = {
        row.day: row.id
        for row in seen.shifts
        if row.person_id is not None and row.person_id == viewer_id and row.ends_at > seen.now
    }
    rows = []
    for card in people:
        off, squares = seen.off.get(card.id, NONE), []
        for day in problem.days:
            cell = seen.cells.get((card.id, day))
            kind = _row(seen.ground.kinds, cell[1]) if cell else None
            squares.append(
                Square(
                    day,
                    kind.letter if kind else "",
                    signs.get(int(cell[0]), "") if cell else "",
                    code_of(seen, cell),
                    cell_words(seen, cell) + (f" · {_('pinned')}" if seen.pinned((card.id, day)) else ""),
                    tints[day],
                    seen.pinned((card.id, day)),
                    wishes.get((card.id, day), ""),
                    day in off.touched,
                    own.get(day) if card.id == viewer_id else None,
                )
            )
        rows.append((card, squares))
    return {
        "roster": roster,
        "heads": heads,
        "rows": rows,
        "needs": list(_needs(seen)),
        "gaps": [
            (row.day, cell_words(seen, (row.post_id, row.kind_id)), row.gap_reason, row.id)
            for row in seen.shifts
            if row.person_id is None and row.gap_reason
        ],
        "managers": [_manager(seen, day) for day in problem.days],
        "editable": editable,
        "first_open": max(problem.days[0], clock.local(seen.now).date()),
        "letters": legend.kinds(seen.ground),
        "signs": legend.posts(seen.ground),
        "marks": legend.marks(heads),
        "cell_url": url_for("duty.roster_cell", roster_id=roster.id),
        "move_url": url_for("duty.move_in_roster", roster_id=roster.id),
    }


def rostered(seen: Picture) -> list[Card]:
    """Everybody with a row, by the post they may take first: who may be rostered, and who has a shift all the same."""
    staff = reference.staff().cards
    everybody = {*(int(person.id) for person in seen.problem.people), *(who for who, _day in seen.cells)}
    places = {post: place for place, post in enumerate(seen.ground.posts)}

    def place(who: int) -> tuple[int, int]:
        person = seen.problem.person.get(who)
        return min((places[int(post)] for post in person.posts), default=0) if person else len(places), who

    return [staff[who] for who in sorted(everybody, key=place)]


def _needs(seen: Picture) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """For each post and kind of shift: how many are there of how many, day by day."""
    demands = seen.problem.demand
    for post in seen.ground.posts.values():
        for kind in seen.ground.kinds.values():
            found = [(demands.get((day, post.id, kind.id)), day) for day in seen.problem.days]
            if not any(demand or seen.there[day, post.id, kind.id] for demand, day in found):
                continue
            yield (
                cell_words(seen, (post.id, kind.id)),
                [
                    _count(seen.there[day, post.id, kind.id], demand.people if demand else 0)
                    for demand, day in found
                ],
            )


def _count(there: int, needed: int) -> tuple[str, bool]:
    return (f"{there}/{needed}" if there or needed else ""), there < needed


def _manager(seen: Picture, day: date) -> bool | None:
    """Whether a manager is there; None where none is needed (DR-06)."""
    if not (managed := seen.problem.managed_on.get(day)):
        return None
    people, needed = seen.problem.person, managed[0].rank
    return any(on == day and who in people and people[who].rank >= needed for who, on in seen.cells)


# -- what is broken -----------------------------------------------------------------------------------------------


def troubles(seen: Picture, findings: Findings) -> dict[str, Any]:
    """Every broken rule with its clause; the first with a proposal that mends it in one touch."""
    told = [Trouble(GAP, hours_words(seen, each), []) for each in findings.hours]
    for place, one in enumerate(findings.broken[:MOST_TOLD]):
        found = mends(seen.problem, seen.cells, one, 2) if place < MOST_MENDED else []
        changes = [(mend_words(seen, change), sent(seen, change)) for change in found]
        told.append(Trouble(one.clause, broken_words(seen, one), changes))
    return {
        "troubles": told,
        "more": max(len(findings.broken) - MOST_TOLD, 0),
        "hard": len(findings.hard),
        "missing": findings.missing,
    }


def broken_words(seen: Picture, one: Broken) -> str:
    """One broken rule as a sentence."""
    return str(BROKEN[one.rule]) % holes(seen, one)


def holes(seen: Picture, one: Broken) -> dict[str, Any]:
    """What the sentence about a broken rule is filled with."""
    in_hours = one.rule in {Rule.MOST_MINUTES, Rule.LEAST_MINUTES}
    cell = (one.post, one.kind) if one.post is not None and one.kind is not None else None
    return {
        "day": one.day,
        "name": name_of(int(one.person)) if one.person is not None else "",
        "cell": cell_words(seen, cell) if cell else "",
        "amount": f"{one.amount / 60:g}" if in_hours else one.amount,
        "limit": f"{one.limit / 60:g}" if in_hours else one.limit,
    }


def hours_words(seen: Picture, hours: Hours) -> str:
    """DR-01: hours that nobody is planned for."""
    since, until = (clock.local(at).strftime("%Y-%m-%d %H:%M") for at in (hours.starts_at, hours.ends_at))
    post = called(seen.ground.posts[hours.post])
    return _("%(post)s: nobody is planned from %(since)s to %(until)s.", post=post, since=since, until=until)


def mend_words(seen: Picture, change: Change) -> str:
    """What a proposal does."""
    gives = next((name_of(int(who)) for (who, _day), cell in change.items() if cell is None), "")
    takes, cell = next((name_of(int(who)), cell) for (who, _day), cell in change.items() if cell is not None)
    told = {"name": takes, "cell": cell_words(seen, cell), "other": gives}
    if gives:
        return _("%(name)s takes %(cell)s from %(other)s", **told)
    return _("%(name)s takes %(cell)s", **told)


def sent(seen: Picture, change: Change) -> list[str]:
    """A change as a form sends it: `desk1|2026-10-01|front-desk/night`."""
    cards = reference.staff().cards
    return [f"{cards[int(who)].username}|{day}|{code_of(seen, cell)}" for (who, day), cell in change.items()]


# -- solving ------------------------------------------------------------------------------------------------------


def progress(roster: Roster, solve: Solve | None, running: bool) -> dict[str, Any]:
    """How far the solving is: best cost, bound, gap between them, time."""
    found: dict[str, Any] = {
        "roster": roster,
        "solve": solve,
        "running": running,
        "gap": None,
        "conflicts": [],
    }
    if solve is not None:
        if solve.objective and solve.bound is not None:
            found["gap"] = f"{100 * (solve.objective - solve.bound) / solve.objective:.1f} %"
        elif solve.objective == 0:
            found["gap"] = "0 %"
        found["conflicts"] = [
            in_words(name_of(who), map(Rule, rules)) for who, rules in json.loads(solve.conflicts)
        ]
    return found


# -- one cell -----------------------------------------------------------------------------------------------------


def one_cell(roster: Roster, seen: Picture, who: int, day: date) -> dict[str, Any]:
    """The small page of one cell: every shift, and what each would break."""
    now = seen.cells.get((who, day))
    options = []
    for code, words in choices(seen):
        cell = cell_of(seen, code)
        breaks = [] if cell == now else against(seen.problem, seen.cells, {(who, day): cell})
        said = " ".join(broken_words(seen, one) for one in breaks[:2])
        # What it is now, what breaks nothing, what leaves a gap, the rest.
        last = 3 if any(one.hard for one in breaks) else 2 if breaks else 1
        options.append((0 if cell == now else last, (code, words, said)))
    options.sort(key=lambda option: option[0])
    return {
        "roster": roster,
        "card": reference.staff().cards[who],
        "day": day,
        "told": legend.head(seen, day).told,
        "options": [option for _place, option in options],
        "shift": now is not None,
        "people": [(card.username, name_of(card.id)) for card in rostered(seen)],
        "was": code_of(seen, now),
        "pinned": seen.pinned((who, day)),
        "past": day in seen.problem.past,
    }


# -- sheets -------------------------------------------------------------------------------------------------------


def sheet_rows(drawn_: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The grid as rows of a workbook."""
    for card, squares in drawn_["rows"]:
        yield [name_of(card.id), *(square.post + square.letter for square in squares)]
    for words, counts in drawn_["needs"]:
        yield [words, *(count for count, _short in counts)]


def begins_with(now: datetime) -> dict[str, date]:
    """The days that a new draft proposes: the next month's."""
    first = (clock.local(now).date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return {"starts_on": first, "ends_on": (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)}
