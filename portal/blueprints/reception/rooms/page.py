"""What the templates of places draw: the day, the week of one place, the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for

from portal.blueprints.reception import places
from portal.blueprints.reception.codes import Category, Hold, PlaceKind, State
from portal.blueprints.reception.matrix import CategoryRule, rule_for
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.places import PlaceCard
from portal.blueprints.reception.rooms import labels, queries
from portal.blueprints.reception.rooms import rules as room_rules
from portal.blueprints.reception.rooms.codes import Condition, Point
from portal.blueprints.reception.rooms.forms import BlockForm
from portal.blueprints.reception.rooms.models import PlaceCheck
from portal.blueprints.reception.rooms.queries import Clash
from portal.drawing import name_of
from portal.guards import me
from portal.i18n import _, hour, label, listed, ngettext
from portal.kernel import clock, company_calendar, lists, policies
from portal.kernel.people import Viewer
from portal.kernel.rights import May

TONES = {
    Condition.BLOCKED: "bad",
    Condition.OCCUPIED: "info",
    Condition.USED: "warn",
    Condition.UNREADY: "warn",
    Condition.FREE: "ok",
}
QUARTER = timedelta(minutes=15)


def asked_day(now: datetime) -> date:
    """The day of the address; today where it names none."""
    return lists.day(request.args.get("day")) or clock.local(now).date()


# -- the day --------------------------------------------------------------------------------------------------------


def day(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Every place in use: how it stands now, and what is booked that day."""
    on, today = asked_day(now), clock.local(now).date()
    rows = queries.bookings(viewer, lists.begins(on), lists.begins(on, days_later=1))
    of_place = _by_place(rows)
    checked = queries.ready_checks([row.visit_id for row in rows if row.seen and row.visit_id])
    stand = _standings(viewer, rows, today, now) if on == today else {}
    in_use = [place for place in places.all_places().values() if place.active]
    return {
        "on": on,
        "today": today,
        "weekday": labels.WEEKDAYS[on.weekday()],
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "rows": [
            {
                "place": place,
                "owner": _owner(place),
                "standing": stand.get(place.id),
                "entries": [entry(row, now, checked) for row in of_place[place.id]],
                "book": _book(place, on, of_place[place.id], now),
            }
            for place in in_use
        ],
        "keeps": room_rules.keeps_places(viewer),
        "manages": viewer.may(May.MANAGE_OFFICE),
        "idle": [place for place in places.all_places().values() if not place.active],
    }


def _by_place(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.place_id].append(row)
    return found


def _owner(place: PlaceCard) -> str:
    return name_of(place.owner_id) if place.kind is PlaceKind.OFFICE else ""


def entry(row: Any, now: datetime, checked: Mapping[int, PlaceCheck]) -> dict[str, Any]:
    """One booking: when, whose where the viewer may see that, how far it is."""
    firm = row.hold is Hold.CONFIRMED
    words, tone = (_("asked for"), "warn") if row.hold is Hold.PENDING else (_("booked"), "info")
    who = ""
    if row.visit_id is None:
        words, tone, who = _("not to be used"), "bad", row.reason
    elif row.hold is Hold.RELEASED:
        words, tone = _("over"), ""
    elif row.state in {State.WAITING, State.MEETING}:
        words, tone = _("there now"), "ok"
    if row.visit_id is not None and row.seen:
        who = f"{row.visitor_name} · {row.company}" if row.company else row.visitor_name
    return {
        "id": row.id,
        "from": row.starts_at,
        "until": row.ends_at,
        "words": words,
        "tone": tone,
        "who": who,
        "number": row.number if row.visit_id is not None and row.seen else "",
        "block": row.visit_id is None and row.ends_at > now,
        "dot": "bad" if row.visit_id is None else "" if firm else "open",
        "unready": bool(row.seen and row.visit_id and firm)
        and clock.local(row.starts_at).date() <= clock.local(now).date()
        and _unready(row, row.visit_id, checked, now),
    }


def _unready(visit: Any, visit_id: int, checked: Mapping[int, PlaceCheck], now: datetime) -> bool:
    """RC-16: its ready check is still to come, or something was not in order."""
    if visit.category is None or not room_rules.ready_asked(visit, rule_for(visit.category, now).ready_check):
        return False
    return _wanting(visit_id, checked)


def _wanting(visit_id: int, checked: Mapping[int, PlaceCheck]) -> bool:
    check = checked.get(visit_id)
    return check is None or bool(check.missing)


