"""What may be done to a case in the archive; each inside a write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import closing, disposal, watch
from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.archive import queries, rules
from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.blueprints.complaints.archive.models import Erratum, Retention
from portal.blueprints.complaints.archive.workflow import ARCHIVE
from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.models import Case
from portal.kernel import company_calendar, history, inbox, policies, reference, timers, todos, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.transitions import Effect
from portal.kernel.workflow import Reason

YEARS = {
    RetentionClass.NORMAL: "retention.normal_years",
    RetentionClass.IMPORTANT: "retention.important_years",
}


def least_class(case: Case) -> RetentionClass:
    """CP-20: the class that the facts of a case ask for."""
    return RetentionClass.IMPORTANT if closing.important(case) else RetentionClass.NORMAL


def _perform(case: Case, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb, with what its gates must know besides the form."""
    if verb == "keep" and case.archived_at is not None:
        least = least_class(case)
        years = policies.number(YEARS[least], case.archived_at)
        given |= {
            "least_class": least,
            "least_years": years,
            "least_until": rules.least_until(case.archived_at, years),
        }
    if verb == "correct":
        given["erratum"] = queries.open_erratum(case)
    transitions.perform(ARCHIVE, case, verb, ACTIONS[verb], by=by, now=now, **given)


act = transitions.one_write(cases.find, _perform)


def _keep(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    retention_class: RetentionClass,
    reason: str,
    least_years: int,
    until: datetime | None = None,
    **_: Any,
) -> Effect:
    """CP-20: how long the case is kept, chosen by the office with a reason."""
    row = queries.chosen(case)
    if row is None:
        row = Retention(case_id=case.id)
        db.session.add(row)
    row.retention_class, row.reason, row.set_by_id, row.set_at = retention_class, reason, by.id, now
    archived_at = case.archived_at or now
    case.keep_until = rules.kept_until(
        archived_at,
        least_years=least_years,
        class_years=policies.number(YEARS[retention_class], now),
        until=until,
    )
    return Effect({"retention_class": retention_class, "keep_until": case.keep_until}, {"reason": reason})


def _correct(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    erratum: Erratum | None = None,
    field: Correctable | None = None,
    value: str = "",
    reason: str = "",
    decision: Decision | None = None,
    **_: Any,
) -> Effect:
    """GO-01: one asks for a correction, another signs it; the record itself stays as it was."""
    if erratum is None:
        return _ask(case, by, now, field, value, reason)
    erratum.decided_at, erratum.decided_by_id = now, by.id
    erratum.signed = decision is Decision.YES
    todos.replace(erratum, [], now=now, title="", address="")
    inbox.tell(
        [erratum.asked_by_id], "erratum:decided", erratum, now=now, address=address(case), clause="GO-01"
    )
    return Effect({"erratum": erratum.id, "field": erratum.field, "decision": decision})


def _ask(case: Case, by: Viewer, now: datetime, field: Correctable | None, value: str, reason: str) -> Effect:
    made = Erratum(
        case_id=case.id,
        number=case.number,
        field=field,
        value=value,
        reason=reason,
        asked_at=now,
        asked_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    todos.replace(
        made,
        [todos.Wanted("sign-erratum", "office")],
        now=now,
        title=watch.title(case.content),
        address=address(case),
        barred_id=by.id,
    )
    others = [
        i for i in reference.staff().with_role(Role.OFFICE) if i not in {by.id, case.person_concerned_id}
    ]
    inbox.tell(others, "erratum:asked", made, now=now, address=address(case), clause="GO-01")
    return Effect({"erratum": made.id, "field": field}, {"value": value, "reason": reason})


def address(case: Case) -> str:
    """Where a case's archive entry is; links in notices need no request."""
    return f"/complaints/archive/{case.number}"


ACTIONS: dict[str, transitions.Action] = {"keep": _keep, "correct": _correct}


# -- CP-20: when a case is disposed of ------------------------------------------------------------------------


def _bar(case: Case) -> Reason | None:
    return Reason("CP-20", "erratum_open") if queries.open_erratum(case) else None


def _forget(case: Case) -> None:
    """The texts of errata, and why the case was kept, may name the customer."""
    db.session.execute(sa.update(Erratum).where(Erratum.case_id == case.id).values(value="", reason=""))
    db.session.execute(sa.update(Retention).where(Retention.case_id == case.id).values(reason=""))


disposal.BARS.append(_bar)
disposal.ERASERS.append(_forget)


# -- CP-20: the terms that are over ---------------------------------------------------------------------------


def remind(now: datetime) -> Iterator[str]:
    """CP-20: once a month, in working time, the office hears that records are past their term.

    One message for all of them: on some days hundreds come to their end. Whoever is not told needs no telling twice, so
    of two workers that pass at once one waits for the other's message and then has nothing to say.
    """
    office = reference.staff().with_role(Role.OFFICE)
    due = queries.past_term(now) if company_calendar.current().is_open(now) else None
    if due is None or not office or queries.reminded(office, now):
        return
    with db.write():
        history.wait_for_turn()
        case = db.session.get_one(Case, due)
        if queries.reminded(office, now):
            return
        inbox.tell(
            office, "case:term_over", case, now=now, address="/complaints/archive/?term=1", clause="CP-20"
        )
    yield f"{case.number}\tretention\tpast its term, first of those to be disposed of (CP-20)"


timers.BY_CALENDAR.append(remind)
