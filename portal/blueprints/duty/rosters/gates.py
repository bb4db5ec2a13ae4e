"""Why a roster may not be changed, confirmed, published or closed; pure (DR-01, DR-06, DR-21)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.blueprints.duty.rosters.rules import GAP, Broken
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


def standing(_roster: Any, by: Any) -> frozenset[str]:
    """Rosters are the general office's."""
    return frozenset({"office"} if by.role is Role.OFFICE else ())


@dataclass(frozen=True)
class Hours:
    """DR-01: hours for which nobody is even planned at a post that is on duty around the clock."""

    post: Any
    starts_at: datetime
    ends_at: datetime


def unplanned(
    posts: Iterable[Any],
    seats: Mapping[Any, Sequence[tuple[datetime, datetime]]],
    since: datetime,
    until: datetime,
) -> Iterator[Hours]:
    """DR-01: what the seats of each of these posts leave open between two moments."""
    for post in posts:
        covered = since
        for starts_at, ends_at in sorted(seats.get(post, ())):
            if covered < min(starts_at, until):
                yield Hours(post, covered, min(starts_at, until))
            covered = max(covered, ends_at)
        if covered < until:
            yield Hours(post, covered, until)


@dataclass(frozen=True)
class Findings:
    """What stands against publishing: broken rules, and hours that nobody is planned for."""

    broken: tuple[Broken, ...]
    hours: tuple[Hours, ...]

    @property
    def hard(self) -> list[Broken]:
        """What nobody can confirm."""
        return [one for one in self.broken if one.hard]

    @property
    def missing(self) -> list[str]:
        """The clauses that a second person of the office has to confirm."""
        found = {one.clause for one in self.broken if not one.hard}
        return sorted(found | ({GAP} if self.hours else set()))

    @property
    def digest(self) -> str:
        """Tells whether the gaps are still those that were confirmed."""
        gaps = [[*map(str, one.where), one.amount, one.limit] for one in self.broken if not one.hard]
        hours = [[str(each.post), str(each.starts_at), str(each.ends_at)] for each in self.hours]
        return hashlib.sha256(json.dumps([sorted(gaps), sorted(hours)]).encode()).hexdigest()


def asked(roster: Any) -> Reason | None:
    """DR-01: nothing is confirmed before somebody gave the reason."""
    return None if roster.gap_asked_by_id else Reason(GAP, "no_reason_given")


def something_missing(attempt: Attempt) -> Reason | None:
    """DR-01: a reason is given for a gap."""
    return None if attempt.given["findings"].missing else Reason(GAP, "nothing_missing")


def second_person(attempt: Attempt) -> Iterator[Reason]:
    """DR-01, DR-06: who gave the reason never confirms it."""
    if attempt.subject.gap_asked_by_id == attempt.by.id:
        for clause in attempt.given["findings"].missing or [GAP]:
            yield Reason(clause, "own_reason")


def same_gaps(attempt: Attempt) -> Reason | None:
    """DR-01: the reason was given for these gaps and no others."""
    same = attempt.subject.gap_digest == attempt.given["findings"].digest
    return None if same else Reason(GAP, "gaps_changed")


def confirmed(attempt: Attempt) -> Iterator[Reason]:
    """DR-01, DR-06: what is missing is confirmed by a second person, and unchanged since."""
    roster, findings = attempt.subject, attempt.given["findings"]
    if roster.gap_confirmed_by_id and roster.gap_digest == findings.digest:
        return
    for clause in findings.missing:
        yield Reason(clause, "gap_unconfirmed" if clause == GAP else "manager_unconfirmed")


def rules_kept(attempt: Attempt) -> Reason | None:
    """DR-21: rest, qualification and working limits are kept; nobody can confirm them away."""
    hard = attempt.given["findings"].hard
    return Reason("DR-21", "rules_broken", {"count": len(hard)}) if hard else None


def not_solving(attempt: Attempt) -> Reason | None:
    """DR-01: nobody changes under the solver's hands what it is about to write."""
    return Reason(GAP, "being_solved") if attempt.given["solving"] else None


def is_solving(attempt: Attempt) -> Reason | None:
    """DR-01: only what runs can be stopped."""
    return None if attempt.given["solving"] else Reason(GAP, "not_solving")


def is_over(attempt: Attempt) -> Reason | None:
    """DR-01: a roster is closed when its last day is over."""
    return None if attempt.given["today"] > attempt.subject.ends_on else Reason(GAP, "not_over")


def span_of(first: date, last: date, zone: Any) -> tuple[datetime, datetime]:
    """From the first midnight of a roster to its last."""
    begins = datetime.combine(first, datetime.min.time(), zone)
    return begins, datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
