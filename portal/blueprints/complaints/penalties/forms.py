"""What may be typed about a penalty: the proposal, one form for each verb, the bonuses of a month."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError
from wtforms.widgets import NumberInput

from portal.blueprints.complaints.penalties import planning, queries, rules
from portal.blueprints.complaints.penalties.codes import Ground, Measure, Ruling
from portal.blueprints.complaints.penalties.labels import FIELDS
from portal.blueprints.complaints.penalties.models import Penalty
from portal.drawing import department_name
from portal.forms import (
    Choice,
    IdempotencyKey,
    Line,
    Moment,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    Typed,
    VerbForm,
    Whole,
)
from portal.i18n import _, _l, label
from portal.kernel import policies, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
MOST = Decimal(1_000_000)


class Money(Typed):
    """Yuan with at most two decimals."""

    widget = NumberInput(step="0.01", min=0)

    def read(self, text: str) -> Decimal | None:
        if not text:
            return None
        plain = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", plain):
            raise ValueError(_("Write yuan with at most two decimals, such as 120.50."))
        if Decimal(plain) > MOST:
            raise ValueError(_("This is too much."))
        return Decimal(plain)

    def _value(self) -> str:
        if (typed := self.typed()) is not None:
            return typed
        return "" if self.data is None else f"{self.data:.2f}"


class Month(Line):
    """A month, typed as `2026-03`."""

    def read(self, text: str) -> str:
        if text and not MONTH.fullmatch(text):
            raise ValueError(_("Write the month as 2026-03."))
        return text


class Proposal(PortalForm):
    """Who is proposed for a penalty, and why."""

    case = Line(_l("Number of the case"), most=24, required=True)
    person = Someone(_l("Person responsible (user name; empty: the department)"))
    department = OneOf(
        _l("Department responsible"),
        codes=lambda: [(code, department_name(code)) for code in reference.staff().departments],
        empty=_l("none: a person"),
    )
    ground = Choice(_l("Ground"), of=Ground, words=label, required=True)
    facts = Paragraph(_l("What happened"), most=4000, required=True)
    idempotency_key = IdempotencyKey()

    by: Viewer
    found: Any = None  # the case

    def validate_case(self, field: Field) -> None:
        self.found = queries.find_case(self.by, field.data or "")
        if self.found is None:
            raise ValidationError(_("There is no such case, or none that you may see."))

    def validate_person(self, field: Any) -> None:
        """CP-24: nobody proposes a penalty on themselves; a lead proposes within the own departments."""
        if field.card is None:
            return
        if field.card.id == self.by.id:
            raise ValidationError(_("Nobody proposes a penalty on themselves. (CP-24)"))
        self._within(field.card.department)

    def validate_department(self, field: Field) -> None:
        """CP-24: responsibility goes to a person, else to the department."""
        if self.person.card is not None or self.person.errors:
            return
        if not field.data:
            raise ValidationError(_("Name a person, else the department. (CP-24)"))
        self._within(field.data)
        cards = reference.staff().cards.values()
        if any(c.active and c.department == field.data and c.role is Role.OFFICE for c in cards):
            raise ValidationError(
                _("The general office cannot decide about itself: name the person. (CP-24)")
            )

    def _within(self, department: str) -> None:
        if self.by.role is not Role.OFFICE and department not in self.by.leads:
            raise ValidationError(_("A lead proposes within the own department. (CP-24)"))


class PenaltyForm(VerbForm):
    """A verb's form knows the penalty it is about."""

    about: Penalty
    now: datetime


class ReleaseForm(PenaltyForm):
    summary = Paragraph(_l("Summary that the person penalised reads"), most=4000, required=True)


class StatementForm(PenaltyForm):
    statement = Paragraph(_l("My statement"), most=4000, required=True)


