"""What complaints keep of people, for the register of the house; CP-20 says how long (RC-20)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal import telling
from portal.blueprints.complaints import disposal, queries
from portal.blueprints.complaints.actions import closing
from portal.blueprints.complaints.archive.models import Erratum, Retention
from portal.blueprints.complaints.archive.rules import YEAR
from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.improvements.models import ImprovementCase
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.orders.models import Entry, Order
from portal.blueprints.complaints.penalties.models import Penalty
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.spot_checks.models import SpotCheck
from portal.i18n import _l, label
from portal.kernel import clock, history, mentions, policies, search_care
from portal.kernel.db import db, wiped
from portal.kernel.personal_data import Ending, Held, Indexed, Kept, Own, Place, Sought, Trace, Unit, Whose
from portal.kernel.workflow import Reason

CASES = (
    Place(
        "cases",
        names=("customer_name", "customer_phone", "customer_address"),
        words=(
            "content", "demand", "read_back_reason", "special_reason", "result", "answer", "evaluation",
            "external_party", "external_contact",
        ),
        beside=("customer_pinyin", "fields_digest"),
        at="registered_at",
        number="number",
        index=Indexed("case", queries.searchable),
    ),
    Place(
        "dealings",
        words=("note", "answer", "solutions"),
        at="at",
        parent=("case_id", "cases"),
        number="number",
        json={"solutions": "[]"},
    ),
    Place("errata", words=("value", "reason"), at="asked_at", number="number"),
    Place("retentions", words=("reason",), at="set_at", parent=("case_id", "cases"), number="number"),
    Place(
        "orders",
        names=("customer_name", "customer_phone", "customer_address", "contact", "accepted_by"),
        words=(
            "fault", "model", "result", "outside_wanted", "outside_reason", "outside_company", "handed_in_to",
            "invoice_number",
        ),
        beside=("fields_digest",),
        at="asked_at",
        number="number",
    ),
    Place(
        "order_entries",
        words=("what", "note", "receipt", "back_to", "old_number", "new_number"),
        at="at",
        parent=("order_id", "orders"),
        number="number",
    ),
    Place(
        "return_visits",
        names=("customer_name", "customer_phone"),
        words=("note", "answer"),
        at="planned_at",
        number="number",
    ),
    Place("spot_checks", words=("note", "rating_note", "settled_note"), at="state_since", number="number"),
)  # fmt: skip
STUDIES = (
    Place(
        "improvements",
        words=("title", "problem", "changes", "plan", "result", "evaluation"),
        beside=("fields_digest",),
        at="raised_at",
        number="number",
    ),
    Place("recurrence_dismissals", words=("reason",), at="at"),
    Place(
        "published_suggestions",
        words=("what", "measure"),
        at="at",
        parent=("case_id", "cases"),
        number="number",
    ),
    Place("case_reports", words=("stood_out", "measures", "notice_board"), at="drafted_at", number="period"),
    Place(
        "case_report_errata", words=("text",), at="at", parent=("report_id", "case_reports"), number="period"
    ),
)
PENALTIES = (
    Place(
        "penalties",
        words=("facts", "summary", "statement", "reason", "appeal", "ruling_reason"),
        at="proposed_at",
        number="number",
    ),
)

# Table -> its keys with the case to which each row belongs.
_OF_CASE: dict[str, Any] = {
    "cases": sa.select(Case.id, Case.id),
    "dealings": sa.select(Dealing.id, Dealing.case_id),
    "errata": sa.select(Erratum.id, Erratum.case_id),
    "retentions": sa.select(Retention.case_id, Retention.case_id),
    "orders": sa.select(Order.id, Order.case_id),
    "order_entries": sa.select(Entry.id, Order.case_id).join(Order, Order.id == Entry.order_id),
    "return_visits": sa.select(ReturnVisit.id, Case.id).join(Case, Case.number == ReturnVisit.case_number),
    "spot_checks": sa.select(SpotCheck.id, Case.id).join(Case, Case.number == SpotCheck.number),
    "improvements": sa.select(ImprovementCase.improvement_id, ImprovementCase.case_id),
    "penalties": sa.select(Penalty.id, Penalty.case_id),
}


def held(case: Case, now: datetime) -> Held | None:
    """CP-20: an open case is worked on, and an archived one is kept for its term, longer while something is unsettled."""
    if case.disposed_at is not None:
        return None
    until = case.keep_until
    if case.state is State.WITHDRAWN:  # nothing was archived; it is kept as a usual case is
        until = case.state_since + YEAR * policies.number("retention.normal_years", now)
    elif case.state is not State.ARCHIVED:
        return Held(Reason("CP-20", "case_not_archived"))
    if until is not None and until > now:
        return Held(Reason("CP-20", "case_in_term", {"until": f"{clock.local(until):%Y-%m-%d}"}), until)
    bars = disposal.bars(case)
    return Held(bars[0], now + timedelta(days=1)) if bars else None


def hold(table: str, keys: Collection[tuple[Any, ...]], now: datetime) -> Mapping[tuple[Any, ...], Held]:
    """What belongs to a case is held as long as the case is; of several cases, by the one held longest."""
    wanted = _OF_CASE.get(table)
    if wanted is None:
        return {}
    key = wanted.selected_columns[0]
    pairs = db.session.execute(wanted.where(key.in_([k[0] for k in keys]))).all()
    ids = {case_id for _key, case_id in pairs}
    cases = db.session.scalars(sa.select(Case).where(Case.id.in_(ids)))
    found = {case.id: why for case in cases if (why := held(case, now)) is not None}
    return {(its,): found[case_id] for its, case_id in pairs if case_id in found}


# -- a customer's own cases ------------------------------------------------------------------------------------------


def _own_cases(sought: Sought) -> list[Case]:
    """The cases of that phone number, and those without one in that very name; oldest first."""
    number = mentions.digits(sought.phone)
    told = []
    if number:
        stored = sa.func.replace(sa.func.replace(Case.customer_phone, " ", ""), "-", "")
        told.append(stored == number)
    if sought.name:
        unsaid = Case.customer_phone == "" if number else sa.true()
        told.append(sa.and_(Case.customer_name == sought.name, unsaid))
    if not told or sought.person_id is not None:
        return []
    wanted = sa.select(Case).where(sa.or_(*told), Case.disposed_at.is_(None)).order_by(Case.id)
    return list(db.session.scalars(wanted))


def _is_sure(case: Case, sought: Sought) -> bool:
    """Found by the name alone it may be somebody else's."""
    return sought.loose or not sought.name or bool(mentions.digits(sought.phone) and case.customer_phone)


