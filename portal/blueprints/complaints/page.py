"""What the templates of cases draw: rows, the card with its next steps, the notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import actions, forms, queries
from portal.blueprints.complaints.codes import TWO_PERSON, Category, DealingKind, Kind, State, Urgency
from portal.blueprints.complaints.labels import CLOCKS, HISTORY, VERBS
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.workflow import CASE
from portal.drawing import TimeLeft, clause_title, department_name, name_of, time_left
from portal.i18n import LABELS, is_chinese, ngettext
from portal.kernel import clock, files, reference
from portal.kernel.people import Viewer
from portal.kernel.timers import Clock

# The verbs that move a case on; the first that a person may do now has its form open.
MAIN = (
    "read-back", "route", "accept", "propose", "approve", "adopt", "resolve", "report", "follow-up", "confirm",
    "file", "archive",
)  # fmt: skip


STATE_TONES = {
    State.REGISTERED: "warn",
    State.ROUTED: "warn",
    State.PROPOSED: "warn",
    State.RETURNED: "bad",
    State.REOPENED: "bad",
    State.RESOLVED: "good",
    State.REPORTED: "good",
    State.ARCHIVED: "quiet",
    State.NOT_UPHELD: "quiet",
    State.WITHDRAWN: "quiet",
}


def listed(asked: queries.CaseList, rows: list[Any], newer: str | None, older: str | None) -> dict[str, Any]:
    """What the list page draws: each row unpacked once, everything put into words here."""
    now, staff, chinese = clock.now(), reference.staff(), is_chinese()
    states, categories = ({k: str(v) for k, v in LABELS[t].items()} for t in (State, Category))
    kinds, urgencies = ({k: str(v) for k, v in LABELS[t].items()} for t in (Kind, Urgency))
    departments = {code: names[0 if chinese else 1] for code, names in staff.departments.items()}
    people = {i: card.name if chinese else card.name_en or card.name for i, card in staff.cards.items()}
    drawn = []
    for (
        _id,
        number,
        kind,
        category,
        urgency,
        major,
        state,
        dept,
        handler,
        customer,
        what,
        at,
        due,
        since,
        paused,
    ) in rows:
        left = None if paused else time_left(due, since, now)
        drawn.append(
            (
                number,
                what,
                kinds[kind],
                categories[category],
                str(urgency),
                urgencies[urgency],
                major,
                STATE_TONES.get(state, "info"),
                states[state],
                departments.get(dept, ""),
                people.get(handler, ""),
                customer,
                clock.local(at).strftime("%m-%d %H:%M"),
                left,
                paused is not None,
            )
        )
    return {"asked": asked, "rows": drawn, "newer": newer, "older": older}


def form_for(case: Case, verb: str, *, sent: bool = False) -> forms.VerbForm:
    """The form of a verb on this case: the decision's when somebody else's question waits."""
    kind = forms.DecisionForm if verb in TWO_PERSON and case.asked(verb) else forms.FORMS[verb]
    more: dict[str, Any] = {"proposed": actions.proposed_department(case)} if verb == "route" else {}
    if sent:
        return kind.of_request(**more)
    if verb in {"approve", "return"}:
        more["proposal"] = case.proposal_id
    return kind.blank(idempotency_key=forms.fresh_key(), **more)


def edit_form(case: Case) -> forms.Intake:
    """The record as it stands, in the intake form's fields that may be mended."""
    form = forms.Intake.blank(**{name: getattr(case, name) for name in actions.EDITABLE})
    for name in set(form.data) - set(actions.EDITABLE):
        del form[name]
    return form


def card(case: Case, viewer: Viewer, *, do: str = "", tried: forms.VerbForm | None = None) -> dict[str, Any]:
    """All that _card.html draws, however it is reached. `tried` is a form that came back wrong."""
    now = clock.now()
    steps = CASE.open_to(case, viewer)
    verbs = [step.verb for step in steps]
    if do not in verbs or do == "edit":
        do = next((verb for verb in verbs if verb in MAIN), "")
    dealings = queries.dealings(case)
    proposal = next((d for d in dealings if d.id == case.proposal_id), None)
    questions = {d.kind: d for d in dealings if d.done_at is None}
    return {
        "case": case,
        "verbs": VERBS,
        "steps": [step for step in steps if step.verb != "edit"],
        "may_edit": "edit" in verbs,
        "main": MAIN,
        "do": do,
        "form": tried or (form_for(case, do) if do else None),
        "proposed": actions.proposed_department(case),
        "question": questions.get(TWO_PERSON[do]) if do in TWO_PERSON else None,
        "dealings": list(reversed(dealings)),
        "proposal": proposal,
        "promises": [d for d in dealings if d.kind is DealingKind.PROMISE and d.done_at is None],
        "clocks": [(c, CLOCKS[c.kind], _clock_left(c, now)) for c in queries.clocks(case)],
        "left": None if case.paused_at else time_left(case.due_at, case.due_from, now),
        "events": queries.events(case),
        "event_words": HISTORY,
        "clock_words": CLOCKS,
        "files": files.of(case),
        "name_of": name_of,
        "department_name": department_name,
        "tone": STATE_TONES.get(case.state, "info"),
        "clause_title": clause_title,
    }


def _clock_left(running: Clock, now: datetime) -> TimeLeft | None:
    return time_left(running.due_at, running.started_at, now) if running.running else None


def notice(case: Case) -> dict[str, Any]:
    """What the A4 handling notice shows (CP-10)."""
    dealings = queries.dealings(case)
    return {
        "case": case,
        "proposal": next((d for d in dealings if d.id == case.proposal_id), None),
        "name_of": name_of,
        "department_name": department_name,
    }


def rounds(case: Case) -> str:
    """How often the matter was worked on, in words."""
    return ngettext("%(num)s round", "%(num)s rounds", case.round)
