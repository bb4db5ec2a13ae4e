"""What the templates of penalties draw: rows, the penalty with its next steps, the sheet of a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal import timeline
from portal.blueprints.complaints.codes import Finding
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.penalties import forms, money, planning, queries, rules
from portal.blueprints.complaints.penalties.codes import Ground, Measure, State
from portal.blueprints.complaints.penalties.labels import VERBS
from portal.blueprints.complaints.penalties.models import Penalty
from portal.blueprints.complaints.penalties.workflow import PENALTY
from portal.drawing import TimeLeft, department_name, name_of, time_left
from portal.i18n import _, label
from portal.kernel import clock, history, reference
from portal.kernel.people import Viewer
from portal.kernel.sheets import Column

TONES = {
    State.PROPOSED: "warn",
    State.RELEASED: "info",
    State.DECIDED: "warn",
    State.PUBLISHED: "ok",
    State.APPEALED: "bad",
    State.REVERSED: "",
    State.WITHDRAWN: "",
}
FORM_NUMBER = "QR-CP-24 · V1"  # GO-01: every printed form names its number and version
BAD = frozenset({"penalty:appeal", "penalty:reverse", "penalty:withdraw", "clock:overdue"})


def who(penalty: Penalty) -> str:
    """Who is penalised, in the language of the page."""
    return name_of(penalty.person_id) if penalty.person_id else department_name(penalty.department)


def how_much(penalty: Penalty) -> str:
    """What was decided, in a few words."""
    match penalty.kind:
        case Measure.MONEY:
            return _("%(yuan)s yuan", yuan=penalty.amount)
        case Measure.DEPARTMENT:
            return _("%(part)s of each bonus", part=f"{penalty.percent} %")
        case Measure.POINTS:
            points = _("%(points)s points", points=penalty.points) if penalty.points is not None else ""
            demerit = _("major demerit") if penalty.demerit else ""
            return " · ".join(text for text in (points, demerit) if text)
    return ""


def offer(case: Case) -> dict[str, Any]:
    """What a proposal on a case begins with; a breach or neglect that was found names person and ground (CP-34)."""
    if case.finding is not Finding.BREACH:
        return {"case": case.number}
    responsible = reference.staff().cards[case.responsible_id].username if case.responsible_id else ""
    return {"case": case.number, "person": responsible, "ground": Ground.BREACH.value}


def show(penalty: Penalty, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    """All that a penalty's page draws. Whoever is penalised does not read the proposer's words, nor see the case."""
    now = clock.now()
    steps = PENALTY.open_to(penalty, viewer)
    verbs = [step.verb for step in steps]
    do = do.removeprefix("penalty-")
    waits = rules.waiting(penalty, now)
    if do not in verbs:
        do = waits[0] if waits and waits[0] in verbs else ""
    concerned = rules.is_concerned(penalty, viewer)
    member = not concerned and penalty.person_id is None and viewer.department == penalty.department
    inside = not concerned and not (member and not queries.sees_sheets(viewer))
    shares = queries.owed(penalty, None if inside or penalty.person_id or concerned else viewer.id)
    form = tried
    if form is None and do:
        form = forms.form_of(do, penalty, now, sent=False)
        if isinstance(form, forms.PublishForm):
            form.title.data, form.text.data = proposed_notice(penalty)
    return {
        "penalty": penalty,
        "who": who(penalty),
        "how_much": how_much(penalty),
        "tone": TONES[penalty.state],
        "left": _left(penalty, now),
        "case_number": queries.case_number(viewer, penalty),
        "inside": inside,
        "whole": inside or concerned,
        "steps": steps,
        "verbs": VERBS,
        "do": do,
        "form": form,
        "shares": [(share, _too_much(penalty, share), _unplanned(penalty, share)) for share in shares],
        "timeline": list(_timeline(penalty, inside)) if inside or concerned else [],
        "sees_sheets": queries.sees_sheets(viewer),
        "name_of": name_of,
        "department_name": department_name,
        "here": f"/complaints/penalties/{penalty.number}",
        "page_address": f"/complaints/penalties/{penalty.number}",
    }


def _left(penalty: Penalty, now: datetime) -> TimeLeft | None:
    """The limit that runs on a penalty: for the statement, else for the ruling."""
    if penalty.state is State.RELEASED and penalty.stated_at is None:
        return time_left(penalty.statement_until, penalty.released_at, now)
    if penalty.state is State.APPEALED:
        return time_left(penalty.ruling_until, penalty.appealed_at, now)
    return None


def _unplanned(penalty: Penalty, share: queries.Owed) -> Decimal:
    """What is owed and stands in no month: no known bonus can bear it."""
    planned = sum((row.amount for row in share.instalments), Decimal(0))
    return max(Decimal(0), share.amount - planned) if penalty.state is State.PUBLISHED else Decimal(0)


def _too_much(penalty: Penalty, share: queries.Owed) -> Decimal:
    """What was taken too much and is to be paid back."""
    return money.overpaid(Decimal(0) if penalty.state is State.REVERSED else share.amount, share.taken)


def _timeline(penalty: Penalty, inside: bool) -> Iterator[dict[str, Any]]:
    """The history, newest first; to whoever is penalised from the release on."""
    for event in history.events(penalty, 100):
        yield timeline.line(event, "penalty", BAD)
        if not inside and event.event == "penalty:release":
            return


def proposed_notice(penalty: Penalty) -> tuple[str, str]:
    """Title and text that the office may publish or change."""
    title = _("Penalty notice %(number)s: %(who)s", number=penalty.number, who=who(penalty))
    measure = label(penalty.kind) if penalty.kind else ""
    amount = how_much(penalty)
    text = _(
        "%(who)s. Ground: %(ground)s. Decision: %(measure)s. %(amount)s",
        who=who(penalty),
        ground=label(penalty.ground),
        measure=measure,
        amount=amount,
    )
    return title, f"{text.strip()}\n{penalty.reason}"


# -- tables -------------------------------------------------------------------------------------------------------


def columns() -> list[Column]:
    """The columns of the list as a workbook."""
    captions = (
        _("Number"),
        _("Who"),
        _("Department"),
        _("Ground"),
        _("Measure"),
        _("How much"),
        _("State"),
        _("Proposed at"),
        _("Case"),
    )
    return [Column(caption) for caption in captions]


def rows(found: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows of the list as a workbook."""
    for penalty, case in found:
        yield [
            penalty.number,
            who(penalty),
            department_name(penalty.department),
            label(penalty.ground),
            label(penalty.kind) if penalty.kind else "",
            how_much(penalty),
            label(penalty.state),
            penalty.proposed_at,
            case,
        ]


