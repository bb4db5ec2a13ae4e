"""What people read for each code of a visit."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.reception import places
from portal.blueprints.reception.codes import (
    Category,
    Errand,
    Hold,
    Late,
    Layout,
    PlaceKind,
    Refreshment,
    Satisfaction,
    Side,
    State,
    Task,
)
from portal.blueprints.reception.kiosk.codes import Why
from portal.blueprints.reception.rooms import labels as rooms
from portal.drawing import name_of
from portal.i18n import _, _l, label

LABELS: dict[Any, Any] = {
    Category: {
        Category.A: _l("A · special"),
        Category.B: _l("B · guest"),
        Category.C: _l("C · administrative"),
        Category.D: _l("D · general"),
    },
    State: {
        State.EXPECTED: _l("Expected"),
        State.ARRIVED: _l("Arrived"),
        State.WAITING: _l("Seated, waiting"),
        State.MEETING: _l("In meeting"),
        State.LEFT: _l("Left"),
        State.CLOSED: _l("Checked"),
        State.ARCHIVED: _l("Archived"),
        State.ASKED: _l("Department asked"),
        State.DECLINED: _l("Politely declined"),
        State.CANCELLED: _l("Cancelled"),
        State.NO_SHOW: _l("Did not come"),
    },
    Errand: {
        Errand.USUAL: _l("Usual visit"),
        Errand.TOUR: _l("Guided tour"),
        Errand.COMPLAINT: _l("Complaint on site"),
    },
    PlaceKind: {
        PlaceKind.LARGE: _l("Large meeting room"),
        PlaceKind.SMALL: _l("Small meeting room"),
        PlaceKind.LOUNGE: _l("Lounge"),
        PlaceKind.OFFICE: _l("Office of a leader"),
    },
    Side: {
        Side.DESK: _l("Front desk"),
        Side.CLERK: _l("Administration"),
        Side.HOST: _l("Host department"),
    },
    Task: {
        Task.PLACE: _l("Prepare the place"),
        Task.SUPPLIES: _l("Lay out the supplies"),
        Task.GREETER: _l("Stand ready to greet"),
        Task.WARN_HOSTS: _l("Tell the hosts before it begins"),
        Task.REFRESHMENT: _l("Serve refreshments"),
        Task.ACCOMPANY: _l("Accompany throughout"),
        Task.NAMES: _l("Write down the other names"),
        Task.MEAL: _l("Arrange the meal"),
        Task.LODGING: _l("Arrange lodging"),
        Task.TOUR: _l("Lead the tour"),
        Task.TOUR_ROUTE: _l("Settle the route of the tour"),
        Task.TOUR_MATERIAL: _l("Have the introduction material ready"),
        Task.TOUR_SAFETY: _l("Say the words of safety before the tour"),
        Task.WATER: _l("Offer water first"),
    },
    Refreshment: {
        Refreshment.COFFEE: _l("Coffee"),
        Refreshment.TEA: _l("Hot tea"),
        Refreshment.WATER: _l("Water"),
    },
    Layout: {
        Layout.TABLE: _l("Round one table"),
        Layout.ROWS: _l("In rows"),
        Layout.HORSESHOE: _l("Horseshoe"),
        Layout.LOUNGE: _l("Armchairs"),
    },
    Satisfaction: {
        Satisfaction.SATISFIED: _l("Satisfied visitor"),
        Satisfaction.FAIR: _l("Fair"),
        Satisfaction.DISSATISFIED: _l("Not satisfied"),
    },
    Hold: {Hold.PENDING: _l("Asked for"), Hold.CONFIRMED: _l("Booked"), Hold.RELEASED: _l("Released")},
    Late: {
        Late.NO: _l("In time"),
        Late.ASKED: _l("Late, waits for approval"),
        Late.APPROVED: _l("Late, approved"),
        Late.AFTERWARDS: _l("Late, completed afterwards"),
    },
}

VERBS = {
    "categorise": _l("Say the category"),
    "arrive": _l("Arrived"),
    "greet": _l("Greeted"),
    "ask": _l("Ask the department"),
    "agree": _l("Receive"),
    "decline": _l("Decline politely"),
    "confirm": _l("Confirm"),
    "move": _l("Move"),
    "cancel": _l("Cancel"),
    "no-show": _l("Did not come"),
    "seat": _l("Seat"),
    "meet": _l("Host is there"),
    "leave": _l("Has left"),
    "check": _l("Room checked"),
    "farewell": _l("Satisfaction"),
    "task": _l("Done"),
    "arrange": _l("Arrangement form"),
    "approve-late": _l("Approve the late form"),
    "report": _l("Report something unusual"),
    "edit": _l("Edit"),
    "undo": _l("Take back"),
    "archive": _l("Put away with the register"),
}
# What waits on my day; the verbs of other areas bear some of the same names.
AWAITED = {
    "visit-categorise": VERBS["categorise"],
    "visit-agree": _l("Answer for the visitor"),
    "visit-confirm": _l("Confirm the appointment"),
    "visit-seat": VERBS["seat"],
    "visit-ask": VERBS["ask"],
    "visit-check": _l("Check the room"),
    "approve-late": VERBS["approve-late"],
    "arrange": VERBS["arrange"],
    **LABELS[Task],
}

SAID = {
    "categorise": _l("The category is set."),
    "arrive": _l("Arrived."),
    "greet": _l("Greeted."),
    "ask": _l("The department was asked. The answer appears here by itself."),
    "agree": _l("The desk will lead the visitor in."),
    "decline": _l("Declined."),
    "confirm": _l("Confirmed."),
    "move": _l("Moved."),
    "cancel": _l("Cancelled; the place is free."),
    "no-show": _l("Recorded; the place is free."),
    "seat": _l("Seated; the hosts were told."),
    "meet": _l("In meeting."),
    "leave": _l("Left."),
    "check": _l("Checked."),
    "farewell": _l("Thank you, recorded."),
    "task": _l("Marked as done."),
    "arrange": _l("Arrangement form kept."),
    "approve-late": _l("Approved; it stays marked late."),
    "report": _l("Your superior was told."),
    "edit": _l("Changes kept."),
    "undo": _l("Taken back."),
    "archive": _l("Put away."),
}

HISTORY = {
    "visit:register": _l("Visitor recorded"),
    "visit:book": _l("Appointment made"),
    "visit:import": _l("Imported from Excel"),
    "visit:categorise": _l("Category set by the desk"),
    "visit:arrive": _l("Arrived"),
    "visit:greet": _l("Greeted"),
    "visit:ask": _l("Department asked"),
    "visit:agree": _l("Department receives the visitor"),
    "visit:decline": _l("Politely declined"),
    "visit:confirm": _l("Appointment confirmed"),
    "visit:move": _l("Appointment moved"),
    "visit:cancel": _l("Appointment cancelled"),
    "visit:no-show": _l("Did not come"),
    "visit:seat": _l("Led to the place"),
    "visit:meet": _l("Host is with the visitor"),
    "visit:leave": _l("Left"),
    "visit:check": _l("Room checked"),
    "visit:farewell": _l("Asked for satisfaction"),
    "visit:task": _l("Duty done"),
    "visit:arrange": _l("Arrangement form filled in"),
    "visit:approve-late": _l("Late arrangement form approved"),
    "visit:report": _l("Something unusual reported"),
    "visit:edit": _l("Record mended"),
    "visit:undo": _l("Taken back"),
    "visit:archive": _l("Archived with the daily register"),
    "visit:correct": _l("Signed correction of the register"),
    "visit:place_lost": _l("The place went to another visit"),
    "visit:warned": _l("Hosts warned that it begins"),
}

NOTICES = {
    "visit:booked": _l("An appointment waits for your confirmation."),
    "visit:arrived": _l("Your visitor has arrived."),
    "visit:seated": _l("The visitor is seated and waits for you."),
    "visit:ask": _l("Somebody waits in the lounge: will your department receive them?"),
    "visit:agreed": _l("The department receives the visitor."),
    "visit:declined": _l("The department declines; please say goodbye politely."),
    "visit:material": _l("A visitor left material for your department."),
    "visit:remark": _l("A visitor left a remark for your department."),
    "visit:report": _l("The front desk reports something unusual."),
    "visit:confirmed": _l("The department confirms the appointment."),
    "visit:soon": _l("Your visitor is expected in a few minutes; please be there to receive them."),
    "visit:series_booked": _l("Recurring appointments wait for your confirmation."),
    "visit:moved": _l("The appointment was moved."),
    "visit:cancelled": _l("The appointment was cancelled."),
    "visit:late_approved": _l("The late arrangement form was approved."),
    "visit:kiosk": _l("Somebody announced themselves at the kiosk."),
    "visit:place_lost": _l("The place you asked for went to another visit; please choose another one."),
}

CLOCKS = {"visit_decision": _l("Decision on a visitor")}
CLOCK_CLAUSES = {"visit_decision": "RC-11"}
# What /office/limits/ calls the figures of a visit.
FIGURES: dict[str, Any] = {
    "limit.visit_decision": _l("Decision on a visitor"),
    "ladder.visit_decision": _l("Decision on a visitor"),
    "limit.visit_no_answer": _l("After this without an answer the desk may say goodbye to a visitor"),
    "limit.visit_no_show": _l("After this an appointment counts as not kept"),
    "limit.visit_undo": _l("For this long the last touch on a visit can be taken back"),
    "limit.visit_greeting": _l("A visitor is greeted"),
    "limit.visit_warning": _l("Hosts of an A visit are warned this long ahead"),
    "visit.minutes": _l("Usual length of a visit, in minutes"),
    "visit.address": _l("How visitors get there, on their pass"),
    "visit.tour.duties": _l("Duties of a tour of the company"),
    "desk.phone": _l("Phone of the front desk, on the slip of a deposit"),
}

REASONS = {
    "category_open": _l("Say first of what category the visitor is; what comes next follows from it."),
    "category_told": _l("The category is set; mend the record to change it."),
    "office_of_another": _l("An office receives its owner's guests only."),
    "place_not_for_category": _l("Visitors of this category are not received there."),
    "no_place": _l("Choose a place first."),
    "place_occupied": _l("%(number)s has the place now."),
    "places_free": _l("Free for this visitor now: %(places)s."),
    "no_place_free": _l("No other place is free for this visitor now."),
    "place_gone": _l("The place went to %(number)s; choose another one, or another time."),
    "series_place_taken": _l(
        "%(day)s: the place is booked for somebody else at that time; nothing was kept."
    ),
    "place_taken": _l("The place is booked for somebody else at that time."),
    "fields_missing": _l("Record these first: %(fields)s."),
    "leader_needs_matter": _l("Ask for the matter before the leader is told."),
    "ask_matter": _l("Ask for the matter first."),
    "not_on_business": _l("Not on business: ask to leave material and say goodbye politely."),
    "department_decides": _l("This is business: the department decides."),
    "department_has_time": _l("The department still has time to answer."),
    "already_confirmed": _l("It is confirmed already."),
    "ends_before_it_begins": _l("It ends after it begins."),
    "may_still_come": _l("The visitor may still come."),
    "late_form_reason": _l("The arrangement form comes later than a working day ahead: say why."),
    "late_reason_needed": _l("The meeting is moved nearer than the form's lead time: say why."),
    "not_late": _l("No late form waits here."),
    "form_incomplete": _l("The arrangement form has no topic yet; it can be approved once it is complete."),
    "own_form": _l("Nobody approves the own late form."),
    "room_unchecked": _l("Somebody sat there, so somebody checks the room."),
    "with_its_register": _l("Visits are put away with the daily register."),
    "still_here": _l("The visitor is still here."),
    "already_left": _l("The visitor has left already."),
    "outstanding": _l("%(things)s deposits or keys are not back yet."),
    "second_person": _l("The room is checked by two different people, front desk and administration."),
    "names_missing": _l("Write down the names of the others first."),
    "other_duty": _l("This duty is another side's."),
    "nothing_to_undo": _l("There is nothing to take back."),
    "undo_too_late": _l("The time to take it back is over; mend the record instead."),
}


def _place(place_id: int) -> str:
    place = places.all_places().get(place_id)
    return place.words if place else "—"


READERS = {
    "visit": {
        "category": (_l("Category"), lambda code: label(Category(code))),
        "host": (_l("Person visited"), name_of),
        "party_size": (_l("Number of people"), str),
        "companion": (_l("Who accompanies"), name_of),
        "told": (_l("Told"), telling.people),
        "category_was": (_l("Category before"), lambda code: label(Category(code))),
        "why": (_l("What brings them here"), lambda code: label(Why(code))),
        "kiosk": (_l("Announced at"), lambda _id: _("the kiosk")),
        "register": (_l("Daily register"), str),
        "late": (_l("Arrangement form"), lambda code: label(Late(code))),
        "place": (_l("Place"), _place),
        "side": (_l("Checked by"), lambda code: label(Side(code))),
        "satisfaction": (_l("Satisfaction"), lambda code: label(Satisfaction(code))),
        "tag": (_l("Tag"), str),
        "key": (_l("Key"), str),
        "task": (_l("Task"), lambda code: label(Task(code))),
        "undone": (_l("Act"), lambda verb: str(VERBS[verb])),
        "no_answer": (_l("Reason"), lambda _yes: _("no answer")),
        "missing": (_l("Not in order"), rooms.points),
    }
}
