"""What training plugs in: addresses, words, its tables of states, what other areas may ask of it."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.phrases.training import labels, routes
from portal.blueprints.phrases.training.models import Attempt, TrainingNeed
from portal.blueprints.phrases.training.needs import queries as needs
from portal.blueprints.phrases.training.needs import routes as need_routes
from portal.blueprints.phrases.training.needs.actions import Retraining
from portal.blueprints.phrases.training.plan import routes as plan_routes
from portal.blueprints.phrases.training.quizzes import queries as quizzes
from portal.blueprints.phrases.training.quizzes import routes as quiz_routes
from portal.blueprints.phrases.training.records import routes as record_routes
from portal.blueprints.phrases.training.rules import marks
from portal.blueprints.phrases.training.sessions import routes as session_routes
from portal.blueprints.phrases.training.workflow import ATTEMPT, NEED, PLAN, QUIZ, TRAINING
from portal.kernel import audit, policies, retraining

FLOWS = (PLAN, TRAINING, QUIZ, ATTEMPT, NEED)
retraining.HANDLERS.append(Retraining())
policies.OBJECTIONS.append(marks.objects_to_mark)
audit.REACH["quiz_attempt"] = lambda viewer, its_id: sa.exists().where(
    Attempt.id == its_id, quizzes.visible_to(viewer)
)
audit.REACH["training_need"] = lambda viewer, its_id: sa.exists().where(
    TrainingNeed.id == its_id, needs.visible_to(viewer)
)
for _kind in ("training_plan", "training", "quiz"):
    audit.REACH[_kind] = lambda viewer, its_id: sa.true()

__all__ = [
    "FLOWS", "labels", "need_routes", "plan_routes", "quiz_routes", "record_routes", "routes", "session_routes",
]  # fmt: skip
