"""What the page of calls draws: each call with whom, why, what to say, what was tried, and the form that records it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from portal.blueprints.complaints import closing, forms, phones
from portal.blueprints.complaints.calls import labels
from portal.blueprints.complaints.calls.queries import CallList, spoken
from portal.blueprints.complaints.calls.rules import CallKind, caller, verb
from portal.blueprints.complaints.codes import DealingKind, Outcome
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.return_visits.forms import AnswerForm
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.workflow import ANSWER, RETURN_VISIT
from portal.blueprints.complaints.workflow import CASE
from portal.drawing import TimeLeft, clock_face, department_name, name_of
from portal.errors import say
from portal.forms import PortalForm, fresh_key
from portal.i18n import _, label
from portal.kernel.customers import masked
from portal.kernel.people import Viewer
from portal.kernel.sheets import Column
from portal.kernel.workflow import Attempt

SHOWN = 3  # tries before this one: a follow-up has no more of them


@dataclass(frozen=True)
class Call:
    """One call that is due, as it is drawn."""

    id: int
    number: str
    address: str  # of the case or the visit; the verb follows it
    customer: str
    phone: str  # in part, unless the viewer calls the customer (RC-20)
    dial: str
    urgent: bool
    kind: CallKind
    due_at: datetime | None
    left: TimeLeft | None
    limit_clause: str  # of the limit that runs until then
    who: str
    promised: str  # what the customer was promised
    opening: str
    tries: list[Dealing]
    verb: str
    form: PortalForm | None  # None: another person makes this call
    barred: str  # why the viewer may not, where a rule says so

    @property
    def words(self) -> str:
        """What kind of call it is."""
        return label(self.kind)

    @property
    def why(self) -> str:
        """Why the customer is called."""
        return str(labels.WHY[self.kind])

    @property
    def ask(self) -> str:
        """What to say and ask."""
        return str(labels.ASK[self.kind])

    @property
    def clause(self) -> str:
        """The clause that asks for this call."""
        return labels.CLAUSES[self.kind]


def drawn(asked: CallList, now: datetime, most: int) -> tuple[list[Call], str | None]:
    """The calls of a page and the address of the later ones."""
    rows, later = asked.page(now, most)
    said = spoken({row[0].id for row in rows if isinstance(row[0], Case)})
    tell = clock_face(now)
    calls = [
        _call(row, said.get(row[0].id, []), asked.viewer, now, tell)
        if isinstance(row[0], Case)
        else _after_a_visit(row, asked.viewer, tell)
        for row in rows
    ]
    return calls, later


def _phone(subject: Case | ReturnVisit, viewer: Viewer) -> dict[str, str]:
    """RC-20: whole for whoever makes the call; the workbook has a part of it."""
    if isinstance(subject, Case):
        return phones.of_case(subject, viewer)
    return phones.whole(subject, phones.calls_customer(viewer, (subject.person_id,), subject.department))


def _common(row: Any, kind: CallKind, viewer: Viewer, tell: Any) -> dict[str, Any]:
    subject = row[0]
    shown = _phone(subject, viewer)
    return {
        "id": row.id,
        "number": subject.number,
        "customer": subject.customer_name,
        "phone": shown["phone"],
        "dial": shown["whole_number"],
        "kind": kind,
        "due_at": row.due_at,
        "left": tell(row.due_at, row.started_at) if row.due_at else None,
        "limit_clause": row.clause,
        "opening": labels.OPENING[kind]
        % {
            "name": subject.customer_name or _("dear customer"),
            "me": name_of(viewer.id),
            "company": current_app.config["SETTINGS"].company,
        },
    }


def _after_a_visit(row: Any, viewer: Viewer, tell: Any) -> Call:
    """CU-03: what was not answered at once."""
    visit: ReturnVisit = row[0]
    mine = any(step.verb == ANSWER for step in RETURN_VISIT.open_to(visit, viewer))
    return Call(
        **_common(row, CallKind.RETURN_VISIT, viewer, tell),
        address=url_for("complaints.return_visit", visit_id=visit.id),
        urgent=False,
        who=name_of(visit.person_id),
        promised=visit.note,
        tries=[],
        verb=ANSWER,
        form=AnswerForm.blank(version=visit.version) if mine else None,
        barred="",
    )


def _call(row: Any, said: Sequence[Dealing], viewer: Viewer, now: datetime, tell: Any) -> Call:
    case, kind = row[0], CallKind(row.kind)
    form, barred = _form(case, kind, viewer, now)
    return Call(
        **_common(row, kind, viewer, tell),
        address=url_for("complaints.show", number=case.number),
        urgent=case.is_urgent,
        who=_who(case, kind),
        promised=_promised(said, row.due_at) if kind is CallKind.PROMISE else "",
        tries=_tries(case, kind, said),
        verb=verb(kind),
        form=form,
        barred=barred,
    )


def _who(case: Case, kind: CallKind) -> str:
    match caller(case, kind):
        case "handler":
            return name_of(case.handler_id)
        case "lead":
            return _("Lead of %(department)s", department=department_name(case.department))
        case "responder":
            return name_of(case.first_responder_id)
    return _("Front desk")


def _promised(said: Sequence[Dealing], due: datetime | None) -> str:
    notes = [d.note for d in said if d.kind is DealingKind.PROMISE and d.until == due]
    return notes[0] if notes else ""


def _tries(case: Case, kind: CallKind, said: Sequence[Dealing]) -> list[Dealing]:
    """CP-18 counts the follow-ups of this round; before another call whatever was said helps."""
    wanted = DealingKind.FOLLOW_UP if kind is CallKind.FOLLOW_UP else DealingKind.CONTACT
    of_kind = [
        d for d in said if d.kind is wanted and (wanted is DealingKind.CONTACT or d.round == case.round)
    ]
    return of_kind[-SHOWN:]


def _form(case: Case, kind: CallKind, viewer: Viewer, now: datetime) -> tuple[PortalForm | None, str]:
    """The form of the verb that records the call, if it is this viewer's to make; else the rule against it."""
    wanted = verb(kind)
    if all(step.verb != wanted for step in CASE.open_to(case, viewer)):
        return None, ""
    if kind is CallKind.FOLLOW_UP and (
        reason := closing.followed_up_by_another(Attempt(case, viewer, now, {}))
    ):
        return None, say(reason)
    return forms.FORMS[wanted].blank(idempotency_key=fresh_key()), ""


def result(row: Dealing) -> str:
    """How an earlier try ended: its outcome, where the call had one."""
    return label(Outcome(row.outcome)) if row.kind is DealingKind.FOLLOW_UP else ""


def columns() -> list[Column]:
    """The captions of the workbook."""
    captions = (
        _("Due"), _("Number"), _("Kind of call"), _("Customer"), _("Phone"), _("Who calls"), _("Why"),
        _("What was promised"), _("Earlier tries"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def cells(call: Call) -> list[Any]:
    """A call as a row of the workbook."""
    tries = "\n".join(f"{result(d)} {d.note}".strip() for d in call.tries)
    return [
        call.due_at, call.number, call.words, call.customer, masked(call.phone), call.who, call.why,
        call.promised, tries,
    ]  # fmt: skip
