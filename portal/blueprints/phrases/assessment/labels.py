"""What people read of assessments: their codes, verbs, refusals, messages, figures and history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.phrases.assessment.codes import Follows, Grade, Outcome, Rater, State
from portal.blueprints.phrases.assessment.workflow import (
    ANSWER,
    ANSWER_CLOCK,
    CLOSE,
    COLLECT,
    CORRECT,
    EDIT,
    OBJECT,
    OPEN,
    PUBLISH,
    RATE,
    RATE_CLOCK,
    RETRAIN,
    SELF_CLOCK,
    SELF_RATE,
)
from portal.i18n import _l, label, listed
from portal.kernel.aspects import Aspect

LABELS: dict[Any, Any] = {
    Aspect: {
        Aspect.ATTITUDE: _l("Attitude"),
        Aspect.SKILL: _l("Skill"),
        Aspect.EFFICIENCY: _l("Efficiency"),
        Aspect.SATISFACTION: _l("Customer satisfaction"),
    },
    State: {
        State.DRAFT: _l("Being prepared"),
        State.OPEN: _l("Self rating"),
        State.RATED: _l("Rating by superiors"),
        State.PUBLISHED: _l("Results published"),
        State.CLOSED: _l("Assessment closed"),
    },
    Rater: {
        Rater.SELF: _l("The person"),
        Rater.SUPERIOR: _l("The superior"),
        Rater.CUSTOMER: _l("The customers"),
    },
    Grade: {
        Grade.EXCELLENT: _l("Excellent"),
        Grade.GOOD: _l("Good"),
        Grade.FAIR: _l("Fair"),
        Grade.BELOW: _l("Below the mark"),
    },
    Follows: {
        Follows.REWARD: _l("A reward is proposed"),
        Follows.NOTHING: _l("Nothing further is proposed"),
        Follows.RETRAINING: _l("Retraining is proposed"),
    },
    Outcome: {
        Outcome.UPHELD: _l("Objection upheld"),
        Outcome.DECLINED: _l("Objection declined"),
    },
}
BUTTONS: dict[str, Any] = {
    EDIT: _l("Change the period"),
    OPEN: _l("Open the self rating"),
    COLLECT: _l("Collect the self ratings and draw the figures"),
    PUBLISH: _l("Publish the results"),
    CLOSE: _l("Close the assessment"),
    SELF_RATE: _l("Rate myself"),
    RATE: _l("Rate as superior"),
    OBJECT: _l("Object to the result"),
    ANSWER: _l("Answer the objection"),
    CORRECT: _l("Correct the result"),
    RETRAIN: _l("Ask for training"),
}
SAID: dict[str, Any] = {
    EDIT: _l("The period is changed."),
    OPEN: _l("The self rating is open; everybody who takes part is told."),
    COLLECT: _l("The figures are drawn; the superiors rate now."),
    PUBLISH: _l("The results are published; each person reads the own one."),
    CLOSE: _l("The assessment is closed."),
    SELF_RATE: _l("Your own rating is kept."),
    RATE: _l("Your rating is kept."),
    OBJECT: _l("Your objection is with the general office."),
    ANSWER: _l("The objection is answered; the person is told."),
    CORRECT: _l("A new version of the result is published; the person is told."),
    RETRAIN: _l("The training is asked for; the lead and the general office hear of it."),
}
AWAITED: dict[str, Any] = {
    "assessment-self": _l("Rate yourself"),
    "assessment-rate": _l("Rate as superior"),
    "assessment-answer": _l("Answer the objection"),
    "assessment-open": _l("Open the self rating"),
    "assessment-collect": _l("Collect the self ratings"),
    "assessment-publish": _l("Publish the results"),
    "assessment-close": _l("Close the assessment"),
}
REASONS: dict[str, Any] = {
    "rates_own": _l("Nobody rates themselves as superior."),
    "assesses_own": _l("Nobody answers the own objection or corrects the own result."),
    "departs_bare": _l("The records propose another mark; say why yours differs: %(aspects)s."),
    "objects_late": _l("The limit for objecting is over."),
    "objected_before": _l("There was an objection to this version already."),
    "no_objection": _l("There is no objection to answer."),
    "no_published_result": _l("There is no published result."),
    "above_the_mark": _l("Training is asked for after a result below the mark."),
    "assessment_runs": _l("The time that is assessed is not over yet; figures are drawn when it is."),
    "nobody_assessed": _l(
        "Nobody takes part who could be rated by another; choose other departments or roles."
    ),
    "unrated": _l("These are not rated by their superior yet: %(people)s."),
    "objections_open": _l("These wait for an answer to their objection: %(people)s."),
    "not_corrected": _l("These objections were upheld, and the result is not corrected yet: %(people)s."),
    "may_object_still": _l("People may still object."),
    "bands_cross": _l("A better grade asks for a higher score."),
}
NOTICES: dict[str, Any] = {
    "assessment:self": _l("An assessment is open; please rate yourself."),
    "assessment:published": _l("Your assessment is published; you may object within the limit."),
    "assessment:answered": _l("Your objection to an assessment is answered."),
    "assessment:corrected": _l("The result of your assessment was corrected; read the reason."),
}
HISTORY: dict[str, Any] = {
    "assessment_period:create": _l("Assessment prepared"),
    f"assessment_period:{EDIT}": _l("Assessment changed"),
    f"assessment_period:{OPEN}": _l("Self rating opened"),
    f"assessment_period:{COLLECT}": _l("Self ratings collected, figures drawn"),
    f"assessment_period:{PUBLISH}": _l("Results published"),
    f"assessment_period:{CLOSE}": _l("Assessment closed"),
    f"assessment_sheet:{SELF_RATE}": _l("Rated by the person"),
    f"assessment_sheet:{RATE}": _l("Rated by the superior"),
    f"assessment_sheet:{OBJECT}": _l("Objected to the result"),
    f"assessment_sheet:{ANSWER}": _l("Objection answered"),
    f"assessment_sheet:{RETRAIN}": _l("Training asked for"),
    f"assessment_sheet:{CORRECT}": _l("Result corrected by a new version"),
}
CLOCKS: dict[str, Any] = {
    SELF_CLOCK: _l("Self rating"),
    RATE_CLOCK: _l("Rating by the superior"),
    ANSWER_CLOCK: _l("Answer to an objection"),
}
CLOCK_CLAUSES: dict[str, Any] = dict.fromkeys(CLOCKS, "GO-03")
FIGURES: dict[str, Any] = {
    "assessment.weight.attitude": _l("Assessment: weight of attitude in per cent, as proposed"),
    "assessment.weight.skill": _l("Assessment: weight of skill in per cent, as proposed"),
    "assessment.weight.efficiency": _l("Assessment: weight of efficiency in per cent, as proposed"),
    "assessment.weight.satisfaction": _l(
        "Assessment: weight of customer satisfaction in per cent, as proposed"
    ),
    "assessment.weight.self": _l("Assessment: weight of the person's own rating in per cent, as proposed"),
    "assessment.weight.superior": _l("Assessment: weight of the superior's rating in per cent, as proposed"),
    "assessment.weight.customer": _l("Assessment: weight of the customers' rating in per cent, as proposed"),
    "assessment.grade.excellent": _l("Assessment: excellent from a score of"),
    "assessment.grade.good": _l("Assessment: good from a score of"),
    "assessment.grade.fair": _l("Assessment: fair from a score of; below it retraining is proposed"),
    "assessment.minus.upheld": _l("Assessment: points that a case upheld against the person costs"),
    "assessment.minus.late": _l("Assessment: points that a lateness costs"),
    "assessment.minus.absent": _l("Assessment: points that an absence costs"),
    "assessment.minus.handover": _l("Assessment: points that a refused handover costs"),
    "limit.assessment_self": _l("Assessment: people rate themselves within"),
    "limit.assessment_rate": _l("Assessment: superiors rate within"),
    "limit.assessment_objection": _l("Assessment: a result may be objected to within"),
    "limit.assessment_answer": _l("Assessment: an objection is answered within"),
    "ladder.assessment_self": _l("Assessment: self rating not done yet"),
    "ladder.assessment_rate": _l("Assessment: superior's rating not done yet"),
    "ladder.assessment_answer": _l("Assessment: objection not answered yet"),
}
_RESULT = (_l("Version of the result"), str)
READERS: dict[str, telling.Readers] = {
    "assessment_period": {
        "people": (_l("People assessed"), str),
        "self_rated": (_l("Rated themselves"), str),
        "to": (_l("State"), lambda code: label(State(code))),
    },
    "assessment_sheet": {
        "round": (_l("Rated for the time"), str),
        "departs": (_l("Departs from the records in"), lambda codes: listed(Aspect(code) for code in codes)),
        "result": _RESULT,
        "outcome": (_l("Outcome"), lambda code: label(Outcome(code))),
        "was": (_l("Score before"), str),
        "score": (_l("Score"), str),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "to": (_l("To"), telling.people),
    },
}
