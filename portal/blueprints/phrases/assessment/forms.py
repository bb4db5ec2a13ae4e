"""What may be typed about an assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.phrases.assessment import rules
from portal.blueprints.phrases.assessment.codes import Outcome, Rater
from portal.blueprints.phrases.assessment.models import Period
from portal.blueprints.phrases.assessment.workflow import (
    ANSWER,
    CLOSE,
    COLLECT,
    CORRECT,
    EDIT,
    OBJECT,
    OPEN,
    PUBLISH,
    RATE,
    RETRAIN,
    SELF_RATE,
)
from portal.forms import Choice, Day, Line, OneOf, Paragraph, VersionedForm, Whole
from portal.i18n import _, _l, label
from portal.kernel import lists, policies, reference, retraining
from portal.kernel.aspects import Aspect
from portal.kernel.rights import Role

LONGEST = 400  # days


class PeriodForm(VersionedForm):
    """A period; ticks for departments and roles, and the weights, are added by `period_form`."""

    name = Line(_l("Name of the assessment"), most=80, required=True)
    begins = Day(_l("First day"), required=True)
    ends = Day(_l("Last day"), required=True)
    departments: tuple[str, ...] = ()

    def of_departments(self) -> list[Any]:
        """A tick for each department."""
        return [self[f"department_{code}"] for code in self.departments]

    def of_roles(self) -> list[Any]:
        """A tick for each role."""
        return [self[f"role_{role}"] for role in Role]

    def of_weights(self, codes: Any) -> list[Any]:
        """The weights of these criteria or raters."""
        return [self[f"weight_{code}"] for code in codes]

    @property
    def weights(self) -> list[tuple[Any, list[Any]]]:
        """The two sets of weights, each with its caption."""
        return [
            (_("Weights of the criteria, together 100"), self.of_weights(Aspect)),
            (_("Weights of the raters, together 100"), self.of_weights(Rater)),
        ]

    def validate_ends(self, field: Field) -> None:
        first = self.begins.data
        if first and field.data and not 0 <= (field.data - first).days < LONGEST:
            wrong = _("The last day is not before the first, and at most %(most)s days later.", most=LONGEST)
            raise ValidationError(wrong)

    def validate(self, *args: Any, **more: Any) -> bool:
        """GO-03: the weights of the criteria make a hundred together, and those of the raters do."""
        fine = super().validate(*args, **more)
        for _caption, fields in self.weights:
            typed = [field.data for field in fields]
            if None not in typed and not rules.sums_up(typed):
                fields[0].errors = [
                    *fields[0].errors,
                    _("These weights make %(sum)s together; they must make 100. (GO-03)", sum=sum(typed)),
                ]
                fine = False
        return fine

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        departments = [code for code in self.departments if self[f"department_{code}"].data]
        return {
            "name": self.name.data,
            "begins": self.begins.data,
            "ends": self.ends.data,
            "departments": " ".join(departments),
            "roles": " ".join(role for role in Role if self[f"role_{role}"].data),
            "weights": {code: self[f"weight_{code}"].data for code in (*Aspect, *Rater)},
        }


def period_form() -> Any:
    """The form with a tick for each department and role, in the language of the page."""
    departments = tuple(reference.staff().departments)
    fields: dict[str, Any] = {"departments": departments}
    fields |= {f"department_{code}": BooleanField(label(code)) for code in departments}
    fields |= {f"role_{role}": BooleanField(label(role)) for role in Role}
    fields |= {f"weight_{code}": Whole(label(code), most=100, required=True) for code in (*Aspect, *Rater)}
    return type("PeriodForm", (PeriodForm,), fields)


def proposed_weights(now: datetime) -> dict[str, Any]:
    """GO-03: the weights of a new period, as the figures of the regulations propose them."""
    return {f"weight_{code}": policies.number(f"assessment.weight.{code}", now) for code in (*Aspect, *Rater)}


def stored(period: Period) -> dict[str, Any]:
    """The fields of a form filled with what a period says."""
    told: dict[str, Any] = {"name": period.name, "begins": period.begins, "ends": period.ends}
    told |= {f"department_{code}": True for code in period.departments.split()}
    told |= {f"role_{role}": True for role in period.roles.split()}
    return (
        told
        | {f"weight_{code}": weight for code, weight in period.weight.items()}
        | {"version": period.version}
    )


class MarksForm(VersionedForm):
    """A mark from 0 to 100 in each criterion."""

    attitude = Whole(_l("Attitude"), most=100, required=True)
    skill = Whole(_l("Skill"), most=100, required=True)
    efficiency = Whole(_l("Efficiency"), most=100, required=True)
    satisfaction = Whole(_l("Customer satisfaction"), most=100, required=True)

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them, the marks put together."""
        found = super().given()
        return found | {"marks": {aspect: found.pop(aspect) for aspect in Aspect}}


class SelfRateForm(MarksForm):
    note = Paragraph(_l("What I did, what was difficult"), most=2000)


class RateForm(MarksForm):
    why_attitude = Line(_l("Attitude: why not as proposed"), most=200)
    why_skill = Line(_l("Skill: why not as proposed"), most=200)
    why_efficiency = Line(_l("Efficiency: why not as proposed"), most=200)
    why_satisfaction = Line(_l("Customer satisfaction: why not as proposed"), most=200)
    note = Paragraph(_l("Remark to the person"), most=2000)

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them, marks and reasons put together."""
        found = super().given()
        return found | {"reasons": {aspect: found.pop(f"why_{aspect}") for aspect in Aspect}}


class ObjectForm(VersionedForm):
    text = Paragraph(_l("What is not right, and why"), most=2000, required=True)


class AnswerForm(VersionedForm):
    outcome = Choice(_l("Outcome"), of=Outcome, words=label, required=True)
    answer = Paragraph(_l("Answer to the person"), most=2000, required=True)


class CorrectForm(MarksForm):
    reason = Line(
        _l("Why the result is corrected"), most=400, required=_l("Every correction has a reason. (GO-01)")
    )


def _topics() -> list[tuple[str, str]]:
    return [(str(topic), label(topic)) for topic in retraining.topics()]


class RetrainForm(VersionedForm):
    """What the person is to learn; they read it."""

    topic = OneOf(_l("Subject area"), codes=_topics, empty=_l("Please choose"), required=True)
    what = Line(_l("What is to be learnt"), most=200, required=True)
    due_on = Day(_l("To be done by"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        found = super().given()
        day = found.pop("due_on")
        return found | {"due_at": lists.begins(day, days_later=1) if day else None}


PERIOD_FORMS: dict[str, type[VersionedForm]] = {
    OPEN: VersionedForm,
    COLLECT: VersionedForm,
    PUBLISH: VersionedForm,
    CLOSE: VersionedForm,
}
SHEET_FORMS: dict[str, type[VersionedForm]] = {
    SELF_RATE: SelfRateForm,
    RATE: RateForm,
    OBJECT: ObjectForm,
    ANSWER: AnswerForm,
    CORRECT: CorrectForm,
    RETRAIN: RetrainForm,
}


def form_of(verb: str) -> Any:
    """The form of one verb of a period."""
    return period_form() if verb == EDIT else PERIOD_FORMS[verb]
