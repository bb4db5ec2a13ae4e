"""What is done with a sample: draw it, call again, rate, settle what was found."""

from __future__ import annotations

from datetime import datetime, time
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.spot_checks import rules, watch
from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, Duty
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.complaints.spot_checks.populations import POPULATIONS, Member
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE
from portal.kernel import clock, history, policies, reference
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Refused


def bounds(quarter: str) -> tuple[datetime, datetime]:
    """The moments at which a quarter begins and ends, in company time."""
    zone = clock.zone()
    days = rules.first_day(quarter), rules.first_day(rules.after(quarter))
    begins, ends = (datetime.combine(day, time(), zone) for day in days)
    return begins, ends


def draw(quarter: str, *, rater: str, seed: str, by: Viewer, now: datetime) -> list[SpotSample]:
    """CP-23: draw a fifth of what was solved in that quarter, of each population. Inside a write; raises Refused.

    A population that was added later is still drawn; one that was drawn stays as it is.
    """
    drawn = set(db.session.scalars(sa.select(SpotSample.population).where(SpotSample.quarter == quarter)))
    found = {each.code: each.members(*bounds(quarter)) for each in POPULATIONS if each.code not in drawn}
    reasons = rules.against_drawing(
        quarter,
        clock.local(now).date(),
        drawn=bool(drawn) and not any(found.values()),
        solved=sum(map(len, found.values())),
        rater=rater,
    )
    if against := list(reasons):
        raise Refused(against)
    share = policies.number("spot_check.share", now)
    samples = []
    for code, members in found.items():
        if members:
            row = SpotSample(quarter=quarter, population=code, solved=len(members), share=share, seed=seed)
            row.rater, row.drawn_at, row.drawn_by_id = rater, now, by.id
            samples.append(_drawn(row, {each.number: each for each in members}))
    return samples


def _drawn(sample: SpotSample, members: dict[str, Member]) -> SpotSample:
    numbers = rules.sample(members, Fraction(sample.share, 100), sample.seed)
    db.session.add(sample)
    db.session.flush()
    for number in numbers:
        member = members[number]
        db.session.add(
            SpotCheck(
                sample_id=sample.id,
                number=number,
                department=member.department,
                responder_id=member.responder_id,
                barred_id=member.barred_id,
                worked_on=" ".join(map(str, sorted(member.hands))),
                rater=sample.rater,
                state_since=sample.drawn_at,
            )
        )
    history.record(
        sample,
        "spot_sample:draw",
        by=sample.drawn_by_id,
        now=sample.drawn_at,
        clause="CP-23",
        quarter=sample.quarter,
        population=sample.population,
        solved=sample.solved,
        share=sample.share,
        seed=sample.seed,
        rater=sample.rater,
        numbers=numbers,
    )
    watch.put_up(sample, sample.drawn_at)
    for department in (CUSTOMER_SERVICE, sample.rater):
        address = f"/complaints/spot-checks/{sample.quarter}"
        watch.tell(department, "spot_sample:drawn", sample, address, sample.drawn_at, but=sample.drawn_by_id)
    return sample


def call_again(
    check: SpotCheck,
    *,
    by: Viewer,
    now: datetime,
    outcome: Outcome,
    duty: Duty | None = None,
    at_fault: Card | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-23, CP-32: what the customer told the head, and whether the first responder's duty was kept.

    Nobody answers: the call is tried again, as often as a follow-up; what was found otherwise counts at once.
    """
    check.tries += 1
    check.called_at, check.called_by_id, check.outcome = now, by.id, outcome
    check.duty, check.note = duty, note
    found = rules.is_finding(outcome, duty)
    if found:
        broken = duty not in {None, Duty.KEPT}
        check.at_fault_id = at_fault.id if at_fault else check.responder_id if broken else None
        check.task_department = _answerable(check)
        address = watch.WATCH.address(check)
        watch.tell(check.task_department, "spot_check:finding", check, address, now, but=by.id)
    again = outcome is Outcome.NO_ANSWER and check.tries < policies.number("follow_up.tries", now)
    details = {"outcome": outcome, "duty": duty, "at_fault": check.at_fault_id, "try": check.tries}
    return Effect(details, {"note": note}, stay=again and not found)


def _answerable(check: SpotCheck) -> str:
    """CP-32: a broken duty is traced to the person and that person's department; else whoever solved the matter."""
    if check.at_fault_id is not None:
        return reference.staff().cards[check.at_fault_id].department
    return check.department or CUSTOMER_SERVICE


def rate(check: SpotCheck, *, by: Viewer, now: datetime, rating: int, note: str = "", **_: Any) -> Effect:
    """CP-23: a department outside customer service rates its follow-up work."""
    check.rating, check.rating_note, check.rated_at, check.rated_by_id = rating, note, now, by.id
    return Effect({"rating": rating}, {"note": note})


def settle(check: SpotCheck, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """CP-23: what was found is put right; the lead says how."""
    check.settled_at, check.settled_by_id, check.settled_note = now, by.id, note
    return Effect({}, {"note": note})


ACTIONS: dict[str, Action] = {CALL: call_again, RATE: rate, SETTLE: settle}


def erase(case: Case) -> None:
    """CP-20: what was written about a case's customer goes with the case; codes and marks stay."""
    for check in db.session.scalars(sa.select(SpotCheck).where(SpotCheck.number == case.number)):
        check.note = check.rating_note = check.settled_note = ""
        history.erase(check)