def sheet_columns() -> list[Column]:
    """The columns of personnel's sheet."""
    captions = (
        _("Month"),
        _("Department"),
        _("User name"),
        _("Name"),
        _("Yuan"),
        _("Points"),
        _("Major demerit"),
        _("By penalty"),
    )
    return [Column(caption) for caption in captions]


def sheet_rows(month: str, entries: Iterable[queries.Entry]) -> Iterator[list[Any]]:
    """The rows of personnel's sheet."""
    cards = reference.staff().cards
    for entry in entries:
        card = cards[entry.person_id]
        yield [
            month,
            department_name(card.department),
            card.username,
            name_of(card.id),
            entry.amount,
            entry.points,
            _("yes") if entry.demerit else "",
            entry.number,
        ]


def month(
    name: str, now: datetime, *, typed: dict[str, str] | None = None, wrong: Any = None
) -> dict[str, Any]:
    """What the page of a month draws: its sheet, and everybody's bonus to enter."""
    entries = queries.sheet(name)
    known = queries.bonuses(name)
    cards = [card for card in reference.staff().cards.values() if card.active]
    order = list(reference.staff().departments)
    cards.sort(key=lambda card: (order.index(card.department), card.id))
    return {
        "month": name,
        "this_month": planning.month_of(now),
        "before": _before(name),
        "after": money.following(name),
        "entries": entries,
        "total": sum((entry.amount for entry in entries if entry.amount), Decimal(0)),
        "sheet": queries.closed(name),
        "bonuses": [
            (card, (typed or {}).get(card.username) or (f"{known[card.id]:.2f}" if card.id in known else ""))
            for card in cards
        ],
        "wrong": wrong or {},
        "name_of": name_of,
        "department_name": department_name,
        "cards": reference.staff().cards,
        "form_number": FORM_NUMBER,
    }


def _before(name: str) -> str:
    year, number = int(name[:4]), int(name[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"