def unready(rows: Iterable[Any], matrix: Mapping[Category, CategoryRule]) -> set[int]:
    """RC-16: of these visits those whose place is not ready yet; for the board."""
    asked = [
        row.id
        for row in rows
        if room_rules.ready_asked(row, matrix[row.category].ready_check)
        and (row.state is not State.EXPECTED or row.confirmed_at)
    ]
    checked = queries.ready_checks(asked)
    return {visit_id for visit_id in asked if _wanting(visit_id, checked)}


# -- how it stands now ----------------------------------------------------------------------------------------------


def _standings(viewer: Viewer, rows: Iterable[Any], today: date, now: datetime) -> dict[int, dict[str, Any]]:
    """Place -> its condition and the sentences about it."""
    of_place, there = _by_place(rows), _by_place(queries.present(viewer))
    checks, working = queries.checks(today), company_calendar.current().is_workday(today)
    return {
        place.id: _standing(place, of_place[place.id], there[place.id], checks.get(place.id), working, now)
        for place in places.all_places().values()
    }


def _standing(
    place: PlaceCard,
    rows: list[Any],
    there: list[Any],
    check: PlaceCheck | None,
    working: bool,
    now: datetime,
) -> dict[str, Any]:
    block = next((r for r in rows if r.visit_id is None and r.starts_at <= now < r.ends_at), None)
    here = [row for row in there if row.state is not State.LEFT]
    left = [row for row in there if row.state is State.LEFT]
    missing = check.missing if check else []
    found = room_rules.condition(
        blocked=block is not None,
        occupied=bool(here),
        used=bool(left),
        unready=bool(missing) or (check is None and working),
    )
    said = []
    if block is not None:
        said.append(_("until %(until)s: %(reason)s", until=hour(block.ends_at), reason=block.reason))
    if here:
        said.append(_sits(place, here, rows))
    if left:
        said.append(_("Left, unchecked: %(visits)s", visits=_numbers(left)))
    if missing:
        said.append(_("Not in order: %(points)s", points=labels.points(list(map(str, missing)))))
    if check is None and working:
        said.append(_("Nobody has looked this morning"))
    if check is not None and not missing:
        said.append(_("Looked at by %(name)s, %(time)s", name=name_of(check.by_id), time=hour(check.at)))
    coming = next((r for r in rows if r.hold is Hold.CONFIRMED and r.visit_id and r.starts_at > now), None)
    return {
        "condition": found,
        "tone": TONES[found],
        "said": said,
        "next": hour(coming.starts_at) if coming is not None else "",
        "left": bool(left),
    }


def _sits(place: PlaceCard, here: list[Any], rows: list[Any]) -> str:
    """Who is there and until when, as far as the viewer may know."""
    if place.shared:
        return ngettext("%(num)s visit is there", "%(num)s visits are there", len(here))
    until = next((hour(row.ends_at) for row in rows if row.visit_id == here[0].id), "")
    if not here[0].seen:
        return _("until %(until)s", until=until) if until else ""
    return (
        _("%(number)s, until %(until)s", number=here[0].number, until=until) if until else str(here[0].number)
    )


def _numbers(rows: Iterable[Any]) -> str:
    return listed(row.number if row.seen else _("a visit") for row in rows)


# -- the week of one place ------------------------------------------------------------------------------------------


