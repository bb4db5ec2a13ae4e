"""What the templates of visits draw: rows, the card with its next steps. The board is in `today`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from portal import errors, timeline
from portal.blueprints.reception import actions, forms, parts, places, queries, rules, watch
from portal.blueprints.reception.appointments.codes import When
from portal.blueprints.reception.codes import PRESENT, Category, Late, State
from portal.blueprints.reception.keeping import outstanding
from portal.blueprints.reception.kiosk import queries as kiosk
from portal.blueprints.reception.kiosk.codes import LIKELY, Why
from portal.blueprints.reception.labels import VERBS
from portal.blueprints.reception.matrix import CategoryRule, rule_for
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.onsite import can_become_a_case
from portal.blueprints.reception.places import PlaceCard
from portal.blueprints.reception.register import queries as registers
from portal.blueprints.reception.rooms import page as rooms
from portal.blueprints.reception.workflow import VISIT
from portal.drawing import clause_title, department_name, name_of, time_left
from portal.forms import VerbForm
from portal.i18n import _, hour, is_chinese, label, moment
from portal.kernel import clock, customers, links, policies, reference, timers
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May

TONES = {
    State.EXPECTED: "",
    State.ARRIVED: "warn",
    State.ASKED: "warn",
    State.WAITING: "info",
    State.MEETING: "ok",
    State.LEFT: "warn",
    State.DECLINED: "bad",
    State.CLOSED: "ok",
    State.ARCHIVED: "",
    State.CANCELLED: "",
    State.NO_SHOW: "bad",
}
# The verbs that move a visit on; the first that a person may do now has its form open.
MAIN = ("categorise", "arrive", "ask", "agree", "confirm", "approve-late", "seat", "meet", "leave", "check")
# One touch does them, on the board and on the card; the others ask something first.
TOUCH = frozenset({"arrive", "greet", "seat", "meet", "leave", "check", "undo", "no-show"})
ARRANGED = (
    "topic",
    "layout",
    "screen",
    "refreshment",
    "supplies_wanted",
    "arrangement",
    "party",
    "late_reason",
)
NEAR = frozenset({"decline", "greet", "move", "cancel", "arrange", "farewell", "report"})


def agreed(visit: Any) -> str:
    """RC-11: what the lead said of a D visitor who still waits; empty for others."""
    if visit.state is not State.WAITING or visit.category is not Category.D or visit.decided_at is None:
        return ""
    place = places.of_visit(visit)
    where = place.words if place else ""
    if rules.to_be_led(visit):
        return _("agreed: lead to %(place)s", place=where)
    return _("agreed: received at %(place)s", place=where) if where else _("agreed")


# -- lists ----------------------------------------------------------------------------------------------------------


def visit_list(asked: queries.VisitList) -> dict[str, Any]:
    """What the list of visits or of appointments draws; phone numbers masked (RC-20)."""
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": [(row, places.all_places().get(row.place_id), customers.masked(row.phone)) for row in rows],
        "newer": newer,
        "older": older,
        "tones": TONES,
        "name_of": name_of,
        "department_name": department_name,
        "choices": [
            ("state", _("Any state"), [("here", _("Here now")), *((s, label(s)) for s in State)]),
            ("category", _("Any category"), [(c, label(c)) for c in Category]),
            (
                "department",
                _("All departments"),
                [(code, department_name(code)) for code in reference.staff().departments],
            ),
        ],
        "may_export": asked.viewer.may(May.RECEIVE),
        "tabs_of": [
            (
                label(when),
                f"{url_for('reception.appointments')}?{asked.address(when=when)}",
                asked.when == when,
                None,
            )
            for when in When
        ]
        if asked.appointments
        else [],
    }


def colleagues() -> list[Card]:
    """Whom a field for a person offers."""
    return [card for card in reference.staff().cards.values() if card.active]


def asked_of(*, booking: bool, now: datetime) -> dict[str, Any]:
    """RC-20: what visitors are told, and which fields each category needs first; the others come when asked for."""
    asked = {}
    if not booking:
        # By these somebody is found (RC-18), and everybody is asked for the matter.
        always = ("visitor_name", "phone", "company", "purpose", "party_size")
        asked = {
            str(c): " ".join(dict.fromkeys((*rule_for(c, now).asked_first(), *always))) for c in Category
        }
    notice = policies.value(f"visit.privacy_notice.{'zh' if is_chinese() else 'en'}", now)
    return {"privacy_notice": notice, "asked_first": asked}


# -- the card -------------------------------------------------------------------------------------------------------


def form_for(visit: Visit, verb: str, *, sent: bool = False) -> VerbForm:
    """The form of a verb on this visit, with what is known already."""
    kind = forms.FORMS[verb]
    if visit.series and visit.state is State.EXPECTED and verb in forms.OF_SERIES:
        kind = forms.OF_SERIES[verb]
    if verb == "ask" and not visit.department:
        kind = forms.AskFirstForm
    more: dict[str, Any] = {}
    if not sent:
        match verb:
            case "ask":
                more = {
                    "purpose": visit.purpose,
                    "on_business": visit.on_business is not False,
                    "department": visit.department,
                }
            case "arrange":
                more = {name: getattr(visit, name) for name in ARRANGED}
                cards = reference.staff().cards
                more["companion"] = cards[visit.companion_id].username if visit.companion_id else ""
            case "move":
                more = {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
            case "leave" | "farewell":
                more = {"satisfaction": visit.satisfaction}
    return kind.of_request(**more) if sent else kind.blank(**more)


def card(visit: Visit, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that _card.html draws, however it is reached. `tried` is a form that came back wrong."""
    now = clock.now()
    able = VISIT.open_to(visit, viewer)
    undo = _undoable(visit, now) if any(step.verb == "undo" for step in able) else ""
    rule = rule_for(visit.category, now)
    unchecked = _unchecked(visit, viewer, rule, now) if any(step.verb == "check" for step in able) else []
    left_out = {"edit", "task"} | ({"check"} if unchecked else set()) | (set() if undo else {"undo"})
    steps = [step for step in able if step.verb not in left_out]
    verbs = [step.verb for step in steps]
    if do not in verbs:
        do = next((verb for verb in verbs if verb in MAIN and not _by_slip(visit, verb)), "")
    form = tried or (form_for(visit, do) if do else None)
    if isinstance(form, forms.Placed) and do in actions.TO_A_PLACE:
        _offer_places(form, visit, actions.places_for(visit, do, viewer, now))
    tasks = watch.tasks_of(visit)
    asked_for, why = kiosk.told(visit)
    # No other state has a limit (RC-11).
    running = timers.running(visit) if visit.state is State.ASKED else []
    return {
        "visit": visit,
        "rule": rule,
        "steps": steps,
        "verbs": VERBS,
        "do": do,
        "form": form,
        "main": MAIN,
        "touch": TOUCH,
        "categories": list(Category),
        "likely": LIKELY.get(why) if why else None,
        "near": NEAR,
        "clause_of": {s.verb: s.clause for s in steps},
        "clause_title": clause_title,
        "undo": undo,
        "tasks": tasks,
        "ready": rooms.ready_card(visit, viewer, rule, now),
        "left": time_left(running[0].due_at, running[0].started_at, now) if running else None,
        "missing": rules.checks_missing(visit, rule.room_check) if visit.state is State.LEFT else [],
        "unchecked": unchecked,
        "still_out": _still_out(visit) if do == "leave" and visit.outstanding else "",
        "state_words": agreed(visit) or label(visit.state),
        "minutes": rules.waited(visit.arrived_at, now)
        if visit.arrived_at and visit.state in PRESENT
        else None,
        "known": _known(visit, asked_for, why),
        "words_said": _said(visit),
        "tone": TONES[visit.state],
        "may_edit": any(step.verb == "edit" for step in able),
        "late": visit.late is not Late.NO,
        "form_missing": rules.form_missing(visit, rule),
        "corrections": registers.corrections_of(visit),
        "people": colleagues(),
        "timeline": timeline.of(visit, {"visit:decline", "visit:no-show", "clock:overdue"}),
        "elsewhere": [
            *_cases(visit, viewer),
            *_sheets(visit, rule),
            *parts.PARTS.about(visit.number, viewer),
            (_("Phrases"), url_for("phrases.index", visit=visit.number)),
        ],
        "to_case": can_become_a_case(visit) and viewer.may(May.REGISTER_CASES),
        "name_of": name_of,
        "department_name": department_name,
        "here": url_for("reception.show", number=visit.number),
        "page_address": f"/reception/visits/{visit.number}",
    }


