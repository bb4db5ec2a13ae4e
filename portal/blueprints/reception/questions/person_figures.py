"""What questions count of a person for an assessment (GO-03)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.questions.models import Question
from portal.i18n import _l
from portal.kernel import person_figures
from portal.kernel.aspects import Aspect
from portal.kernel.person_figures import Kind, counted, times
from portal.kernel.timers import Clock

QUESTIONS = "questions"
person_figures.KINDS[QUESTIONS] = Kind(
    _l("Questions of visitors answered in time"), Aspect.EFFICIENCY, "/reception/questions/"
)


def of_people(people: Collection[int], begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """Questions that were put to somebody inside, and whether the answer came within its limit."""
    limit = sa.and_(Clock.subject_kind == Question.history_kind, Clock.subject_id == Question.id)
    return [
        counted(QUESTIONS, Question.person_id, times(Clock.breached_at.is_(None)))
        .join(Clock, limit)
        .where(Question.person_id.in_(people), Clock.met_at >= begins, Clock.met_at < ends)
    ]
