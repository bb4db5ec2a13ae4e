"""What phrases, training and assessment keep of people, for the register of the house (RC-20)."""

from __future__ import annotations

from portal.i18n import _l
from portal.kernel import taboos
from portal.kernel.personal_data import Ending, Kept, Place, Unit, Whose

CALLS = (
    Place(
        "call_drafts",
        names=("caller", "phone", "company"),
        words=("matter", "place", "reason", "demand", "transfer"),
        at="updated_at",
        drop=True,
    ),
)
TABOOS = (Place("taboo_hits", words=("words", "reason"), at="at", own="person_id"),)
TRAINING = (
    Place(
        "training_people",
        words=("reason", "reflection"),
        parent=("session_id", "training_sessions"),
        at="starts_at",
        number="number",
        own="person_id",
    ),
    Place("training_needs", words=("what", "reason"), at="asked_at", number="number", own="person_id"),
    Place(
        "training_sessions",
        names=("trainer",),
        words=("title", "place", "material", "note", "reason"),
        at="starts_at",
        number="number",
    ),
    Place(
        "training_plan_lines", names=("trainer",), words=("title", "place", "posts", "note"), at="state_since"
    ),
)
_SHEET = ("sheet_id", "assessment_sheets")
ASSESSMENTS = (
    Place(
        "assessment_ratings",
        words=("note", "reasons"),
        at="at",
        parent=_SHEET,
        number="number",
        whole=True,
        json={"reasons": "{}"},
    ),
    Place("assessment_results", words=("reason",), at="at", parent=_SHEET, number="number", whole=True),
    Place("assessment_objections", words=("text", "answer"), at="at", parent=_SHEET, number="number"),
)
STANDARDS = (
    Place(
        "standard_runs", words=("note", "place"), at="signed_at", number="number", own="person_id", whole=True
    ),
    Place(
        "standard_answers",
        words=("why",),
        parent=("run_id", "standard_runs"),
        at="signed_at",
        number="number",
        whole=True,
    ),
)
CLASSES = (
    Kept(
        "call_notes",
        _l("Notes of a call that became nothing"),
        (Whose.CUSTOMER,),
        _l("That nothing is lost while somebody speaks"),
        "PG-02",
        Ending.DELETE,
        CALLS,
        figure="calls.draft_hours",
        unit=Unit.HOURS,
    ),
    Kept(
        "taboos",
        _l("What the check of phrases caught"),
        (Whose.EMPLOYEE, Whose.CUSTOMER),
        _l("To see which words need practice"),
        "PG-04",
        Ending.DELETE,
        TABOOS,
        figure=taboos.KEPT,
    ),
    Kept(
        "training",
        _l("Training, reflections, needs"),
        (Whose.EMPLOYEE,),
        _l("To show who was trained in what"),
        "GO-02",
        Ending.ANONYMISE,
        TRAINING,
        figure="retention.training_days",
        by_class=True,
    ),
    Kept(
        "assessments",
        _l("Assessments: notes, reasons, objections"),
        (Whose.EMPLOYEE,),
        _l("To assess fairly and to answer objections"),
        "GO-03",
        Ending.ANONYMISE,
        ASSESSMENTS,
        figure="retention.training_days",
        by_class=True,
    ),
    Kept(
        "standards",
        _l("Records of the service standards"),
        (Whose.EMPLOYEE, Whose.CUSTOMER),
        _l("To show that a standard was kept"),
        "PG-14",
        Ending.ANONYMISE,
        STANDARDS,
        figure="retention.training_days",
        by_class=True,
    ),
)
NOBODYS = (
    "quizzes", "quiz_attempts", "assessment_periods", "assessment_sheets", "assessment_figures", "standard_dues",
)  # fmt: skip