def _offer_places(form: Any, visit: Visit, free: Sequence[PlaceCard]) -> None:
    """RC-02: only where the visitor may be led now; where what was chosen or arranged is not free, the first that is."""
    field, offered = form.place, [(place.code, place.words) for place in free]
    arranged = places.of_visit(visit)
    meant = field.data or (arranged.code if arranged else "")
    field.codes = lambda: offered
    if offered and meant and meant not in dict(offered):
        field.data = offered[0][0]


def _by_slip(visit: Visit, verb: str) -> bool:
    """What nobody is led to first: sending away who waits for the answer, seating again who sits."""
    if verb == "leave":
        return visit.state is State.ASKED
    return verb == "seat" and visit.state is State.WAITING and not rules.to_be_led(visit)


def _still_out(visit: Visit) -> str:
    """RC-27: what is held for the visitor or lent to them, by name."""
    return _("Not back yet: %(things)s. (RC-27)", things=outstanding.named(visit.id))


def _unchecked(visit: Visit, viewer: Viewer, rule: CategoryRule, now: datetime) -> list[str]:
    """RC-13, RC-27, RC-10: what the room check still waits for, a sentence each; empty when it is this person's now."""
    told = []
    for reason in rules.against_check(visit, viewer, rule, now):
        if reason.code == "outstanding":
            told.append(_still_out(visit))
        elif reason.code == "second_person" and viewer.id in {
            visit.desk_checked_by_id,
            visit.clerk_checked_by_id,
        }:
            told.append(_("Your half of the check is done; somebody else does the other half. (RC-13)"))
        else:
            told.append(errors.say(reason))
    return told