def week(place: PlaceCard, viewer: Viewer, now: datetime, *, form: BlockForm | None = None) -> dict[str, Any]:
    """A place's own page: seven days from Monday with what is booked and when it is free."""
    on, today = asked_day(now), clock.local(now).date()
    monday = on - timedelta(days=on.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    rows = queries.bookings(viewer, lists.begins(monday), lists.begins(monday, days_later=7), place.id)
    of_today = rows
    if today not in days:
        of_today = queries.bookings(viewer, lists.begins(today), lists.begins(today, days_later=1), place.id)
    checked = queries.ready_checks([row.visit_id for row in rows if row.seen and row.visit_id])
    keeps = room_rules.keeps_places(viewer)
    return {
        "place": place,
        "owner": _owner(place),
        "monday": monday,
        "sunday": days[-1],
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "on": on,
        "today": today,
        "standing": _standings(viewer, of_today, today, now)[place.id] if place.active else None,
        "days": [_drawn(place, each, _of_day(rows, each), now, checked) for each in days],
        "keeps": keeps,
        "clears": viewer.may(May.RECEIVE),
        "manages": viewer.may(May.MANAGE_OFFICE),
        "form": form or (BlockForm.blank() if keeps else None),
    }


def _of_day(rows: Sequence[Any], on: date) -> list[Any]:
    begins, ends = lists.begins(on), lists.begins(on, days_later=1)
    return [row for row in rows if row.starts_at < ends and row.ends_at > begins]


def _drawn(
    place: PlaceCard, on: date, rows: list[Any], now: datetime, checked: Mapping[int, PlaceCheck]
) -> dict[str, Any]:
    return {
        "day": on,
        "weekday": labels.WEEKDAYS[on.weekday()],
        "works": company_calendar.current().is_workday(on),
        "entries": [entry(row, now, checked) for row in rows],
        "free": _free(place, on, rows, now),
    }


def _free(place: PlaceCard, on: date, rows: Iterable[Any], now: datetime) -> list[dict[str, Any]]:
    """RC-02: the gaps of a working day in which a meeting fits, each leading to the appointment form."""
    spans = company_calendar.current().spans(on)
    if not spans or not place.active:
        return []
    zone = clock.zone()
    opens, closes = datetime.combine(on, spans[0][0], zone), datetime.combine(on, spans[-1][1], zone)
    if now > opens:
        past = now - datetime.combine(on, spans[0][0], zone)
        opens += -(-past // QUARTER) * QUARTER  # the next quarter of an hour
    # A shared place has room for the next visitor, except while it is blocked.
    firm = [row for row in rows if row.hold is Hold.CONFIRMED and not (place.shared and row.visit_id)]
    taken = [(row.blocked_from, row.blocked_until) for row in firm]
    found = room_rules.free_spans(opens, closes, taken, timedelta(minutes=place.buffer_minutes))
    usual = timedelta(minutes=policies.number("visit.minutes", now))
    return [
        {"from": begins, "until": ends, "url": book_url(place, begins, min(ends, begins + usual))}
        for begins, ends in found
    ]


def book_url(place: PlaceCard, begins: datetime, ends: datetime) -> str:
    """The appointment form with place and time filled in."""
    typed = [clock.local(at).strftime("%Y-%m-%dT%H:%M") for at in (begins, ends)]
    return url_for("reception.book", place=place.code, starts_at=typed[0], ends_at=typed[1])


def _book(place: PlaceCard, on: date, rows: Iterable[Any], now: datetime) -> str:
    gaps = _free(place, on, rows, now)
    found: str = gaps[0]["url"] if gaps else ""
    return found


# -- checks ---------------------------------------------------------------------------------------------------------


def morning(now: datetime) -> dict[str, Any]:
    """The round: every place in use with its four points, and what was found today."""
    found = queries.checks(clock.local(now).date())
    return {
        "rows": [(p, _owner(p), found.get(p.id)) for p in places.all_places().values() if p.active],
        "points": list(Point),
        "name_of": name_of,
        "said": labels.points,
    }


def ready_card(visit: Visit, viewer: Viewer, rule: CategoryRule, now: datetime) -> dict[str, Any] | None:
    """RC-16: the ready check of a visit for its page; None where its category has none or no check was made in time."""
    if not rule.ready_check:
        return None
    check = queries.ready_checks([visit.id]).get(visit.id)
    asked = room_rules.ready_asked(visit, rule.ready_check)
    if check is None and not asked:
        return None
    done = check is not None and not check.missing
    return {
        "check": check,
        "done": done,
        "sides": (label(side) for side in rule.ready_check),
        "points": list(Point),
        "may": asked and not done and room_rules.may_check_ready(visit, viewer, rule.ready_check),
        "missing": labels.points(list(map(str, check.missing))) if check else "",
    }


# -- clashes --------------------------------------------------------------------------------------------------------


def clashes(
    place: PlaceCard | None, starts_at: datetime | None, ends_at: datetime | None, but: int | None = None
) -> list[Clash]:
    """RC-02: what is booked or asked for where and when somebody wants a place."""
    if place is None or starts_at is None:
        return []
    if ends_at is None or ends_at <= starts_at:
        ends_at = starts_at + timedelta(minutes=policies.number("visit.minutes", clock.now()))
    return queries.clashes(me(), places.clashes(place, starts_at, ends_at, but))


def clashes_of(form: Any) -> list[Clash]:
    """The same for an appointment form as it stands."""
    place = places.by_code(form.place.data) if form.place.data else None
    return clashes(place, form.starts_at.data, form.ends_at.data)


def warned(found: Sequence[Clash]) -> str:
    """The clashes as one sentence: a confirmed one will be refused, one that is asked for decides who is first."""
    if not found:
        return ""
    at = listed(
        f"{hour(clash.starts_at)}-{hour(clash.ends_at)}{f' {clash.number}' if clash.number else ''}"
        for clash in found[:5]
    )
    if any(clash.firm for clash in found):
        return _("The place is booked at that time (%(at)s): it cannot be confirmed there. (RC-02)", at=at)
    return _(
        "Others ask for the place at that time (%(at)s): whoever is confirmed first has it. (RC-02)", at=at
    )


def warned_of(form: Any) -> str:
    """The same of an appointment form as it stands."""
    return warned(clashes_of(form))
