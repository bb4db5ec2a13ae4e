"""What the templates of improvement cases draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from portal import notices, telling, timeline
from portal.blueprints.complaints.improvements import forms, queries, rules
from portal.blueprints.complaints.improvements.codes import Cause, State
from portal.blueprints.complaints.improvements.labels import VERBS, WORDS
from portal.blueprints.complaints.improvements.models import Improvement
from portal.blueprints.complaints.improvements.workflow import IMPROVEMENT
from portal.drawing import clause_title, department_name, name_of, time_left
from portal.forms import VerbForm
from portal.i18n import _, is_chinese, label
from portal.kernel import clauses, clock, figures, history, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

TONES = {
    State.RAISED: "warn",
    State.ASSIGNED: "info",
    State.PLANNED: "info",
    State.CARRIED_OUT: "warn",
    State.CLOSED: "ok",
    State.CANCELLED: "",
}
# The verbs that move it on; the first that a person may do now has its form open.
MAIN = ("assign", "plan", "carry-out", "evaluate")
ALIASES = {"name-owner": "assign", "confirm-effect": "evaluate"}  # as my day calls them
BAD = frozenset({"clock:overdue", "improvement:reopen", "improvement:cancel"})


def listed(asked: queries.ImprovementList) -> dict[str, Any]:
    """What the list draws."""
    now = clock.now()
    rows, newer, older = asked.page(now)
    return {
        "asked": asked,
        "rows": [(row, time_left(row.due_at, row.due_from, now)) for row in rows],
        "newer": newer,
        "older": older,
        "tones": TONES,
        "may_raise": rules.may_raise(asked.viewer),
        "may_export": asked.viewer.may(May.EXPORT_CASES),
        "name_of": name_of,
        "department_name": department_name,
        "choices": _choices(),
    }


def _choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    departments = reference.staff().departments
    return [
        ("state", _("Any state"), [("open", _("Open")), *((s, label(s)) for s in State)]),
        ("department", _("All departments"), [(code, department_name(code)) for code in departments]),
        ("cause", _("Any cause"), [(code, label(code)) for code in Cause]),
    ]


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Improvement"), _("State"), _("Department"), _("Root cause"), _("Owner"), _("Raised on"),
        _("To be carried out by"), _("Changes"), _("Round"), _("Cases"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(row: Any) -> list[Any]:
    """One line of the workbook."""
    return [
        row.number,
        row.title,
        label(row.state),
        department_name(row.department),
        label(row.cause) if row.cause else "",
        name_of(row.owner_id) if row.owner_id else "",
        row.raised_at,
        row.target_at,
        row.changes,
        row.round,
        row.cases,
    ]


def form_for(improvement: Improvement, verb: str, *, sent: bool = False) -> VerbForm:
    """The form of a verb, as it was sent or before anybody typed."""
    kind = forms.FORMS[verb]
    if sent:
        return kind.of_request()
    kept: dict[str, Any] = {}
    if verb == "assign" and improvement.owner_id:
        kept["owner"] = reference.staff().cards[improvement.owner_id].username
    if verb == "assign" and improvement.target_at:
        kept["due_on"] = clock.local(improvement.target_at).date()
    if verb == "plan":
        kept = {"cause": improvement.cause, "plan": improvement.plan, "changes": improvement.changes}
    return kind.blank(**kept)


def card(
    improvement: Improvement, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None
) -> dict[str, Any]:
    """All that _card.html draws, however it is reached. `tried` is a form that came back wrong."""
    now = clock.now()
    verbs = [step.verb for step in IMPROVEMENT.open_to(improvement, viewer)]
    do = ALIASES.get(do, do)
    if do not in verbs:
        do = next((verb for verb in verbs if verb in MAIN and _due_now(improvement, verb, viewer, now)), "")
    return {
        "improvement": improvement,
        "behind": queries.behind(improvement, viewer),
        "timeline": [_told(event) for event in history.events(improvement)],
        "steps": verbs,
        "words": VERBS,
        "do": do,
        "form": (tried or form_for(improvement, do)) if do else None,
        "left": time_left(improvement.due_at, improvement.due_from, now),
        "early": improvement.effect_from is not None and now < improvement.effect_from,
        "figure_words": notices.FIGURES,
        "points_at": rules.points_at(improvement.changes) if improvement.changes else "",
        "may_see_limits": viewer.may(May.MANAGE_OFFICE),
        "tone": TONES[improvement.state],
        "people": [c for c in reference.staff().cards.values() if c.active] if do == "assign" else [],
        "name_of": name_of,
        "department_name": department_name,
        "clause_title": clause_title,
        "here": url_for("complaints.improvement", improvement_number=improvement.number),
        "clauses": suggestions() if do == "plan" else [],
        "may_retrain": improvement.cause is not None and rules.may_raise(viewer, improvement.department),
    }


def _due_now(improvement: Improvement, verb: str, viewer: Viewer, now: datetime) -> bool:
    """False for a main verb that a gate would refuse anyway, or that may be repeated but need not be."""
    if verb == "assign":
        return improvement.state is State.RAISED
    if verb == "plan":
        return improvement.state is State.ASSIGNED
    if verb == "evaluate":
        own = viewer.id in {improvement.owner_id, improvement.carried_out_by_id}
        return not own and improvement.effect_from is not None and now >= improvement.effect_from
    return True


def _told(event: history.Event) -> dict[str, Any]:
    colon = "：" if is_chinese() else ":"
    told = telling.pairs("improvement", event.details, {})
    told += [(f"{WORDS[name]}{colon}" if name in WORDS else "", text) for name, text in event.words.items()]
    return timeline.line(event, "improvement", BAD) | {"told": told}


def suggestions() -> list[tuple[str, str]]:
    """What an improvement may change: every clause and every figure, with its name where it has one."""
    named = [(c.id, c.title.zh if is_chinese() else c.title.en) for c in clauses.all_clauses()]
    return named + [
        (figure.key, str(notices.FIGURES.get(figure.key, figure.key))) for figure in figures.SHIPPED
    ]


def proposal_title(proposal: queries.Proposal) -> str:
    """What an improvement case raised from a proposal is about."""
    if proposal.customer or proposal.category is None:
        return _("The same customer complained again")
    return _(
        "Again at %(department)s: %(category)s, %(finding)s",
        department=department_name(proposal.department),
        category=label(proposal.category),
        finding=label(proposal.finding),
    )
