"""What may be typed about a visit: one form for who stands there and who is expected, one for each verb."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from portal.blueprints.reception import places, rules
from portal.blueprints.reception.actions import host_is_leader
from portal.blueprints.reception.appointments import rules as series
from portal.blueprints.reception.appointments.codes import MOST, Repeat, Scope
from portal.blueprints.reception.codes import (
    Category,
    Errand,
    Layout,
    PlaceKind,
    Refreshment,
    Satisfaction,
    Task,
)
from portal.blueprints.reception.matrix import rule_for
from portal.drawing import department_name
from portal.forms import (
    Choice,
    CustomerText,
    Day,
    IdempotencyKey,
    Line,
    Moment,
    OneOf,
    Paragraph,
    PortalForm,
    Someone,
    TextScope,
    VerbForm,
    Version,
    Whole,
)
from portal.i18n import _, _l, label
from portal.kernel import clock, company_calendar, customers, reference
from portal.kernel.customers import Customer
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May

PHONE = re.compile(r"[0-9+() .;,/#转ext-]*", re.IGNORECASE)
MOST_PARTY = 500


def departments() -> list[tuple[str, str]]:
    """Code and name of every department."""
    return [(code, department_name(code)) for code in reference.staff().departments]


def open_places() -> list[tuple[str, str]]:
    """Code and name of every place in use."""
    return [(place.code, place.words) for place in places.all_places().values() if place.active]


class WithPhone(PortalForm):
    """A form that asks for a phone number; a stored one is drawn in part, and left like that stays whole (RC-20)."""

    def __init__(self, *args: Any, whole_phone: str = "", **more: Any) -> None:
        self.whole_phone = whole_phone
        super().__init__(*args, **more)

    def validate_phone(self, field: Field) -> None:
        number = self.number_of(field)
        if number and not PHONE.fullmatch(number):
            raise ValidationError(_("This is not a phone number."))

    def number_of(self, field: Field) -> str:
        """The number as it is kept."""
        kept = self.whole_phone and field.data == customers.masked(self.whole_phone)
        return self.whole_phone if kept else field.data or ""


class VisitForm(WithPhone):
    """Who stands there, or is expected at `starts_at`, in the order of asking (RC-01, RC-17, RC-19)."""

    category = Choice(
        _l("Category"), of=Category, words=label, required=_l("Choose the category first. (RC-01)")
    )
    visitor_name = Line(_l("Visitor's name"), most=120, required=True)
    phone = Line(_l("Phone"), most=40)
    company = Line(_l("Company"), most=120)
    party_size = Whole(_l("Number of people"), least=1, most=MOST_PARTY, default=1)
    purpose = Paragraph(_l("Matter"), most=2000)
    host = Someone(_l("Person visited (user name)"))
    department = OneOf(_l("Department"), codes=departments, empty=_l("as the person visited"))
    on_business = BooleanField(_l("On company business"))
    consent = BooleanField(_l("Agrees that the details are kept for the next visit (RC-20)"))
    place = OneOf(_l("Place"), codes=open_places, empty=_l("as the category has it"))
    starts_at = Moment(_l("Expected at (empty: stands here now)"))
    ends_at = Moment(_l("Ends at"))
    refreshment = Choice(_l("Refreshment"), of=Refreshment, words=label, empty=_l("as the category has it"))
    meal = BooleanField(_l("Meal wanted"))
    lodging = BooleanField(_l("Lodging wanted"))
    errand = Choice(_l("Occasion"), of=Errand, words=label, default=Errand.USUAL)
    party = Paragraph(_l("Names of the others, a line each"), most=4000)
    topic = Line(_l("Topic of the meeting"), most=200)
    late_reason = Line(_l("Why the arrangement form is late"), most=400)
    another = BooleanField(_l("None of these: record another visit"))
    repeat = Choice(_l("Comes again"), of=Repeat, words=label, empty=_l("no, once"))
    repeat_until = Day(_l("Until this day"))
    card = HiddenField()  # of the customer whose number is drawn in part
    idempotency_key = IdempotencyKey()

    def __init__(
        self,
        *args: Any,
        now: datetime | None = None,
        booking: bool = False,
        viewer: Viewer | None = None,
        **more: Any,
    ) -> None:
        self.now, self.booking, self.viewer = now or clock.now(), booking, viewer
        self.further: list[date] = []  # the further days of a recurring appointment
        super().__init__(*args, **more)
        if booking:  # there the time is no choice
            self.starts_at.label.text, self.starts_at.flags.required = _("Expected at"), True
            self.purpose.flags.required = True

    def validate_starts_at(self, field: Field) -> None:
        if field.data is None:
            if self.booking:
                raise ValidationError(_("An appointment names its time. (RC-19)"))
        elif clock.local(field.data).date() < clock.local(self.now).date():
            raise ValidationError(_("This day is over."))

    def validate_ends_at(self, field: Field) -> None:
        if field.data and (not self.starts_at.data or field.data <= self.starts_at.data):
            raise ValidationError(_("It ends after it begins. (RC-19)"))

    def validate_repeat_until(self, field: Field) -> None:
        """RC-19: a recurring appointment comes on working days until its last day, so often at most."""
        if self.repeat.data is None or self.starts_at.data is None:
            return
        if field.data is None:
            raise ValidationError(_("Say until when it comes again. (RC-19)"))
        first = clock.local(self.starts_at.data).date()
        days = series.occurrences(first, self.repeat.data, field.data, company_calendar.current())
        if len(days) > MOST:
            raise ValidationError(_("At most %(most)s at once; choose an earlier day. (RC-19)", most=MOST))
        if len(days) < 2:
            raise ValidationError(_("It does not come again by then. (RC-19)"))
        self.further = days[1:]

    def validate_host(self, field: Field) -> None:
        """RC-19: appointments are made for one's own guests, by a lead for the department's, by the desk for all."""
        viewer, host = self.viewer, self.host.card
        if viewer is None or host is None or viewer.may(May.RECEIVE) or host.id == viewer.id:
            return
        if host.department not in viewer.leads and not viewer.is_manager:
            raise ValidationError(
                _("You make appointments for your own guests; the front desk makes those of others. (RC-19)")
            )

    def validate_purpose(self, field: Field) -> None:
        if field.data:
            return
        if self.starts_at.data:
            raise ValidationError(_("An appointment names the matter. (RC-19)"))
        if self.host.card and host_is_leader(self.host.card.id):
            raise ValidationError(_("Who asks for a leader is asked for the matter first. (RC-24)"))

    def validate_place(self, field: Field) -> None:
        """RC-02: another place than the category's is refused beside the field."""
        place = places.by_code(field.data) if field.data else None
        category: Category | None = self.category.data
        if place is None or category is None:
            return
        if place.kind is PlaceKind.OFFICE:
            host = self.host.card
            if host is None or host.id != place.owner_id:
                raise ValidationError(_("An office receives its owner's guests only. (RC-02)"))
        elif place.kind not in rule_for(category, self.now).places:
            raise ValidationError(_("This category is not received there. (RC-02)"))

    def validate_late_reason(self, field: Field) -> None:
        """RC-04: a form that comes late says why."""
        category, begins = self.category.data, self.starts_at.data
        if category is None or begins is None or field.data:
            return
        days = rule_for(category, self.now).lead_days
        if not rules.in_time(self.now, begins, days, company_calendar.current()):
            raise ValidationError(
                _("The arrangement form comes later than a working day ahead: say why. (RC-04)")
            )

    def uses(self, card: Customer) -> None:
        """Take name, company and phone from the card that was touched instead of typed (RC-18).

        RC-20: a form that comes back shows the number in part, and `card` says whose it is.
        """
        self.whole_phone = card.phone
        for field, value in (
            (self.card, str(card.id)),
            (self.visitor_name, card.name),
            (self.company, card.company),
            (self.phone, customers.masked(card.phone)),
        ):
            field.data, field.raw_data, field.process_errors = value, [value], []

    def visits_again(self, host: Card | None, department: str) -> bool:
        """RC-18: propose whom the person visited last; False where somebody or a department was chosen already."""
        if self.host.data or self.department.data:
            return False
        self.host.raw_data = None
        self.host.process_data(host.username if host else "")
        self.department.data = "" if host else department
        return bool(host or department)

    def sought(self) -> rules.Sought:
        """What the visitor says of themselves, to be matched with the appointments (RC-18)."""
        return rules.Sought(self.visitor_name.data, self.number_of(self.phone), self.company.data)

    def record(self) -> dict[str, Any]:
        """The fields as the visit keeps them."""
        left_out = {"idempotency_key", "host", "place", "another", "repeat", "repeat_until", "card"}
        kept = {name: value for name, value in self.data.items() if name not in left_out}
        place = places.by_code(self.place.data) if self.place.data else None
        return kept | {
            "phone": self.number_of(self.phone),
            "host_id": self._host_id(),
            "department": self.department.data or None,
            "place_id": place.id if place else None,
            "party_size": self.party_size.data or 1,
            "errand": self.errand.data or Errand.USUAL,
            "on_business": self.on_business.data or None,
        }

    def _host_id(self) -> int | None:
        """Whom the guest visits; an employee who names nobody means the own guest."""
        if self.host.card:
            return self.host.card.id
        own = self.viewer is not None and not self.viewer.may(May.RECEIVE) and not self.department.data
        return self.viewer.id if own and self.viewer else None