class DecideForm(PenaltyForm):
    measure = Choice(_l("Measure"), of=Measure, words=label, required=True)
    month = Month(_l("From month"), most=7, required=True)
    amount = Money(_l("Yuan (money)"))
    bonus = Money(_l("Performance bonus of that month in yuan (empty: as entered)"))
    service_staff = BooleanField(_l("Service staff: the smallest amount a complaint holds"))
    points = Whole(_l("Points (appraisal)"), least=0, most=100)
    demerit = BooleanField(_l("With a major demerit (appraisal)"))
    reason = Paragraph(_l("Reason"), most=2000, required=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """CP-24: what does not fit is told beside its field."""
        fine = super().validate(extra_validators)
        if self.measure.data is None:
            return False
        figures = rules.Figures(
            Decimal(policies.value("penalty.least_yuan", self.now)),
            policies.number("penalty.points_least", self.now),
            policies.number("penalty.points_most", self.now),
        )
        card = reference.staff().cards[self.about.person_id] if self.about.person_id else None
        against = rules.against_decision(
            self.measure.data,
            figures,
            on_person=card is not None,
            service_staff=self.data.get("service_staff") or (card is not None and card.role is Role.DESK),
            amount=self.data.get("amount"),
            points=self.data.get("points"),
            demerit=self.data.get("demerit", False),
        )
        for name, code in against:
            if not self[name].errors:
                self[name].errors = [*self[name].errors, f"{FIELDS[code]} (CP-24)" % vars(figures)]
            fine = False
        return fine


class PublishForm(PenaltyForm):
    title = Line(_l("Title"), most=120, required=True)
    text = Paragraph(_l("Text on the notice board"), most=4000, required=True)
    until = Moment(_l("On the board until (empty: without an end)"))


class ReasonForm(PenaltyForm):
    reason = Paragraph(_l("Reason"), most=2000, required=True)


class RuleForm(PenaltyForm):
    outcome = Choice(_l("Ruling"), of=Ruling, words=label, required=True)
    amount = Money(_l("New amount in yuan (when reduced)"))
    percent = Whole(_l("New percent of the bonus (when reduced)"), least=0, most=100)
    points = Whole(_l("New points (when reduced)"), least=0, most=100)
    reason = Paragraph(_l("Reason"), most=2000, required=True)

    def validate_outcome(self, field: Field) -> None:
        """CP-24: a reduction leaves less than there was."""
        if field.data is not Ruling.REDUCE:
            return
        name = REDUCED.get(self.about.kind) if self.about.kind else None
        if name is None:
            raise ValidationError(f"{FIELDS['nothing_to_reduce']} (CP-24)")
        if code := rules.against_reduction(getattr(self.about, name), self[name].data):
            raise ValidationError(f"{FIELDS[code]} (CP-24)")


# Which field a reduction changes.
REDUCED = {Measure.MONEY: "amount", Measure.DEPARTMENT: "percent", Measure.POINTS: "points"}

FORMS: dict[str, type[PenaltyForm]] = {
    "release": ReleaseForm,
    "statement": StatementForm,
    "decide": DecideForm,
    "publish": PublishForm,
    "appeal": ReasonForm,
    "rule": RuleForm,
    "reverse": ReasonForm,
    "withdraw": ReasonForm,
}


def form_of(verb: str, penalty: Penalty, now: datetime, *, sent: bool) -> PenaltyForm:
    """The form of a verb on this penalty, with what is known already."""
    more: dict[str, Any] = {}
    if not sent and verb == "release":
        more["summary"] = penalty.facts
    if not sent and verb == "decide":
        more["month"] = planning.month_of(now)
        more["measure"] = None if penalty.person_id else Measure.DEPARTMENT
    form = FORMS[verb].of_request() if sent else FORMS[verb].blank(**more)
    form.about, form.now = penalty, now
    if isinstance(form, RuleForm):
        for name in set(REDUCED.values()) - {REDUCED.get(penalty.kind) if penalty.kind else None}:
            del form[name]
    if isinstance(form, DecideForm) and penalty.person_id is None:
        for name in ("amount", "bonus", "service_staff", "points", "demerit"):
            del form[name]
    return form


def bonus_fields(people: dict[str, int], typed: dict[str, str]) -> tuple[dict[int, Decimal], dict[str, str]]:
    """The amounts typed for a month by person id, and by user name what is wrong; empty ones are left out."""
    found: dict[int, Decimal] = {}
    wrong: dict[str, str] = {}
    for username, text in typed.items():
        if username not in people or not text.strip():
            continue
        plain = unicodedata.normalize("NFKC", text.strip())
        if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", plain) and Decimal(plain) <= MOST:
            found[people[username]] = Decimal(plain)
        else:
            wrong[username] = _("Write yuan with at most two decimals, such as 120.50.")
    return found, wrong
