"""What the board of today's visits draws: its groups, what each row tells, the one touch that comes next."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from flask import url_for

from portal.blueprints.reception import actions, places, queries, rules
from portal.blueprints.reception.codes import Category, Side, State
from portal.blueprints.reception.kiosk.codes import LIKELY, Why
from portal.blueprints.reception.labels import VERBS
from portal.blueprints.reception.matrix import CategoryRule, every_rule
from portal.blueprints.reception.page import TONES, TOUCH, agreed
from portal.blueprints.reception.rooms import page as rooms
from portal.drawing import department_name, name_of
from portal.i18n import _, is_chinese, label, listed, ngettext
from portal.kernel import clock, policies
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.pages import tag


def board(viewer: Viewer) -> dict[str, Any]:
    """Four groups of today's visits, each in order of arrival, with the one touch that comes next."""
    now = clock.now()
    undo = actions.undo_within(now)
    fresh = queries.fresh_steps(now - undo) if viewer.may(May.RECEIVE) else {}
    groups: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("waiting", "expected", "meeting", "left")
    }
    rows, matrix = queries.board(viewer, now), every_rule(now)
    unready = rooms.unready(rows, matrix)
    no_answer = actions.no_answer_after(now)
    for row in rows:
        if not (group := _group(row)):
            continue
        rule = matrix[row.category]
        overdue = row.asked_at is not None and now >= row.asked_at + no_answer
        groups[group].append(
            _drawn(row, now)
            | {
                "told": _told_on_board(row, viewer, rule, now, unready=row.id in unready),
                "next": _next(row, viewer, rule, now, overdue=overdue),
                "undo": fresh.get(row.id, ""),
            }
        )
    greet = policies.value("limit.visit_greeting", now)
    long_wait = policies.number("visit.long_wait_minutes", now)
    waiting = [it for it in groups["waiting"] if it["row"].state is not State.DECLINED]
    return {
        "groups": groups,
        "many": viewer.may(May.RECEIVE),
        "verbs": VERBS,
        "touch": TOUCH,
        "categories": list(Category),
        "likely": LIKELY,
        "tones": TONES,
        "greet_within": greet,
        "long_waits": [it for it in waiting if it["minutes"] and it["minutes"] > long_wait],
        "tag": tag(),
        "drawn": drawn_tag(groups),
        "page_address": url_for("reception.index"),
        "ticked": (),
    }


def drawn_tag(groups: dict[str, Any]) -> str:
    """The tag of what the board shows, whatever else was recorded in the portal meanwhile."""
    return hashlib.sha256(f"{is_chinese()} {groups}".encode()).hexdigest()[:12]


def _group(row: Any) -> str:
    match row.state:
        case State.EXPECTED:
            return "expected"
        case State.MEETING:
            return "meeting"
        case State.LEFT:
            return "left"
        case State.DECLINED:
            return "waiting" if row.arrived_at and not row.left_at else ""
    return "waiting"


def _drawn(row: Any, now: datetime) -> dict[str, Any]:
    place = places.all_places().get(row.place_id)
    return {
        "row": row,
        "who": f"{row.visitor_name} · {row.company}" if row.company else row.visitor_name,
        "more": row.party_size - 1,
        "place": place.words if place else "",
        "host": name_of(row.host_id) if row.host_id else department_name(row.department),
        "minutes": rules.waited(row.arrived_at, now) if row.arrived_at else None,
        "begun": row.arrived_at or row.starts_at,
    }


def _told_on_board(
    row: Any, viewer: Viewer, rule: CategoryRule, now: datetime, *, unready: bool
) -> list[tuple[str, bool]]:
    """What a row says besides who and where, and of each whether it is amiss."""
    told = [(_("place not ready yet"), True)] if unready else []
    told += [(_("arrangement form not complete"), True)] if rules.form_missing(row, rule) else []
    match row.state:
        case State.EXPECTED:
            told += [(_("not confirmed yet"), False)] if not row.confirmed_at else []
        case State.ASKED:
            told.append((_("Department asked"), False))
        case State.DECLINED:
            told.append((_("Declined, say goodbye"), False))
        case State.WAITING:
            told.append((agreed(row) or _("seated"), False))
        case State.LEFT:
            told += [(words, False) for words in _against_check(row, viewer, rule, now)]
    if _group(row) == "waiting":
        told.append((_("%(m)s min", m=rules.waited(row.arrived_at, now)), False))
        told += [(_("not greeted"), True)] if not row.greeted_at else []
        told += [(_from_kiosk(row), False)] if row.measured else []
    if row.outstanding:
        things = ngettext("%(num)s thing still here", "%(num)s things still here", row.outstanding)
        told.append((things, row.state is State.LEFT))
    return told


def _from_kiosk(row: Any) -> str:
    """RC-18: somebody announced themselves, and what they said brings them here."""
    return _("From the kiosk: %(why)s", why=label(row.why)) if row.why else _("From the kiosk")


def _against_check(visit: Any, viewer: Viewer, rule: CategoryRule, now: datetime) -> list[str]:
    """RC-13, RC-10: who still checks the room, and what else it waits for; what is out is told beside it (RC-27)."""
    missing = rules.checks_missing(visit, rule.room_check)
    told = [_("still to check: %(sides)s", sides=listed(missing))] if missing else []
    codes = {reason.code for reason in rules.against_check(visit, viewer, rule, now)}
    return told + ([_("names of the others missing")] if "names_missing" in codes else [])


def _next(row: Any, viewer: Viewer, rule: CategoryRule, now: datetime, *, overdue: bool) -> str:
    """The verb a touch on the board's row does; empty when nothing is this person's to do."""
    mine = rules.standing(row, viewer)
    desk, receives = "desk" in mine, bool(mine & {"desk", "host", "lead"})
    match row.state:
        case State.EXPECTED:
            return "arrive" if desk else ""
        case State.ARRIVED:
            return _next_at_the_desk(row, desk=desk, receives=receives)
        case State.ASKED:
            if row.department in viewer.leads:
                return "agree"
            return "decline" if desk and overdue else ""
        case State.WAITING if receives:
            return "seat" if rules.to_be_led(row) else "meet"
        case State.MEETING:
            return "leave" if receives else ""
        case State.DECLINED:
            return "leave" if desk else ""
        case State.LEFT:
            return "check" if _may_check(row, viewer, rule, now) else ""
    return ""


def _may_check(row: Any, viewer: Viewer, rule: CategoryRule, now: datetime) -> bool:
    """RC-13: the check is of this person's side, and nothing is in its way."""
    sides = rules.checks_missing(row, rule.room_check) if row.used_place else [Side.DESK]
    mine = rules.standing(row, viewer) & set(sides)
    return bool(mine) and not rules.against_check(row, viewer, rule, now)


def _next_at_the_desk(row: Any, *, desk: bool, receives: bool) -> str:
    """RC-01: first the category, where it is open; then its order, for a delivery goodbye."""
    if row.undecided:
        return "categorise" if desk else ""
    if row.category is not Category.D:
        return "seat" if receives else ""
    if row.why is Why.DELIVERY:
        return "leave" if receives else ""
    return "ask" if desk else ""