class Placed(VerbForm):
    """A verb that may name a place; empty means the usual one (RC-02)."""

    place = OneOf(_l("Place"), codes=open_places, empty=_l("as arranged"))

    def given(self) -> dict[str, Any]:
        """The place as it is kept."""
        typed = super().given()
        return typed | {"place": places.by_code(typed["place"]) if typed["place"] else None}


class Nothing(VerbForm):
    """A touch that needs no word."""


class NoteForm(VerbForm):
    note = Paragraph(_l("Note"), most=400)


class CancelForm(VerbForm):
    note = CustomerText(_l("Reason, as the visitor is told"), scope=TextScope.REFUSAL, most=400)


class ReportForm(VerbForm):
    note = Paragraph(_l("What is unusual"), most=2000, required=_l("Say what happened. (RC-14)"))


class AskForm(VerbForm):
    purpose = Paragraph(_l("Matter"), most=2000)
    on_business = BooleanField(_l("On company business"))
    department = OneOf(_l("Department to ask"), codes=departments, empty=_l("as recorded"))

    def given(self) -> dict[str, Any]:
        """An empty department leaves the recorded one."""
        typed = super().given()
        return typed | {"department": typed["department"] or None}


class CategoriseForm(VerbForm):
    category = Choice(_l("Category"), of=Category, words=label, required=True)


