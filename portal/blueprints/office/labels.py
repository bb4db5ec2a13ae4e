"""What people read for the general office's events, figures, kinds of subject and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal import notices, telling
from portal.drawing import department_name, name_of
from portal.i18n import _l, label, listed, moment
from portal.import_pages import PAGES
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.company_calendar import DayKind
from portal.kernel.people import Status
from portal.kernel.rights import Position, Rank, Role

REASONS: dict[str, Any] = {
    "last_office": _l("Somebody must be left in the general office who can log in."),
    "published_stays": _l("What was published stays as it is; withdraw or correct it."),
    "heir_unfit": _l("Whoever takes over must work here, and be somebody else."),
    "departs_already": _l("This person is leaving or has left already."),
    "departure_over": _l("No departure is waiting that could be taken back."),
    "waits_for_departed": _l("This does not go to somebody else by itself; please see what becomes of it."),
    "not_yours_to_hand_on": _l("It could not be handed over in your name."),
    "seat_to_fill": _l("Please name who holds this position, or stands in, from now on."),
    "no_hours": _l("At least one weekday must have hours, or no limit would ever run out."),
}

KINDS: dict[str, Any] = {
    "assessment_period": _l("Assessment"),
    "assessment_sheet": _l("Sheet of an assessment"),
    "standard_run": _l("Record of a service standard"),
    "person": _l("Person"),
    "sheet": _l("Workbook"),
    "person_request": _l("Request for personal data"),
    "department": _l("Department"),
    "document": _l("Text with editions"),
    "position": _l("Position"),
    "policy": _l("Limit or figure"),
    "routing": _l("Routing"),
    "special_day": _l("Day of the calendar"),
    "week_hours": _l("Weekly hours"),
    "intake_token": _l("Intake token"),
    "robot": _l("Chat robot"),
    "delivery": _l("Message on its way"),
    "case": _l("Case"),
    "order": _l("Service order"),
    "improvement": _l("Improvement case"),
    "case_report": _l("Monthly or quarterly report"),
    "file": _l("File"),
    "board_notice": _l("Notice of the board"),
    "penalty": _l("Penalty"),
    "penalty_sheet": _l("Sheet of penalties of a month"),
    "spot_sample": _l("Sample of spot checks"),
    "spot_check": _l("Spot check"),
    "return_visit": _l("Return visit"),
    "deposit": _l("Deposit"),
    "key_loan": _l("Key loan"),
    "goods_pass": _l("Goods pass"),
    "tag": _l("Tag"),
    "key": _l("Key"),
    "question": _l("Question"),
    "parcel": _l("Letter or parcel"),
    "place": _l("Place"),
    "visit": _l("Visit"),
    "customer": _l("Customer card"),
    "service": _l("Meal or lodging"),
    "supply": _l("Supply"),
    "purchase": _l("Purchase request"),
    "recurrence": _l("Recurrence"),
    "post": _l("Post"),
    "post_item": _l("Thing that a post holds"),
    "shift_kind": _l("Kind of shift"),
    "work_limits": _l("Working limits"),
    "duty_day": _l("Special day of duty"),
    "roster": _l("Roster"),
    "duty_log": _l("Entry of the shift log"),
    "checklist": _l("Checklist"),
    "checklist_list": _l("List of things to look at"),
    "duty_check": _l("Check on duty"),
    "attendance": _l("Attendance of a day"),
    "attendance_month": _l("Month of attendance"),
    "daily_report": _l("Daily report"),
    "handover": _l("Handover"),
    "emergency": _l("Emergency"),
    "playbook": _l("Playbook"),
    "contact": _l("Contact"),
    "wall_screen": _l("Screen of the wall"),
    "leave": _l("Leave"),
    "absence": _l("Absence"),
    "swap": _l("Swap"),
    "training_plan": _l("Line of the plan of training"),
    "training": _l("Training"),
    "quiz": _l("Quiz"),
    "quiz_attempt": _l("Paper of a quiz"),
    "training_need": _l("Need of training"),
    "equipment": _l("Equipment"),
    "inspection_plan": _l("Inspection plan"),
    "inspection": _l("Inspection"),
    "repair": _l("Repair order"),
}

EVENTS: dict[str, Any] = {
    "person:create": _l("Added"),
    "person:edit": _l("Changed"),
    "person:status": _l("Locked out or let in again"),
    "person:password": _l("Password set"),
    "person:departs": _l("Is leaving the company"),
    "person:stays": _l("Stays after all"),
    "person:departed": _l("Has left the company; open work handed over"),
    "person:logged_in": _l("Logged in"),
    "person:login_failed": _l("A login failed"),
    "sheet:import": _l("Imported"),
    "sheet:export": _l("Exported with the phone numbers"),
    "person:linked": _l("Linked with a login elsewhere"),
    "person:unlinked": _l("No longer linked with a login elsewhere"),
    "person:password_kept": _l("May also log in by the password kept here"),
    "person:password_left": _l("May no longer log in by the password kept here"),
    "person:invited": _l("Given a link to join a login elsewhere"),
    "department:create": _l("Added"),
    "department:edit": _l("Changed"),
    "position:seat": _l("Given to somebody else"),
    "policy:set": _l("New value"),
    "policy:recompute": _l("Open cases put under the new value"),
    "routing:edit": _l("Leads elsewhere"),
    "special_day:set": _l("Set"),
    "special_day:remove": _l("Removed"),
    "week_hours:set": _l("Hours changed"),
    "board:write": _l("Written"),
    "board:edit": _l("Changed"),
    "board:publish": _l("Published"),
    "board:withdraw": _l("Withdrawn"),
    "robot:create": _l("Added"),
    "robot:edit": _l("Changed"),
    "robot:on": _l("Switched on"),
    "robot:off": _l("Switched off"),
    "robot:remove": _l("Removed"),
    "outbox:again": _l("Sent again"),
    "outbox:give_up": _l("Given up"),
    "intake_token:create": _l("Issued"),
    "intake_token:revoke": _l("Revoked"),
    "intake_token:case": _l("A case was recorded with it"),
}

# As the complaints' pages call them; areas do not read each other's words.
CATEGORIES: dict[str, Any] = {
    "product": _l("Product quality"),
    "operation": _l("Operation"),
    "attitude": _l("Attitude of on-site staff"),
    "service": _l("Service of internal staff"),
    "price": _l("Price"),
    "other": _l("Something else"),
}

WEEKDAYS: tuple[Any, ...] = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)

GROUPS: dict[str, Any] = {
    "limit": _l("Limits"),
    "ladder": _l("Ladders: who hears of it, and when"),
    "rank": _l("Ranks that solve a case"),
    "number": _l("Other figures"),
    "text": _l("Texts"),
    "codes": _l("Category matrix of visits"),
}

FIGURES: dict[str, Any] = {
    "limit.first_contact.normal": _l("First contact, usual"),
    "limit.first_contact.special": _l("First contact, usual, special case"),
    "limit.first_contact.urgent": _l("First contact, urgent"),
    "limit.first_contact.urgent_special": _l("First contact, urgent, special case"),
    "limit.on_site": _l("On site, urgent"),
    "limit.solution": _l("Solution carried out"),
    "limit.answer": _l("Substantive answer"),
    "limit.whole_case.normal": _l("Whole case, usual"),
    "limit.whole_case.special": _l("Whole case, special"),
    "limit.escalated": _l("Escalated case"),
    "limit.decision": _l("Decision on a major case"),
    "limit.opinion": _l("Opinion on the person found responsible"),
    "limit.assistance": _l("Assistance by another department"),
    "limit.result": _l("Result recorded"),
    "limit.follow_up": _l("Follow-up"),
    "limit.follow_up_again": _l("Follow-up, another try"),
    "limit.verification": _l("Verification"),
    "limit.improvement_assign": _l("Owner of an improvement case named"),
    "limit.improvement.effect": _l("Time for an improvement's effect to show"),
    "limit.improvement.confirm": _l("Effect of an improvement confirmed"),
    "ladder.first_contact": _l("First contact"),
    "ladder.on_site": _l("On site"),
    "ladder.solution": _l("Solution"),
    "ladder.answer": _l("Answer"),
    "ladder.whole_case": _l("Whole case"),
    "ladder.escalated": _l("Escalated case"),
    "ladder.decision": _l("Decision"),
    "ladder.opinion": _l("Opinion"),
    "ladder.assistance": _l("Assistance"),
    "ladder.promise": _l("Promise"),
    "ladder.result": _l("Result"),
    "ladder.follow_up": _l("Follow-up"),
    "ladder.verification": _l("Verification"),
    "ladder.improvement_assign": _l("Owner of an improvement case named"),
    "ladder.improvement": _l("Improvement carried out"),
    "ladder.improvement_effect": _l("Effect of an improvement confirmed"),
    "ladder.return_visit": _l("Return visit"),
    "limit.question": _l("Question asked inside"),
    "limit.parcel": _l("Letter or parcel collected"),
    "ladder.question": _l("Question asked inside"),
    "ladder.parcel": _l("Letter or parcel collected"),
    "complaints.phone": _l("Phone number for complaints"),
    "complaints.place": _l("Place for complaints"),
    "level.normal": _l("Usual cases"),
    "level.special": _l("Special cases"),
    "level.major": _l("Major cases"),
    "follow_up.tries": _l("Tries of a follow-up"),
    "visits.most": _l("Visits by which a matter is finished"),
    "spot_check.share": _l("Share of solved matters that is called again, in per cent"),
    "retention.normal_years": _l("Years a usual case is kept"),
    "retention.important_years": _l("Years an important case is kept"),
    "retention.duty_days": _l("Days the words of duty records are kept"),
    "retention.training_days": _l("Days the words of training and assessment are kept"),
    "retention.departed_days": _l("Days the data of somebody who has left are kept"),
    "recurrence.days": _l("Days within which something recurs"),
    "recurrence.times": _l("Times the same matter is a recurrence"),
    "recurrence.customer_times": _l("Times the same customer is a recurrence"),
    "limit.penalty_statement": _l("Statement on a penalty"),
    "limit.penalty_appeal": _l("Appeal against a penalty"),
    "limit.penalty_ruling": _l("Ruling on an appeal"),
    "ladder.penalty_statement": _l("Statement on a penalty"),
    "ladder.penalty_ruling": _l("Ruling on an appeal"),
    "penalty.cap_percent": _l("Penalties: most that a month takes of its bonus, in percent"),
    "penalty.department_percent": _l("Penalty on a department: percent of each member's bonus"),
    "penalty.points_least": _l("Penalty: fewest points"),
    "penalty.points_most": _l("Penalty: most points"),
    "penalty.least_yuan": _l("Penalty on service staff: yuan a complaint at least"),
    "limit.deposit": _l("Deposit is fetched"),
    "limit.key_return": _l("Key is returned"),
    "ladder.deposit": _l("Deposit is fetched"),
    "ladder.key_return": _l("Key is returned"),
    "care.days_ahead": _l("Days before a birthday or festival at which its greeting is put up"),
    "care.contact_days": _l("Days between contacts with key customers and partners"),
    "goal.handled": _l("Goal: cases with an outcome, per cent"),
    "goal.answered": _l("Goal: cases with an answer, per cent"),
    "goal.upheld": _l("Goal: upheld complaints stay under, per cent of the customers served"),
    "register.years": _l("Years an archived daily register is kept"),
    "visit.privacy_notice.zh": _l("Privacy notice of the kiosk, Chinese"),
    "visit.privacy_notice.en": _l("Privacy notice of the kiosk, English"),
    "goal.served": _l("Customers served a month (0: those the portal registered)"),
}


def figure(key: str) -> str:
    """What a figure is called; a new one without words is shown by its key."""
    return str(FIGURES.get(key) or notices.FIGURES.get(key, key))


def category(code: str) -> str:
    """What a category of matter is called."""
    return str(CATEGORIES.get(code, code))


def _category(code: str) -> str:
    return category(code)


PROVIDERS: dict[str, Any] = {"ldap": _l("Company directory"), "oidc": _l("Login service")}


def provider(code: str) -> str:
    """What a place is called where people can be known beside the portal."""
    return str(PROVIDERS.get(code, code))


def _coded(kind: type[StrEnum]) -> Callable[[Any], str]:
    """A reader of a code of one enum."""
    return lambda code: label(kind(code))


# What a record of the office is made of, as its form calls it.
FIELDS: dict[str, Any] = {
    "name": _l("Name"),
    "name_en": _l("Name on English pages"),
    "username": _l("User name"),
    "pinyin": _l("Found by (pinyin and initials)"),
    "role": _l("Role"),
    "department": _l("Department"),
    "rank": _l("Rank"),
    "email": _l("Mail"),
    "phone": _l("Phone"),
    "order": _l("Place in lists"),
    "address": _l("Address"),
}


def _fields(names: list[str]) -> str:
    """Which of a record's fields were changed."""
    return listed(str(FIELDS.get(name, name)) for name in names)


