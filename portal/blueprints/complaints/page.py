"""What the templates of cases draw: rows, the card with its next steps, the notice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from flask import url_for
from markupsafe import escape

from portal import enforcement, errors
from portal.blueprints.complaints import actions, closing, forms, guide, parts, phones, queries, rules, story
from portal.blueprints.complaints.codes import (
    OPEN,
    TWO_PERSON,
    Category,
    Finding,
    Kind,
    Outcome,
    State,
    Urgency,
)
from portal.blueprints.complaints.labels import CLOCKS, VERBS
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.record_form import Intake
from portal.blueprints.complaints.workflow import CASE
from portal.drawing import TimeLeft, clause_title, clock_face, department_name, name_of, time_left
from portal.i18n import LABELS, _, is_chinese, label
from portal.kernel import asides, clock, files, history, policies, reference, timers
from portal.kernel.asides import About, Aside
from portal.kernel.customers import masked
from portal.kernel.people import Card, Viewer
from portal.pages import tag

# The verbs that move a case on; the first that a person may do now has its form open.
MAIN = (
    "read-back", "route", "accept", "propose", "approve", "adopt", "resolve", "report", "follow-up", "confirm",
    "file", "archive",
)  # fmt: skip


STATE_TONES = {
    State.REGISTERED: "warn",
    State.ROUTED: "warn",
    State.ACCEPTED: "info",
    State.PROPOSED: "warn",
    State.APPROVED: "info",
    State.RETURNED: "bad",
    State.REOPENED: "bad",
    State.RESOLVED: "ok",
    State.REPORTED: "ok",
    State.ARCHIVED: "",
    State.NOT_UPHELD: "",
    State.WITHDRAWN: "",
}


def listed(asked: queries.CaseList, *, whole: bool) -> dict[str, Any]:
    """What the list draws: each row unpacked once, everything put into words here; `whole` adds the filters.

    The template of the rows escapes nothing, for fifty rows have hundreds of texts: all of them are made safe here.
    """
    now, chinese, zone = clock.now(), is_chinese(), clock.zone()
    tell, clause_of = clock_face(now), enforcement.CLOCKS
    rows, newer, older = asked.page(now)
    words, (departments, names) = _words(chinese), _names(chinese)
    typed = iter(_safe(text for row in rows for text in (row[8], _glance(row[9]))))
    drawn = []
    for (
        _id,
        number,
        kind,
        category,
        urgency,
        state,
        dept,
        handler,
        _customer,
        _what,
        at,
        due,
        since,
        limit,
        paused,
        act,
    ) in rows:
        left = None if paused or due is None else tell(due, since)
        about, customer, what = words[kind, category], next(typed), next(typed)
        drawn.append(
            (
                number,
                at.astimezone(zone).isoformat(" ", "minutes")[5:16],  # strftime takes three times as long
                "" if urgency == Urgency.NORMAL else words[Urgency, urgency],
                "bad" if urgency == Urgency.URGENT else "warn",
                what,
                f"{customer} · {about}" if customer else about,
                departments.get(dept, ""),
                names[handler] if handler else "",
                STATE_TONES[state],
                words[State, state],
                left.text if left else words["waits"] if paused else "",
                f"{left.used / 100:g}" if left else "",
                left.tone if left else "",
                clause_of.get(limit, "") if left else "",
                act,
                words["verb", act] if act else "",
            )
        )
    more = {"choices": _choices()} if whole else {}
    return {"asked": asked, "rows": drawn, "newer": newer, "older": older, "tag": tag(), **more}


def _glance(text: str) -> str:
    return text if len(text) <= queries.GLANCE else f"{text[: queries.GLANCE - 1]}…"


def _safe(texts: Iterable[str]) -> list[str]:
    """Texts escaped for a page, all in one go; no stored text has a NUL in it."""
    return str(escape("\0".join(texts))).split("\0")


def _names(chinese: bool) -> tuple[dict[str, str], dict[int, str]]:
    """The names of departments and people in one language, escaped; kept until one of them changes."""

    def read() -> tuple[dict[str, str], dict[int, str]]:
        staff = reference.staff()
        departments = {code: str(escape(name[not chinese])) for code, name in staff.departments.items()}
        cards = staff.cards.values()
        return departments, {
            card.id: str(escape(card.name if chinese else card.name_en or card.name)) for card in cards
        }

    return reference.kept(f"names for the list {chinese}", read)


@cache
def _words(chinese: bool) -> dict[Any, str]:
    """The words of the list's codes in one language, escaped; a page of fifty rows asks for hundreds of them.

    A code of two enums may be the same text, hence the enum in the key. `chinese` is the language of the page that asks.
    """
    kinds, categories = LABELS[Kind], LABELS[Category]
    words: dict[Any, str] = {(k, c): f"{kinds[k]} · {categories[c]}" for k in kinds for c in categories}
    words |= {(codes, c): str(text) for codes in (State, Urgency) for c, text in LABELS[codes].items()}
    words |= {("verb", verb): str(text) for verb, text in VERBS.items()}
    words |= {"waits": _("Waiting for the customer")}
    return {code: str(escape(text)) for code, text in words.items()}


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The selects of the list's filter: name, caption, codes with their words."""

    def words(codes: type[StrEnum]) -> list[tuple[str, str]]:
        return [(str(code), str(label)) for code, label in LABELS[codes].items()]

    return [
        ("state", _("Any state"), [("open", _("Open")), *words(State)]),
        (
            "department",
            _("All departments"),
            [(code, department_name(code)) for code in reference.staff().departments],
        ),
        ("kind", _("Any kind"), words(Kind)),
        ("urgency", _("Any urgency"), words(Urgency)),
    ]


