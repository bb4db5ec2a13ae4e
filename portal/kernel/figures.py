"""What the regulations say today, as figures the portal ships with; the general office changes them on a page (GO-05)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure the portal ships with: key, kind of value, default, clause."""

    key: str
    kind: str  # limit | ladder | rank | number | text | codes
    default: str
    clause: str
    codes: tuple[str, ...] = ()  # those that a figure of that kind may list


_WATCHED = (
    "75 % handler, 75 % first_responder, 100 % handler, 100 % first_responder, 100 % lead, 150 % office"
)

SHIPPED: tuple[Figure, ...] = (
    Figure("limit.first_contact.normal", "limit", "0.5 wh", "CP-12"),
    Figure("limit.first_contact.special", "limit", "4 wh", "CP-12"),
    Figure("limit.first_contact.urgent", "limit", "30 min", "CP-12"),
    Figure("limit.first_contact.urgent_special", "limit", "4 h", "CP-12"),
    Figure("limit.on_site", "limit", "10 min", "CP-13"),
    Figure("limit.solution", "limit", "2 wd", "CP-13"),
    Figure("limit.answer", "limit", "24 h", "CP-14"),
    Figure("limit.whole_case.normal", "limit", "3 wd", "CP-14"),
    Figure("limit.whole_case.special", "limit", "7 wd", "CP-14"),
    Figure("limit.escalated", "limit", "24 h", "CP-08"),
    Figure("limit.decision", "limit", "24 h", "CP-16"),
    Figure("limit.opinion", "limit", "1 wd", "CP-09"),
    Figure("limit.assistance", "limit", "1 wd", "CP-11"),
    Figure("limit.result", "limit", "0 wd", "CP-19"),
    Figure("limit.follow_up", "limit", "0 wd", "CP-18"),
    Figure("limit.follow_up_again", "limit", "1 wd", "CP-18"),
    Figure("limit.verification", "limit", "0 wd", "CP-35"),
    Figure("limit.improvement_assign", "limit", "3 wd", "CP-21"),
    Figure("limit.improvement.effect", "limit", "10 wd", "CP-21"),
    Figure("limit.improvement.confirm", "limit", "5 wd", "CP-21"),
    Figure("ladder.first_contact", "ladder", _WATCHED, "CP-12"),
    Figure(
        "ladder.on_site", "ladder", "50 % handler, 50 % lead, 100 % lead, 100 % desk, 150 % office", "CP-13"
    ),
    Figure("ladder.solution", "ladder", _WATCHED, "CP-13"),
    Figure("ladder.answer", "ladder", _WATCHED, "CP-14"),
    Figure("ladder.whole_case", "ladder", _WATCHED, "CP-14"),
    Figure("ladder.escalated", "ladder", "0 % supervisor, 100 % lead, 200 % manager", "CP-08"),
    Figure("ladder.decision", "ladder", "0 % lead, 0 % director, 100 % director, 100 % manager", "CP-16"),
    Figure("ladder.opinion", "ladder", "75 % lead, 100 % lead, 100 % office", "CP-09"),
    Figure(
        "ladder.assistance", "ladder", "75 % assistants, 100 % assistants, 100 % handler, 150 % lead", "CP-11"
    ),
    Figure(
        "ladder.promise", "ladder", "75 % handler, 75 % first_responder, 100 % handler, 100 % lead", "CP-15"
    ),
    Figure("ladder.result", "ladder", "75 % reporter, 100 % reporter, 100 % lead, 150 % office", "CP-19"),
    Figure(
        "ladder.follow_up",
        "ladder",
        "75 % first_responder, 100 % first_responder, 100 % desk, 150 % office",
        "CP-18",
    ),
    Figure("ladder.verification", "ladder", "100 % handler, 100 % lead", "CP-35"),
    Figure("ladder.improvement_assign", "ladder", "75 % lead, 100 % lead, 150 % office", "CP-21"),
    Figure(
        "ladder.improvement",
        "ladder",
        "75 % handler, 100 % handler, 100 % lead, +2 wd office, +5 wd director",
        "CP-21",
    ),
    Figure("ladder.improvement_effect", "ladder", "100 % office, +2 wd director", "CP-21"),
    Figure("ladder.return_visit", "ladder", "75 % handler, 100 % handler, 100 % lead", "CU-03"),
    Figure("level.normal", "rank", "staff", "CP-36"),
    Figure("level.special", "rank", "supervisor", "CP-36"),
    Figure("level.major", "rank", "middle", "CP-36"),
    Figure("follow_up.tries", "number", "3", "CP-18"),
    Figure("visits.most", "number", "2", "CP-33"),
    Figure("spot_check.share", "number", "20", "CP-23"),
    Figure("complaints.phone", "text", "8000", "CP-01"),
    Figure("complaints.place", "text", "一楼服务台", "CP-01"),
    Figure("retention.normal_years", "number", "1", "CP-20"),
    Figure("retention.important_years", "number", "3", "CP-20"),
    Figure("recurrence.days", "number", "90", "CP-22"),
    Figure("recurrence.times", "number", "3", "CP-22"),
    Figure("recurrence.customer_times", "number", "3", "CP-22"),
    Figure("limit.penalty_statement", "limit", "3 wd", "CP-24"),
    Figure("limit.penalty_appeal", "limit", "5 wd", "CP-24"),
    Figure("limit.penalty_ruling", "limit", "5 wd", "CP-24"),
    Figure("ladder.penalty_statement", "ladder", "75 % handler, 100 % office", "CP-24"),
    Figure(
        "ladder.penalty_ruling", "ladder", "75 % office, 100 % office, 100 % director, 150 % manager", "CP-24"
    ),
    Figure("penalty.cap_percent", "number", "40", "CP-24"),
    Figure("penalty.department_percent", "number", "20", "CP-24"),
    Figure("penalty.points_least", "number", "5", "CP-24"),
    Figure("penalty.points_most", "number", "15", "CP-24"),
    Figure("penalty.least_yuan", "number", "10", "CP-24"),
    Figure("phrases.dead_days", "number", "180", "PG-03"),
    Figure("goal.handled", "number", "100", "CP-27"),
    Figure("goal.answered", "number", "100", "CP-27"),
    Figure("goal.upheld", "number", "1", "CP-27"),
    Figure("goal.served", "number", "0", "CP-27"),  # customers a month; 0: those the portal registered
)

