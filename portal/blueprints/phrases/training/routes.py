"""/phrases/training/: what the viewer's own training asks for, and what is coming (GO-02)."""

from __future__ import annotations

import sqlalchemy as sa
from flask import render_template

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.parts import PARTS
from portal.blueprints.phrases.training import page, sources
from portal.blueprints.phrases.training.codes import WAITING, Presence, SessionState
from portal.blueprints.phrases.training.models import Invited, Training, TrainingNeed
from portal.blueprints.phrases.training.plan import queries as plan
from portal.blueprints.phrases.training.quizzes import queries as quizzes
from portal.blueprints.phrases.training.rules import attending
from portal.blueprints.phrases.training.sessions.routes import MARKS
from portal.guards import me, needs
from portal.i18n import _l, called
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(Part(_l("Training"), "phrases.training", May.USE_PORTAL, 60))
MOST = 10


@bp.get("/training/")
@needs(May.USE_PORTAL)
def training() -> str:
    """The own sessions, quizzes and needs, and what this month has planned."""
    viewer, now = me(), clock.now()
    today = clock.local(now).date()
    latest, in_force = quizzes.latest(viewer.id), sources.in_force(now)
    return render_template(
        "phrases/training/index.html",
        sessions=_own_sessions(viewer.id),
        quizzes=[
            (quiz, *page.pass_of(latest.get(quiz.id), in_force))
            for quiz in quizzes.every()
            if quiz.state == "open"
        ],
        needs_=_own_needs(viewer.id),
        month=plan.planned(today.year, today.month),
        today=today,
        keeps=attending.keeps_training(viewer),
        marks=MARKS,
        called=called,
        trainer=page.trainer,
        viewer=viewer,
        presence=Presence,
    )


def _own_sessions(person_id: int) -> list[tuple[Training, Presence | None]]:
    """The sessions that the person is invited to or holds, the newest first, those called off left out."""
    mine = sa.and_(Invited.session_id == Training.id, Invited.person_id == person_id)
    wanted = (
        sa.select(Training, Invited.presence)
        .outerjoin(Invited, mine)
        .options(sa.orm.lazyload(Training.people))
    )
    ours = sa.or_(Invited.person_id.is_not(None), Training.trainer_id == person_id)
    rows = wanted.where(ours, Training.state != SessionState.CANCELLED)
    return [tuple(row) for row in db.session.execute(rows.order_by(Training.starts_at.desc()).limit(MOST))]  # type: ignore[misc]  # two columns


def _own_needs(person_id: int) -> list[TrainingNeed]:
    ours = (TrainingNeed.person_id == person_id, TrainingNeed.state.in_(WAITING))
    return list(
        db.session.scalars(sa.select(TrainingNeed).where(*ours).order_by(TrainingNeed.due_at).limit(MOST))
    )