def _softened(kind: str, left: TimeLeft | None) -> TimeLeft | None:
    """A limit that only warns is never drawn as one that was broken."""
    return left._replace(tone="warn") if left and kind in timers.WARN_ONLY else left


def form_for(case: Case, verb: str, *, sent: bool = False) -> forms.VerbForm:
    """The form of a verb on this case: the decision's when somebody else's question waits."""
    kind = forms.DecisionForm if verb in TWO_PERSON and case.asked(verb) else forms.FORMS[verb]
    more: dict[str, Any] = {"proposed": actions.proposed_department(case)} if verb == "route" else {}
    if verb in {"approve", "return"} and not sent:
        more["proposal"] = case.proposal_id
    if verb == "read-back" and sent:
        more["attached"] = bool(files.of(case))
    if kind is forms.AskExtendForm and sent:
        more["limits"] = actions.limits_to_extend(case)
    if verb == "assist" and not sent:
        more["department"] = rules.helper(case)
    if verb == "adopt" and not sent and case.due_at is not None and case.due_at > clock.now():
        more["due_at"] = case.due_at  # CP-26: an answer date is promised
    form = kind.of_request(**more) if sent else kind.blank(**more)
    if isinstance(form, forms.AcceptForm) and not closing.special_unfounded(case):
        del form.special_reason
    if sent:
        form.promised(lambda: queries.loose_ends(case).promises > 0)
    return form


def after_recording(case: Case, viewer: Viewer) -> tuple[str, str]:
    """Where whoever recorded a case goes next, and what is said: about oneself it is others' from now on (CP-09)."""
    if rules.standing(case, viewer) and not (case.confidential and viewer.role != "office"):
        said = _("Case %(number)s recorded.", number=case.number)
        return url_for("complaints.show", number=case.number), said
    said = _("Case %(number)s recorded. Others will handle it from here. (CP-09)", number=case.number)
    return url_for("complaints.index"), said


def colleagues(case: Case | None = None) -> list[Card]:
    """Whom a field for a person offers: everybody, or for a handler the department's people and the lead."""
    active = [card for card in reference.staff().cards.values() if card.active]
    return active if case is None else [card for card in active if card.department == case.department]


def edit_form(case: Case, viewer: Viewer) -> Intake:
    """The record as it stands, in the intake form's fields that may be mended; the number as the page shows it."""
    told = {name: getattr(case, name) for name in actions.EDITABLE}
    shown = phones.of_case(case, viewer)
    told["customer_phone"] = shown["phone"]
    form = Intake.blank(masked=phones.in_part(shown), **told)
    for name in set(form.data) - set(actions.EDITABLE):
        del form[name]
    return form


def compared(case: Case, form: Intake) -> list[tuple[Any, str, str]]:
    """What was typed beside what is stored now, where they differ: label, typed, stored."""

    def words(value: Any) -> str:
        return label(value) if isinstance(value, StrEnum) else str(value or "")

    stored = {name: getattr(case, name) for name in form._fields}
    if form.masked:  # RC-20: neither of two versions shows more than the page does
        stored["customer_phone"] = masked(case.customer_phone)
    rows = [(f.label.text, words(f.data), words(stored[name])) for name, f in form._fields.items()]
    return [row for row in rows if row[1] != row[2]]


