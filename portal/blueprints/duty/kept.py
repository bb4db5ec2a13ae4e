"""What duty keeps of people, for the register of the house (RC-20)."""

from __future__ import annotations

from portal.blueprints.duty.log import queries as log
from portal.i18n import _l
from portal.kernel.personal_data import Ending, Indexed, Kept, Place, Whose

RECORDS = (
    Place(
        "duty_log",
        words=("text",),
        beside=("fields_digest",),
        at="at",
        number="number",
        whole=True,
        index=Indexed("log", log.searchable),
    ),
    Place(
        "emergencies",
        words=("place", "note", "outcome", "course", "left_out", "measures"),
        beside=("fields_digest",),
        at="declared_at",
        number="number",
    ),
    Place("handovers", words=("refused_note", "defect"), at="opened_at", number="number"),
    Place(
        "handover_counts",
        words=("explanation",),
        parent=("handover_id", "handovers"),
        at="opened_at",
        number="number",
    ),
    Place("checklists", words=("note",), at="signed_at", number="number", whole=True),
    Place(
        "checklist_answers",
        words=("why",),
        parent=("checklist_id", "checklists"),
        at="signed_at",
        number="number",
        whole=True,
    ),
    Place(
        "checklist_papers", words=("why",), parent=("checklist_id", "checklists"), at="signed_at", whole=True
    ),
    Place("duty_checks", words=("dealt", "note", "settled_note"), at="made_at", number="number"),
    Place(
        "duty_check_people",
        words=("answer",),
        parent=("check_id", "duty_checks"),
        at="made_at",
        number="number",
        own="person_id",
    ),
    Place(
        "daily_reports",
        words=("done", "problems", "improvements", "plan"),
        at="signed_at",
        number="number",
        whole=True,
    ),
    Place(
        "daily_supplements",
        words=("text",),
        at="at",
        parent=("report_id", "daily_reports"),
        number="number",
        whole=True,
    ),
    Place("inspection_rounds", words=("remark",), at="done_at", number="number"),
    Place(
        "inspection_lines",
        words=("note",),
        parent=("round_id", "inspection_rounds"),
        at="done_at",
        number="number",
    ),
    Place(
        "repairs",
        words=(
            "what",
            "place",
            "firm",
            "parts",
            "material",
            "result",
            "recheck_note",
            "accept_note",
            "cancelled_reason",
        ),
        beside=("fields_digest",),
        at="registered_at",
        number="number",
    ),
)
WORKING_TIME = (
    Place("absences", words=("note",), at="at", number="number", own="person_id"),
    Place("attendance", words=("reason",), at="made_at", own="person_id", whole=True),
    Place(
        "leaves", words=("reason", "gap_reason", "note"), at="created_at", number="number", own="person_id"
    ),
    Place("swaps", words=("note",), at="created_at", number="number", own="giver_id"),
    Place("rosters", words=("note", "gap_reason"), at="created_at", number="number"),
    Place("shifts", words=("gap_reason",), at="starts_at", own="person_id"),
    Place("duty_days", words=("reason",), at="at"),
)
CONTACTS = (
    Place(
        "contacts",
        names=("person", "phone", "night_phone"),
        words=("company", "contract", "hours"),
        at="changed_at",
        number="company",
    ),
    Place(
        "equipment", words=("contingency", "place"), beside=("fields_digest",), at="created_at", number="code"
    ),
)
CLASSES = (
    Kept(
        "duty_records",
        _l("Shift log, handovers, emergencies, checks, repairs"),
        (Whose.VISITOR, Whose.CUSTOMER, Whose.EMPLOYEE),
        _l("To hand the duty on without a gap, and to look into what happened"),
        "DR-02",
        Ending.ANONYMISE,
        RECORDS,
        figure="retention.duty_days",
        by_class=True,
    ),
    Kept(
        "working_time",
        _l("Leave, absence, swaps, attendance"),
        (Whose.EMPLOYEE,),
        _l("To plan the duty and to reckon working time"),
        "DR-17",
        Ending.ANONYMISE,
        WORKING_TIME,
        figure="retention.duty_days",
        by_class=True,
    ),
    Kept(
        "contacts",
        _l("Contacts outside"),
        (Whose.OUTSIDER,),
        _l("To reach help at any hour"),
        "DR-14",
        Ending.KEEP,
        CONTACTS,
        how_long=_l("As long as the entry is in use"),
    ),
)
# Lists, plans and things of the company; the phones among them are the company's own.
NOBODYS = (
    "posts", "post_items", "shift_kinds", "inspection_plans", "inspection_points", "wall_screens", "duty_feeds",
    "roster_solves", "duty_check_proposals", "attendance_sums", "takeovers", "handover_readings", "handover_signatures",
)  # fmt: skip
