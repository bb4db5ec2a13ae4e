"""What the clauses say about the archive; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.complaints.archive.codes import RetentionClass
from portal.kernel.workflow import Attempt, Reason

YEAR = timedelta(days=365)


def standing(case: Any, by: Any) -> frozenset[str]:
    """The archive is the general office's; the person complained about is nobody to a case (CP-09)."""
    concerned = case.person_concerned_id is not None and case.person_concerned_id == by.id
    return frozenset({"office"} if by.role == "office" and not concerned else ())


# -- CP-20: how long a case is kept ---------------------------------------------------------------------------


def least_until(archived_at: datetime, least_years: int) -> datetime:
    """CP-20: until when the policy keeps a case at the least."""
    return archived_at + YEAR * least_years


def kept_until(
    archived_at: datetime, *, least_years: int, class_years: int, until: datetime | None = None
) -> datetime:
    """CP-20: until when a case is kept: its class's term or a later day, never less than the policy's term."""
    terms = [least_until(archived_at, least_years), archived_at + YEAR * class_years]
    return max(terms if until is None else [*terms, until])


def not_shortened(attempt: Attempt) -> Reason | None:
    """CP-20: an important case is kept as one, and no case goes before the policy's term."""
    chosen, least = attempt.given["retention_class"], attempt.given["least_class"]
    until, term = attempt.given.get("until"), attempt.given["least_until"]
    below = chosen is RetentionClass.NORMAL and least is RetentionClass.IMPORTANT
    return Reason("CP-20", "term_shortened") if below or (until is not None and until < term) else None


def not_disposed(case: Any) -> Reason | None:
    """CP-20: what was disposed of has no texts left to keep or to correct."""
    return None if case.disposed_at is None else Reason("CP-20", "disposed")


# -- GO-01: a locked record is corrected by a signed erratum --------------------------------------------------


def another_signs(attempt: Attempt) -> Reason | None:
    """GO-01, CP-20: a locked record changes only by an erratum that a second person signs."""
    erratum = attempt.given.get("erratum")
    if erratum is not None and erratum.asked_by_id == attempt.by.id:
        return Reason("GO-01", "asked_yourself")
    return None


def fits_what_waits(attempt: Attempt) -> Reason | None:
    """GO-01: an erratum that waits is signed or refused before the next is asked for."""
    given = attempt.given
    if given.get("erratum") is not None:
        return Reason("GO-01", "erratum_open") if given.get("decision") is None else None
    return Reason("GO-01", "erratum_gone") if given.get("field") is None else None


def something_to_correct(attempt: Attempt) -> Reason | None:
    """GO-01: an erratum says something else than the record."""
    field = attempt.given.get("field")
    same = field is not None and attempt.given.get("value") == getattr(attempt.subject, field)
    return Reason("GO-01", "nothing_to_correct") if same else None