def _known(visit: Visit, asked_for: str, why: Why | None) -> list[tuple[str, Any]]:
    """What is known of a visit: caption and value, empty ones left out; the phone number masked (RC-20)."""
    place = places.of_visit(visit)
    whom = _("asks for %(whom)s", whom=asked_for) if asked_for else ""
    pairs: list[tuple[str, Any]] = [
        (_("What brings them here"), label(why) if why else ""),
        (_("Place"), place.words if place else ""),
        (_("Person visited"), name_of(visit.host_id) if visit.host_id else whom),
        (_("Department"), department_name(visit.department) if visit.department else ""),
        (_("Number of people"), visit.party_size),
        (_("Refreshment"), label(visit.refreshment) if visit.refreshment else ""),
        (_("Expected at"), moment(visit.starts_at) if visit.starts_at else ""),
        (_("Ends at"), hour(visit.ends_at) if visit.ends_at else ""),
        (_("Arrived"), moment(visit.arrived_at) if visit.arrived_at else ""),
        (_("Greeted after"), _greeted_after(visit) if visit.arrived_at else ""),
        (_("Left"), moment(visit.left_at) if visit.left_at else ""),
    ]
    return [pair for pair in pairs if pair[1]]


def _said(visit: Visit) -> list[tuple[str, Any]]:
    """What was answered, said and left behind; empty ones left out."""
    pairs = [
        (_("Answer"), visit.decision_note),
        (_("Satisfaction"), label(visit.satisfaction) if visit.satisfaction else ""),
        (_("Remark"), visit.remark),
        (_("Material left behind"), visit.material),
    ]
    return [pair for pair in pairs if pair[1]]


def _cases(visit: Visit, viewer: Viewer) -> list[tuple[str, str]]:
    """RC-30, RC-21: caption and address of the cases that belong to the visit, where the viewer may see them (CP-09)."""
    shown = links.shown(visit, "case", viewer)
    return [(_("Case %(number)s", number=it.number), request.script_root + it.address) for it in shown]


def _sheets(visit: Visit, rule: CategoryRule) -> list[tuple[Any, str]]:
    """What the visit can be printed or sent as (RC-04, RC-18, RC-19)."""
    sheets: list[tuple[Any, str]] = []
    if visit.booked:
        sheets.append((_("Pass with code"), url_for("reception.visit_pass", number=visit.number)))
        sheets.append((_("Calendar entry"), url_for("reception.invite", number=visit.number)))
    if rule.needs_form or visit.arranged_at:
        sheets.append((_("Meeting arrangement form"), url_for("reception.arrangement", number=visit.number)))
    return sheets


def _undoable(visit: Visit, now: datetime) -> str:
    """The verb of the last touch, if it may still be taken back."""
    step = actions.last_step(visit)
    if step is None or rules.undo_refused(step.at, now, actions.undo_within(now)):
        return ""
    return step.verb


def _greeted_after(visit: Visit) -> str:
    """RC-23: from arrival to greeting, where the arrival was not typed by who greeted."""
    if not visit.measured or visit.arrived_at is None:
        return _("not measured")
    if visit.greeted_at is None:
        return _("not yet")
    return _("%(seconds)s s", seconds=int((visit.greeted_at - visit.arrived_at) / timedelta(seconds=1)))


def compared(visit: Visit, form: forms.EditForm) -> list[tuple[Any, str, str]]:
    """What was typed beside what is stored now, where they differ: label, typed, stored."""
    stored = edit_form(visit)
    rows = [
        (f.label.text, str(f.data or ""), str(stored[name].data or ""))
        for name, f in form._fields.items()
        if name not in {"version", "idempotency_key"}
    ]
    return [row for row in rows if row[1] != row[2]]


def edit_form(visit: Visit) -> forms.EditForm:
    """The record as it stands, in the form's fields."""
    known = {name: getattr(visit, name) for name in actions.EDITABLE if name != "host"}
    known["phone"] = customers.masked(visit.phone)
    host = reference.staff().cards[visit.host_id].username if visit.host_id else ""
    return forms.EditForm.blank(**known, host=host, version=visit.version)


def sheet_rows(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Lines of the workbook; phone numbers masked (RC-20)."""
    for row in rows:
        place = places.all_places().get(row.place_id)
        yield [
            row.number, row.day, label(row.category), row.visitor_name, row.company, customers.masked(row.phone),
            row.party_size, row.purpose, name_of(row.host_id) if row.host_id else "",
            department_name(row.department) if row.department else "", place.words if place else "",
            row.arrived_at, row.left_at, label(row.state),
        ]  # fmt: skip
