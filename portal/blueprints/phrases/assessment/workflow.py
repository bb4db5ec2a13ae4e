"""What may be done with a period and with a sheet of it, by whom, under which clause: two tables (GO-03, GO-01)."""

from __future__ import annotations

from portal.blueprints.phrases.assessment import rules
from portal.blueprints.phrases.assessment.codes import State
from portal.kernel.workflow import Step, Workflow

EDIT, OPEN, COLLECT, PUBLISH, CLOSE = "edit", "open", "collect", "publish", "close"
SELF_RATE, RATE, OBJECT, ANSWER, CORRECT = "self-rate", "rate", "object", "answer", "correct"
RETRAIN = "retrain"
SELF_CLOCK, RATE_CLOCK, ANSWER_CLOCK = "assessment_self", "assessment_rate", "assessment_answer"

_OFFICE = frozenset({"office"})


def _in(*states: State) -> frozenset[str]:
    return frozenset(states)


PERIOD = Workflow(
    "assessment_period",
    (
        Step(EDIT, _in(State.DRAFT), None, _OFFICE, "GO-03"),
        Step(OPEN, _in(State.DRAFT), State.OPEN, _OFFICE, "GO-03", (rules.somebody_takes_part,)),
        Step(COLLECT, _in(State.OPEN), State.RATED, _OFFICE, "GO-03", (rules.time_is_over,)),
        Step(PUBLISH, _in(State.RATED), State.PUBLISHED, _OFFICE, "GO-03", (rules.everybody_is_rated,)),
        Step(CLOSE, _in(State.PUBLISHED), State.CLOSED, _OFFICE, "GO-03", (rules.nothing_is_open,)),
    ),
    rules.of_office,
)
# The state of a sheet is that of its period.
SHEET = Workflow(
    "assessment_sheet",
    (
        Step(SELF_RATE, _in(State.OPEN), None, frozenset({"self"}), "GO-03", meets=(SELF_CLOCK,)),
        Step(
            RATE, _in(State.RATED), None, frozenset({"superior"}), "GO-03",
            (rules.rates_another, rules.departs_with_reason), meets=(RATE_CLOCK,),
        ),
        Step(
            OBJECT, _in(State.PUBLISHED), None, frozenset({"self"}), "GO-03", (rules.objects_once, rules.within_limit),
            when=(rules.has_result,), starts=(ANSWER_CLOCK,),
        ),
        Step(
            ANSWER, _in(State.PUBLISHED), None, _OFFICE, "GO-03", (rules.another_corrects,),
            when=(rules.has_objection,), meets=(ANSWER_CLOCK,),
        ),
        Step(
            CORRECT, rules.AFTER, None, _OFFICE, "GO-01", (rules.another_corrects,), when=(rules.has_result,),
            also=("GO-03",),
        ),
        Step(
            RETRAIN, rules.AFTER, None, frozenset({"superior", "office"}), "GO-03", (rules.another_corrects,),
            when=(rules.needs_training,), also=("GO-02",),
        ),
    ),
    rules.standing,
)  # fmt: skip