_PLACES = ("large", "small", "lounge", "office")
_SIDES = ("desk", "clerk", "host")
_DUTIES = tuple(
    f"{duty}:{side}"
    for duty in (
        "place", "supplies", "greeter", "warn_hosts", "refreshment", "accompany", "names", "meal", "lodging", "tour",
        "water",
    )
    for side in _SIDES
)  # fmt: skip
_ORDER = ("register", "ask", "tell", "seat", "serve")
_HOSTS = ("manager", "lead", "named", "desk")
_DRINKS = ("coffee", "tea", "water")
_FIRST = ("visitor_name", "phone", "company", "purpose", "party_size", "host", "department")

# The category matrix (RC-01 … RC-11): for each category a line of values, in the order of the rows below.
_MATRIX = {
    "A": ("large office", "manager lead named", "host", "coffee tea", "tell seat serve",
          "place:clerk supplies:clerk greeter:host warn_hosts:desk refreshment:host accompany:host names:desk",
          "1", "clerk", "desk clerk", "visitor_name"),
    "B": ("large office", "lead named", "desk", "tea coffee water", "seat serve tell",
          "refreshment:desk accompany:host names:desk", "0", "clerk", "desk clerk", "visitor_name"),
    "C": ("small office", "lead", "clerk", "tea water", "register seat serve tell",
          "greeter:clerk refreshment:clerk accompany:host names:desk", "0", "", "desk",
          "visitor_name phone purpose party_size"),
    "D": ("lounge", "desk", "desk", "water", "ask", "refreshment:desk", "0", "", "desk", "visitor_name"),
}  # fmt: skip
_ROWS = (
    ("places", "codes", _PLACES, "RC-02"),
    ("hosts", "codes", _HOSTS, "RC-04"),
    ("greeter", "codes", _SIDES, "RC-05"),
    ("refreshments", "codes", _DRINKS, "RC-06"),
    ("order", "codes", _ORDER, "RC-08"),
    ("duties", "codes", _DUTIES, "RC-03"),
    ("lead_days", "number", (), "RC-04"),
    ("ready_check", "codes", _SIDES, "RC-16"),
    ("room_check", "codes", _SIDES, "RC-13"),
    ("fields", "codes", _FIRST, "RC-10"),
)
MATRIX_ROWS = tuple(row for row, *_ in _ROWS)
SHIPPED += tuple(
    Figure(f"visit.{category}.{row}", kind, values[place], clause, codes)
    for category, values in _MATRIX.items()
    for place, (row, kind, codes, clause) in enumerate(_ROWS)
)
SHIPPED += (
    Figure("limit.visit_decision", "limit", "5 min", "RC-11"),
    Figure("ladder.visit_decision", "ladder", "100 % lead, 200 % deputy", "RC-11"),
    Figure("limit.visit_no_answer", "limit", "10 min", "RC-11"),
    Figure("limit.visit_no_show", "limit", "30 min", "RC-19"),
    Figure("limit.visit_undo", "limit", "10 min", "RC-17"),
    Figure("limit.visit_greeting", "limit", "1 min", "RC-23"),
    Figure("visit.minutes", "number", "60", "RC-16"),
    Figure("retention.visits_days", "number", "365", "RC-20"),
    Figure("calls.answer_after_ring", "number", "2", "PG-01"),
    Figure("calls.answer_before_ring", "number", "3", "PG-01"),
    Figure("calls.apologise_from_ring", "number", "5", "PG-01"),
    Figure("calls.draft_hours", "number", "24", "RC-20"),
    Figure("visit.long_wait_minutes", "number", "15", "RC-25"),
)
SHIPPED += (
    Figure("limit.deposit", "limit", "0 wd", "RC-27"),
    Figure("limit.key_return", "limit", "0 wd", "RC-26"),
    Figure("ladder.deposit", "ladder", "75 % desk, 100 % desk, 100 % lead, 200 % office", "RC-27"),
    Figure(
        "ladder.key_return",
        "ladder",
        "75 % handler, 75 % desk, 100 % handler, 100 % desk, 100 % lead, 200 % office",
        "RC-26",
    ),
)
SHIPPED += (
    Figure("limit.question", "limit", "1 wd", "RC-22"),
    Figure(
        "ladder.question", "ladder", "100 % handler, 100 % first_responder, +1 wd lead, +2 wd office", "RC-22"
    ),
    Figure("limit.parcel", "limit", "1 wd", "RC-29"),
    Figure("ladder.parcel", "ladder", "100 % handler, +2 wd desk", "RC-29"),
)
SHIPPED += (
    Figure("care.days_ahead", "number", "7", "CU-02"),  # birthdays and festivals
    Figure("care.contact_days", "number", "7", "CU-02"),  # regular contact with key customers and partners
)
_TOUR = tuple(
    f"{duty}:{side}" for duty in ("tour_route", "tour_material", "tour", "tour_safety") for side in _SIDES
)
SHIPPED += (
    Figure("limit.visit_warning", "limit", "15 min", "RC-07"),
    Figure("desk.phone", "text", "8000", "RC-27"),
    Figure("visit.address", "text", "一楼前台登记后由专人引导", "RC-19"),
    Figure(
        "visit.tour.duties",
        "codes",
        "tour_route:host tour_material:host tour:host tour_safety:desk",
        "RC-28",
        _TOUR,
    ),
)
SHIPPED += (
    Figure("register.years", "number", "3", "RC-17"),
    Figure(
        "visit.privacy_notice.zh",
        "text",
        "我们登记您的姓名、单位、电话和来访事由，仅用于接待、安全和来访登记，由前台和总经办查阅，期满即删除或匿名处理；"
        "您可随时在前台要求查看或更正。",
        "RC-20",
    ),
    Figure(
        "visit.privacy_notice.en",
        "text",
        "We record your name, company, phone number and reason for coming, only to receive you, for safety and for the"
        " register of visits. The front desk and the general office read it; after its term it is erased or made"
        " anonymous. Ask the front desk at any time to see or correct it.",
        "RC-20",
    ),
)
SHIPPED += (
    Figure("handover.opens_before", "number", "15", "DR-07"),  # minutes
    Figure("handover.relief_before", "number", "5", "DR-08"),  # minutes
    Figure("ladder.relief", "ladder", "100 % handler, 100 % lead", "DR-08"),
    Figure("ladder.handover", "ladder", "100 % handler, 100 % lead, 100 % office", "DR-10"),
)
SHIPPED += (
    Figure("limit.arrival", "limit", "1 min", "DR-16"),
    Figure("ladder.arrival", "ladder", "100 % handler, 100 % lead, 300 % office", "DR-16"),
    Figure("attendance.starts", "text", "08:30", "DR-17"),
    Figure("attendance.ends", "text", "17:30", "DR-17"),
    Figure("attendance.late_percent", "number", "1", "DR-17"),  # of base pay
    Figure("attendance.more_percent", "number", "5", "DR-17"),
    Figure("attendance.more_from", "number", "3", "DR-17"),  # times a month
    Figure("limit.repair_assign", "limit", "4 wh", "DR-13"),
    Figure("limit.repair", "limit", "3 wd", "DR-13"),
    Figure("limit.repair_accept", "limit", "2 wd", "DR-13"),
    Figure("ladder.repair_assign", "ladder", "75 % lead, 100 % lead, 100 % office", "DR-13"),
    Figure("ladder.repair", "ladder", "75 % handler, 100 % handler, 100 % lead, +1 wd office", "DR-13"),
    Figure("ladder.repair_accept", "ladder", "100 % lead, +1 wd office", "DR-13"),
    Figure("limit.document_decide", "limit", "5 wd", "GO-01"),
    Figure("ladder.document_decide", "ladder", "100 % office, +2 wd office", "GO-01"),
    Figure("ladder.document_review", "ladder", "100 % office", "GO-01"),
    Figure("limit.inspection.day", "limit", "0 d", "DR-13"),
    Figure("limit.inspection.week", "limit", "1 d", "DR-13"),
    Figure("limit.inspection.month", "limit", "3 d", "DR-13"),
    Figure(
        "ladder.inspection", "ladder", "60 % handler", "DR-13"
    ),  # a missed one is told to the lead at once
)
SHIPPED += (
    Figure("phrases.apology_style", "codes", "no_admission", "PG-09", ("explain", "no_admission")),
    Figure("retention.taboos_days", "number", "365", "RC-20"),
    Figure("retention.duty_days", "number", "730", "RC-20"),
    Figure("retention.training_days", "number", "1095", "RC-20"),
    Figure("retention.departed_days", "number", "730", "RC-20"),  # after somebody has left the company
    Figure("training.sign_in_before", "number", "30", "GO-02"),  # minutes
    Figure("training.late_after", "number", "10", "GO-02"),  # minutes
    Figure("limit.training_reflection", "limit", "3 wd", "GO-02"),
    Figure("limit.training_quiz", "limit", "5 wd", "GO-02"),
    Figure("limit.training_need", "limit", "10 wd", "GO-02"),
    Figure("quiz.pass_mark", "number", "80", "GO-02"),  # per cent
    Figure("limit.quiz_retake", "limit", "1 h", "GO-02"),
    Figure("quiz.tries_a_day", "number", "3", "GO-02"),
    Figure("assessment.weight.attitude", "number", "25", "GO-03"),
    Figure("assessment.weight.skill", "number", "25", "GO-03"),
    Figure("assessment.weight.efficiency", "number", "25", "GO-03"),
    Figure("assessment.weight.satisfaction", "number", "25", "GO-03"),
    Figure("assessment.weight.self", "number", "20", "GO-03"),
    Figure("assessment.weight.superior", "number", "50", "GO-03"),
    Figure("assessment.weight.customer", "number", "30", "GO-03"),
    Figure("assessment.grade.excellent", "number", "90", "GO-03"),
    Figure("assessment.grade.good", "number", "75", "GO-03"),
    Figure("assessment.grade.fair", "number", "60", "GO-03"),
    Figure("assessment.minus.upheld", "number", "20", "GO-03"),
    Figure("assessment.minus.late", "number", "5", "GO-03"),
    Figure("assessment.minus.absent", "number", "20", "GO-03"),
    Figure("assessment.minus.handover", "number", "10", "GO-03"),
    Figure("limit.assessment_self", "limit", "5 wd", "GO-03"),
    Figure("limit.assessment_rate", "limit", "5 wd", "GO-03"),
    Figure("limit.assessment_objection", "limit", "5 wd", "GO-03"),
    Figure("limit.assessment_answer", "limit", "5 wd", "GO-03"),
    Figure("ladder.assessment_self", "ladder", "75 % handler, 100 % handler, +1 wd office", "GO-03"),
    Figure("ladder.assessment_rate", "ladder", "75 % handler, 100 % handler, +1 wd office", "GO-03"),
    Figure("ladder.assessment_answer", "ladder", "75 % office, 100 % office", "GO-03"),
)
SHIPPED += (
    Figure("standard.call_minutes", "number", "3", "PG-12"),
    Figure("standard.pick_days", "number", "1", "PG-14"),
    Figure("standard.video_minutes", "number", "10", "PG-14"),
    Figure("standard.repair_least", "number", "1", "PG-14"),  # months
    Figure("standard.repair_most", "number", "6", "PG-14"),
)
# Everybody may have a second factor; whose role stands here must. The general office should, once it has set one up.
SHIPPED += (
    Figure("account.second_factor_roles", "codes", "", "RC-20", ("employee", "desk", "lead", "office")),
)
# Watching the installation: what is filed must be there to be found again.
SHIPPED += (
    Figure("watch.backup_days", "number", "2", "GO-06"),
    Figure("watch.verify_days", "number", "7", "GO-06"),
    Figure("watch.disk_look", "number", "15", "GO-06"),  # per cent free
    Figure("watch.disk_bad", "number", "5", "GO-06"),
)
FIGURES = {figure.key: figure for figure in SHIPPED}