class AskFirstForm(AskForm):
    """The department has to be named where none is recorded."""

    department = OneOf(
        _l("Department to ask"), codes=departments, empty=_l("Please choose"),
        required=_l("Say which department is asked. (RC-11)"),
    )  # fmt: skip


class AgreeForm(Placed):
    note = Paragraph(_l("Note for the desk"), most=400)


class DeclineForm(VerbForm):
    note = CustomerText(_l("Reason, as the visitor is told"), scope=TextScope.REFUSAL, most=400)
    material = Line(_l("Material left behind"), most=200)


class LeaveForm(VerbForm):
    satisfaction = Choice(
        _l("Was everything to your satisfaction?"), of=Satisfaction, words=label, empty=_l("not asked")
    )
    remark = Paragraph(_l("Remark for the department"), most=2000)
    material = Line(_l("Material left behind"), most=200)


class FarewellForm(VerbForm):
    satisfaction = Choice(
        _l("Was everything to your satisfaction?"), of=Satisfaction, words=label, empty=_l("not asked")
    )
    remark = Paragraph(_l("Remark for the department"), most=2000)


class TaskForm(VerbForm):
    task = Choice(_l("Task"), of=Task, words=label, required=True)
    note = Line(_l("Note"), most=400)


class ArrangeForm(VerbForm):
    topic = Line(_l("Topic of the meeting"), most=200, required=_l("The form names the topic. (RC-04)"))
    companion = Someone(_l("Who accompanies besides the leaders (user name)"))
    layout = Choice(_l("Seating"), of=Layout, words=label, empty=_l("as it is"))
    screen = BooleanField(_l("Screen and microphone"))
    refreshment = Choice(_l("Refreshment"), of=Refreshment, words=label, empty=_l("as the category has it"))
    supplies_wanted = Line(_l("Supplies wanted"), most=400)
    arrangement = Paragraph(_l("Special wishes"), most=2000)
    party = Paragraph(_l("Names of the guests, a line each"), most=4000)
    late_reason = Line(_l("Why the arrangement form is late"), most=400)


