"""What the question log plugs in: addresses, words, its table of states, what is forgotten."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception import privacy, traces
from portal.blueprints.reception.questions import actions, call_end, finding, labels, queries, routes, rules
from portal.blueprints.reception.questions import person_figures as of_person
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.questions.workflow import QUESTION
from portal.blueprints.reception.traces import Keeper
from portal.i18n import _l
from portal.kernel import audit, calls, person_figures, wording

FLOWS = (QUESTION,)
wording.ABOUT["ZX"] = queries.worded

calls.ENDS.append(call_end.END)
privacy.ERASERS.append(actions.erase)
person_figures.PROVIDERS.append(of_person.of_people)
audit.REACH["question"] = lambda viewer, its_id: sa.true()
traces.KEEPERS.append(
    Keeper(
        key="questions",
        model=Question,
        visit=Question.visit_id,
        caption=_l("Question asked"),
        number=Question.number,
        at=Question.created_at,
        name=Question.asker_name,
        phone=Question.phone,
        tail=Question.phone_tail,
        there=sa.or_(Question.asker_name != "", Question.phone != ""),
        over=Question.state.in_(rules.ENDED),
        forget=actions.forget_asker,
        lines="question:",
        page="/reception/questions/{number}",
        index="question",
        by_term=True,
    )
)

__all__ = ["FLOWS", "finding", "labels", "routes"]