def _spans(written: str) -> str:
    """Opening hours as they are kept, as they are read."""
    return listed(f"{a}–{b}" for a, b in json.loads(written)) or str(_l("closed"))


# How the details of the office's own history are read, by kind of subject.
def _sheet(kind: str) -> str:
    return str(PAGES[kind].sheet) if kind in PAGES else kind


READERS: dict[str, telling.Readers] = {
    "person": {name: (words, str) for name, words in FIELDS.items()}
    | {
        "role": (_l("Role"), _coded(Role)),
        "status": (_l("Status"), _coded(Status)),
        "was": (_l("Before"), _coded(Status)),
        "fields": (_l("Changed"), _fields),
        "to_person": (_l("Takes over"), name_of),
        "leaves": (_l("Leaves"), lambda text: moment(datetime.fromisoformat(text))),
        "handed": (_l("Handed over"), str),
        "left": (_l("Left to settle"), str),
        "codes_left": (_l("Recovery codes left"), str),
        "provider": (_l("Login"), provider),
        "via": (_l("Login"), provider),
        "department": (_l("Department"), department_name),
        "rank": (_l("Rank"), _coded(Rank)),
    },
    "sheet": {
        "kind": (_l("List"), _sheet),
        "new": (_l("New rows"), str),
        "changed": (_l("Changed rows"), str),
        "count": (_l("Rows"), str),
    },
    "department": {"code": (_l("Department"), str), "fields": (_l("Changed"), _fields)},
    "position": {
        "position": (_l("Position"), _coded(Position)),
        "holder": (_l("Holder"), name_of),
        "deputy": (_l("Deputy"), name_of),
    },
    "policy": {
        "key": (_l("Figure"), figure),
        "value": (_l("Value"), str),
        "in_force_from": (_l("In force from"), lambda text: moment(datetime.fromisoformat(text))),
        "count": (_l("Open cases moved"), str),
        "until": (_l("Up to"), lambda text: moment(datetime.fromisoformat(text))),
    },
    "routing": {"category": (_l("Category"), _category), "was": (_l("Before"), department_name)},
    "special_day": {
        "day": (_l("Day"), str),
        "kind": (_l("Kind"), _coded(DayKind)),
        "hours": (_l("Hours"), _spans),
        "was": (_l("Before"), _spans),
    },
    "robot": {"robot": (_l("Chat service"), _coded(RobotKind)), "fields": (_l("Changed"), _fields)},
    "delivery": {"channel": (_l("Channel"), str), "count": (_l("Messages"), str)},
    "week_hours": {"hours": (_l("Hours"), _spans), "was": (_l("Before"), _spans)},
    "board_notice": {"number": (_l("Number"), str)},
    # The case's id stays with the machines: nobody reads here about a case that is hidden from them elsewhere.
    "intake_token": {"person": (_l("On behalf of"), name_of)},
}
