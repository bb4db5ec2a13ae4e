"""What complaint handling counts of a person for an assessment (GO-03)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Finding, Outcome
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.spot_checks.codes import Duty
from portal.blueprints.complaints.spot_checks.models import SpotCheck
from portal.i18n import _l
from portal.kernel import person_figures
from portal.kernel.aspects import Aspect
from portal.kernel.people import Person
from portal.kernel.person_figures import Kind, counted, times
from portal.kernel.timers import Clock

CONTACT, FOLLOW_UP, UPHELD, CHECKED = "first_contact", "follow_up", "upheld", "case_check"
person_figures.KINDS.update({
    CONTACT: Kind(_l("First contacts in time"), Aspect.EFFICIENCY, "/complaints/"),
    FOLLOW_UP: Kind(
        _l("Follow-up calls: satisfied"), Aspect.SATISFACTION, "/complaints/follow-ups/", by_customers=True
    ),
    UPHELD: Kind(
        _l("Cases upheld against the person, of those handled or caused"), Aspect.ATTITUDE, "/complaints/",
        minus="assessment.minus.upheld", by_customers=True,
    ),
    CHECKED: Kind(_l("Spot checks of cases: duty kept"), Aspect.SATISFACTION, "/complaints/spot-checks/"),
})  # fmt: skip


def of_people(people: Collection[int], begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """First contacts and follow-ups of the handler, what was upheld against somebody, how the duty was found kept."""
    answered = sa.and_(Case.reported_at >= begins, Case.reported_at < ends)
    contact = sa.and_(
        Clock.subject_kind == Case.history_kind, Clock.subject_id == Case.id, Clock.kind == "first_contact",
        Clock.met_at >= begins, Clock.met_at < ends,
    )  # fmt: skip
    fault = sa.and_(Case.responsible_id == Person.id, Case.finding.in_((Finding.BREACH, Finding.MISTAKE)))
    return [
        counted(CONTACT, Case.handler_id, times(Clock.breached_at.is_(None)))
        .select_from(Case)
        .join(Clock, contact)
        .where(Case.handler_id.in_(people)),
        counted(FOLLOW_UP, Case.handler_id, times(Case.followed_up == Outcome.SATISFIED)).where(
            Case.handler_id.in_(people), answered, Case.followed_up.in_((Outcome.SATISFIED, Outcome.DISSATISFIED))
        ),
        counted(UPHELD, Person.id, times(fault))
        .select_from(Person)
        .join(Case, sa.or_(Case.handler_id == Person.id, fault))
        .where(Person.id.in_(people), answered),
        counted(CHECKED, SpotCheck.responder_id, times(SpotCheck.duty == Duty.KEPT)).where(
            SpotCheck.responder_id.in_(people), SpotCheck.called_at >= begins, SpotCheck.called_at < ends,
            SpotCheck.duty.is_not(None),
        ),
    ]  # fmt: skip