def card(case: Case, viewer: Viewer, *, do: str = "", tried: forms.VerbForm | None = None) -> dict[str, Any]:
    """All that _card.html draws, however it is reached. `tried` is a form that came back wrong."""
    now = clock.now()
    steps = CASE.open_to(case, viewer)
    verbs = [step.verb for step in steps]
    dealings, events = queries.dealings_shown(case), queries.events(case)
    proposal = next((d for d in dealings if d.id == case.proposal_id), None)
    waiting = [d for d in dealings if d.done_at is None]
    blocks = _blocks(case, waiting) if "archive" in verbs else []
    if do not in verbs or do == "edit":
        settled = _settled(case) | ({"archive"} if blocks else set())
        do = next((verb for verb in verbs if verb in MAIN and verb not in settled), "")
    form = tried or (form_for(case, do) if do else None)
    if form is not None:
        form.promised(queries.loose_among(waiting).promises > 0)  # PG-11: a date runs already
    phone = phones.of_case(case, viewer)
    return {
        "case": case,
        "thing": case,
        **phone,
        "verbs": VERBS,
        "steps": [step for step in steps if step.verb not in {"edit", "tick"}],
        "guide": [(step, step.code in case.ticks.split()) for step in guide.steps(case)],
        "may_tick": "tick" in verbs,
        "papers": guide.PAPERS[case.category],
        "clause_of": {step.verb: step.clause for step in steps},
        "may_edit": "edit" in verbs,
        "main": MAIN,
        "do": do,
        "form": form,
        "people": colleagues(case if do in {"accept", "assign"} else None),
        "proposed": actions.proposed_department(case) if do == "route" else "",
        "question": next((d for d in waiting if d.kind is TWO_PERSON.get(do)), None),
        "proposal": proposal,
        "options": Dealing.read(proposal.solutions) if proposal else [],
        "blocks": blocks,
        "running": [
            (CLOCKS[kind], clause, _softened(kind, time_left(due, since, now)))
            for kind, clause, due, since in queries.running_clocks(case)
        ],
        "left": None if case.paused_at else time_left(case.due_at, case.due_from, now),
        "left_by": enforcement.CLOCKS.get(case.due_kind, ""),
        "timeline": [story.told(event, whole=bool(phone["whole_number"])) for event in events],
        "files": files.listed(case),
        "elsewhere": [
            *_visits(events),
            *parts.PARTS.about(case.number, viewer),
            (_("Phrases"), url_for("phrases.index", case=case.number)),
        ],
        "offers": _offers(case, viewer, verbs),
        "asides": _asides(case, viewer),
        "name_of": name_of,
        "department_name": department_name,
        "tone": STATE_TONES[case.state],
        "clause_title": clause_title,
        "here": url_for("complaints.show", number=case.number),
        "page_address": f"/complaints/{case.number}",
    }


def _visits(events: Iterable[history.Event]) -> list[tuple[str, str]]:
    """RC-30, RC-21: caption and address of the visit that belongs to a case; named by its history, it costs nothing."""
    numbers = [event.details["visit"] for event in events if event.event == "case:visit_linked"]
    return [(_("Visit %(number)s", number=n), url_for("reception.show", number=n)) for n in numbers]


def _asides(case: Case, viewer: Viewer) -> list[Aside]:
    """Words and advice for this customer at this stage (PG-07, PG-08); no statement is asked for it."""
    if case.state not in OPEN:
        return []
    return asides.beside(viewer, About(case.customer_type or "", case.state, case.channel))


def _offers(case: Case, viewer: Viewer, verbs: list[str]) -> list[tuple[str, str]]:
    """What follows from the finding: CP-24, CP-21, or CP-06 (CP-34)."""
    if case.disposed_at:
        return []
    offered = parts.offers(case, viewer)
    if case.finding is Finding.MISUNDERSTANDING and "not-upheld" in verbs:
        address = url_for("complaints.show", number=case.number, do="not-upheld", _anchor="do")
        offered.append((VERBS["not-upheld"], address))
    return offered


def _settled(case: Case) -> set[str]:
    """Main verbs that may be repeated but need not be: their form is not the one to open."""
    done = {
        "read-back": case.read_back is not None,
        "route": case.kind is Kind.INQUIRY,  # it is answered where it is asked (CP-02)
        "follow-up": case.kind is not Kind.COMPLAINT
        or case.not_reached
        or case.followed_up not in {None, Outcome.NO_ANSWER},
        "confirm": case.confirmed_at is not None,
        "file": case.filed_at is not None,
    }
    return {verb for verb, is_done in done.items() if is_done}


def _blocks(case: Case, waiting: Sequence[Any]) -> list[str]:
    """What stands between the case and the archive, as sentences."""
    return [errors.say(reason) for reason in closing.what_blocks_archive(case, queries.loose_among(waiting))]


def slip(case: Case) -> dict[str, Any]:
    """What the customer takes home (CP-01, CP-03, CP-33): procedure, papers, time, who handles it, where to ask."""
    ends = {kind: due for kind, _clause, due, _since in queries.running_clocks(case)}
    return {
        "case": case,
        "procedure": guide.PROCEDURE[case.kind],
        "papers": guide.PAPERS[case.category],
        "department": case.department or actions.proposed_department(case),
        "answer_by": ends.get("whole_case") or ends.get("answer"),
        "name_of": name_of,
        "department_name": department_name,
        "form_number": "QR-CP-33 · V1",
        "complaint_phone": policies.value("complaints.phone", clock.now()),
        "complaint_place": policies.value("complaints.place", clock.now()),
    }


FORM_NUMBER = "QR-CP-10 · V1"  # GO-01: every printed form names its number and version


def notice(case: Case, viewer: Viewer) -> dict[str, Any]:
    """What the A4 handling notice shows (CP-10); of the phone number what the case's page shows (RC-20)."""
    dealings = queries.dealings(case)
    return {
        "case": case,
        "phone": phones.of_case(case, viewer)["phone"],
        "proposal": next((d for d in dealings if d.id == case.proposal_id), None),
        "name_of": name_of,
        "department_name": department_name,
        "form_number": FORM_NUMBER,
        "complaint_phone": policies.value("complaints.phone", clock.now()),
        "complaint_place": policies.value("complaints.place", clock.now()),
    }
