"""What the house itself keeps of people: who works here, what they are told, the words of the history (RC-20)."""

from __future__ import annotations

from portal.i18n import _l
from portal.kernel import personal_data
from portal.kernel.personal_data import Ending, Kept, Place, Whose

STAFF = (
    Place(
        "people",
        names=("name", "name_en", "username", "email", "phone"),
        beside=("pinyin", "password"),
        at="created_at",
        number="username",
        own="id",
    ),
    # Which of their matters went to whom.
    Place("departures", at="leaves_at", number="number", own="person_id"),
    Place(
        "departure_lines",
        words=("reasons",),
        parent=("departure_id", "departures"),
        at="leaves_at",
        number="number",
        json={"reasons": "[]"},
    ),
    Place("departments", words=("name", "name_en", "phone"), number="code", by_hand=True),
)
SIGN_IN = (
    Place("sessions", words=("agent",), at="seen_at", own="person_id", drop=True),
    # Keys and fingerprints, which name nobody: they go with the person.
    Place("identities", at="created_at", own="person_id", drop=True),
    Place("identity_invitations", at="until", own="person_id", drop=True),
    Place("second_factors", at="since", own="person_id", drop=True),
    Place("recovery_codes", own="person_id", drop=True),
    Place("login_steps", at="begun_at", own="person_id", drop=True),
    Place("known_browsers", at="seen_at", own="person_id", drop=True),
    Place("login_failures", words=("key",), at="window_start", drop=True),
)
MESSAGES = (
    Place("notices", words=("details", "address"), at="at", number="number", json={"details": "{}"}),
    Place("deliveries", names=("recipient",), words=("problem",), at="next_at", drop=True),
    Place("message_choices", names=("handle",), own="person_id", drop=True),
    Place("recent_searches", words=("words",), at="at", own="person_id", drop=True, spare=True),
    Place("todos", words=("title",), at="since", number="number"),
    Place("jobs", words=("key", "given", "result"), at="asked_at", drop=True),
)
HISTORY = (Place("history_texts", words=("words",), parent=("line_id", "history"), at="at"),)
FILES = (Place("attachments", names=("name",), at="at", drop=True),)
OFFICE = (
    Place("board_notices", words=("title", "text", "why"), at="written_at", number="number"),
    Place(
        "document_versions",
        words=("title", "title_en", "body", "reason", "given_back"),
        at="written_at",
        number="number",
        by_hand=True,
    ),
    Place("policies", words=("value", "reason"), at="set_at", number="key", by_hand=True),
    Place("checklist_versions", words=("items", "reason"), at="at", by_hand=True),
    Place("playbooks", words=("reason",), at="made_at", by_hand=True),
    Place("intake_tokens", words=("name",), at="created_at", own="person_id"),
    Place("kiosks", words=("name",), at="created_at"),
    Place("special_days", words=("name",), by_hand=True),
)
REQUESTS = (
    Place(
        "person_requests",
        names=("name", "phone"),
        words=("reason", "found", "decision_note"),
        at="asked_at",
        number="number",
        json={"found": "[]"},
        by_hand=True,  # a request ends by itself, and names nobody then
    ),
)
CLASSES = (
    Kept(
        "staff",
        _l("People who work here, or did"),
        (Whose.EMPLOYEE,),
        _l("To know who may do what, and who did it"),
        "GO-05",
        Ending.ANONYMISE,
        STAFF,
        figure="retention.departed_days",
    ),
    Kept(
        "sign_in",
        _l("Logins"),
        (Whose.EMPLOYEE,),
        _l("To let in those who may come in, and nobody else"),
        "GO-05",
        Ending.DELETE,
        SIGN_IN,
        how_long=_l(
            "Until the session ends; failed tries five minutes; known browsers 400 days; second factor and logins"
            " elsewhere until the person's term is over"
        ),
    ),
    Kept(
        "messages",
        _l("Messages, open matters, jobs"),
        (Whose.EMPLOYEE, Whose.CUSTOMER, Whose.VISITOR),
        _l("To tell people what waits for them"),
        "GO-06",
        Ending.KEEP,
        MESSAGES,
        how_long=_l(
            "Messages name numbers, not people; the title of an open matter goes when it is done, with its thing at the"
            " latest; searches after a month; a job's row after a day"
        ),
    ),
    Kept(
        "history",
        _l("The words of the history"),
        (Whose.CUSTOMER, Whose.VISITOR, Whose.EMPLOYEE),
        _l("To show later who did what; the chain itself holds numbers and codes"),
        "GO-06",
        Ending.ANONYMISE,
        HISTORY,
        how_long=_l("As long as the thing that they are about has its own"),
    ),
    Kept(
        "files",
        _l("Attached files"),
        (Whose.CUSTOMER, Whose.VISITOR, Whose.EMPLOYEE),
        _l("To have the letter or the picture with the matter"),
        "CP-01",
        Ending.DELETE,
        FILES,
        how_long=_l(
            "As long as the thing that they belong to; a file that nothing names goes within two days"
        ),
    ),
    Kept(
        "office",
        _l("Notices, published texts, figures, lists"),
        (Whose.EMPLOYEE,),
        _l("To tell everybody what holds"),
        "GO-01",
        Ending.KEEP,
        OFFICE,
        how_long=_l("As the company's own texts; a name in an edition goes with the next edition"),
    ),
    Kept(
        "requests",
        _l("Requests of people for their data"),
        (Whose.CUSTOMER, Whose.VISITOR, Whose.EMPLOYEE),
        _l("To answer them, and to finish what a rule held up"),
        "RC-20",
        Ending.ANONYMISE,
        REQUESTS,
        how_long=_l("Until the request is done"),
    ),
)
# Numbers, codes and fingerprints.
NOBODYS = (
    "history", "chain_head", "clocks", "clock_steps", "links", "numbers", "reference", "routing", "sent_forms",
    "positions", "week_hours", "documents", "playbook_steps", "case_counts", "case_departments", "penalty_sheets",
    "penalty_bonuses", "penalty_instalments", "spot_samples", "attendance_months",
)  # fmt: skip


def declare() -> None:
    """Put them into the register."""
    personal_data.declare(*CLASSES)
    personal_data.nobodys(_l("Numbers, codes and fingerprints"), NOBODYS)
    personal_data.nobodys(
        _l("The portal's own work, and robots of group chats"),
        ("runs", "workers", "chat_robots", "system_states"),
    )
