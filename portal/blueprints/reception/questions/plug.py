"""What the question log plugs in: addresses, words, its table of states, what is forgotten."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception import privacy
from portal.blueprints.reception.questions import actions, labels, routes
from portal.blueprints.reception.questions.workflow import QUESTION
from portal.kernel import audit

FLOWS = (QUESTION,)
privacy.ERASERS.append(actions.erase)
audit.REACH["question"] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "labels", "routes"]