class ConfirmForm(Placed):
    note = Paragraph(_l("Note"), most=400)


class MoveForm(Placed):
    starts_at = Moment(_l("New time"), required=_l("An appointment names its time. (RC-19)"))
    ends_at = Moment(_l("Ends at"))
    note = CustomerText(_l("Reason, as the visitor is told"), scope=TextScope.REFUSAL, most=400)


class EditForm(WithPhone):
    """The record as it may be mended; no category leaves it as it is."""

    category = Choice(_l("Category"), of=Category, words=label)
    visitor_name = Line(_l("Visitor's name"), most=120, required=True)
    phone = Line(_l("Phone"), most=40)
    company = Line(_l("Company"), most=120)
    party_size = Whole(_l("Number of people"), least=1, most=MOST_PARTY)
    party = Paragraph(_l("Names of the others, a line each"), most=4000)
    purpose = Paragraph(_l("Matter"), most=2000)
    host = Someone(_l("Person visited (user name)"))
    department = OneOf(_l("Department"), codes=departments, empty=_l("as the person visited"))
    refreshment = Choice(_l("Refreshment"), of=Refreshment, words=label, empty=_l("none"))
    errand = Choice(_l("Occasion"), of=Errand, words=label, default=Errand.USUAL)
    meal = BooleanField(_l("Meal wanted"))
    lodging = BooleanField(_l("Lodging wanted"))
    consent = BooleanField(_l("Agrees that the details are kept for the next visit (RC-20)"))
    material = Line(_l("Material left behind"), most=200)
    version = Version()
    idempotency_key = IdempotencyKey()

    def record(self) -> dict[str, Any]:
        """The fields as the visit keeps them."""
        left_out = {"version", "idempotency_key", "host"} | (
            {"category"} if not self.category.data else set()
        )
        kept = {name: value for name, value in self.data.items() if name not in left_out}
        return kept | {
            "phone": self.number_of(self.phone),
            "host_id": self.host.card.id if self.host.card else None,
            "department": self.department.data or None,
            "party_size": self.party_size.data or 1,
            "errand": self.errand.data or Errand.USUAL,
        }


class _OfSeries(VerbForm):
    """What a verb on a recurring appointment asks besides (RC-19)."""

    scope = Choice(_l("Which"), of=Scope, words=label, default=Scope.ONE)


class ConfirmSeriesForm(_OfSeries, ConfirmForm):
    scope = Choice(_l("Which"), of=Scope, words=label, default=Scope.FOLLOWING)


class DeclineSeriesForm(_OfSeries, DeclineForm):
    pass


class MoveSeriesForm(_OfSeries, MoveForm):
    pass


class CancelSeriesForm(_OfSeries, CancelForm):
    pass


OF_SERIES: dict[str, type[VerbForm]] = {
    "confirm": ConfirmSeriesForm,
    "decline": DeclineSeriesForm,
    "move": MoveSeriesForm,
    "cancel": CancelSeriesForm,
}
FORMS: dict[str, type[VerbForm]] = {
    "categorise": CategoriseForm,
    "arrive": Nothing,
    "ask": AskForm,
    "agree": AgreeForm,
    "decline": DeclineForm,
    "confirm": ConfirmForm,
    "seat": Placed,
    "meet": Placed,
    "leave": LeaveForm,
    "check": NoteForm,
    "greet": Nothing,
    "farewell": FarewellForm,
    "task": TaskForm,
    "arrange": ArrangeForm,
    "approve-late": NoteForm,
    "move": MoveForm,
    "cancel": CancelForm,
    "no-show": Nothing,
    "report": ReportForm,
    "undo": Nothing,
    "archive": Nothing,
}