def find(sought: Sought, now: datetime) -> list[Trace]:
    """The customer's own cases, with why each cannot go yet."""
    return [
        Trace(
            "cases",
            case.number,
            f"/complaints/{case.number}",
            sure=_is_sure(case, sought),
            held=held(case, now),
            subject=("case", case.id),
        )
        for case in _own_cases(sought)
    ]


def tell(sought: Sought, by: int, now: datetime) -> dict[str, Any]:
    """The cases as they are handed over to the customer; each one's history says that they were."""
    told = []
    numbers: dict[int, str] = {}
    with db.write():
        for case in (each for each in _own_cases(sought) if _is_sure(each, sought)):
            history.record(case, "case:handed_over", by=by, now=now, clause="RC-20")
            numbers[case.id] = case.number
            told.append(
                {"number": case.number, "registered_at": f"{clock.local(case.registered_at):%Y-%m-%d %H:%M}"}
                | {"kind": label(case.kind), "state": label(case.state)}
                | {name: getattr(case, name) for name in CASES[0].texts if getattr(case, name)}
            )
    return {"cases": told, "earlier_words": list(_earlier(numbers))} if told else {}


def _earlier(numbers: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """What stood in the fields of these cases before they were mended; what was noted about them is not told."""
    for its_id, at, event, words in history.words_of("case", numbers):
        was = {name: text for name, text in words.items() if name.removeprefix("was ") in CASES[0].texts}
        if was:
            yield {
                "number": numbers[its_id],
                "at": f"{clock.local(at):%Y-%m-%d %H:%M}",
                "what": str(telling.EVENTS.get(event, event)),
                "words": was,
            }


def forget(sought: Sought, by: int, now: datetime) -> None:
    """CP-20: the customer's cases that nothing holds lose every name and text, a write each."""
    for case_id in [case.id for case in _own_cases(sought) if _is_sure(case, sought)]:
        with db.write():
            case = db.session.get_one(Case, case_id, with_for_update=True)
            if case.disposed_at is None and held(case, now) is None:
                closing.forget(case, now)
                history.record(case, "case:forget", by=by, now=now, clause="CP-20")
    with db.write():
        search_care.optimize("case")
        wiped()


CLASSES = (
    Kept(
        "cases",
        _l("Complaints, suggestions, inquiries, with what belongs to them"),
        (Whose.CUSTOMER,),
        _l("To deal with a matter and to answer for how it was dealt with"),
        "CP-20",
        Ending.ANONYMISE,
        CASES,
        figure="retention.normal_years",
        unit=Unit.YEARS,
        page="/complaints/archive/?term=1",
        hold=hold,
    ),
    Kept(
        "studies",
        _l("Improvement cases, reports and published suggestions"),
        (Whose.CUSTOMER, Whose.EMPLOYEE),
        _l("To learn from what went wrong"),
        "CP-22",
        Ending.KEEP,
        STUDIES,
        how_long=_l("With the record; words about a case go with the case"),
        hold=hold,
    ),
    Kept(
        "penalties",
        _l("Penalties and appeals"),
        (Whose.EMPLOYEE,),
        _l("To decide on responsibility, and to hear whom it concerns"),
        "CP-24",
        Ending.ANONYMISE,
        PENALTIES,
        figure="retention.normal_years",
        unit=Unit.YEARS,
        page="/complaints/archive/?term=1",
        hold=hold,
    ),
)
OWN = Own("cases", find, tell, forget)
