"""What may be done with an emergency, by whom, under which clause: a table. A drill goes the same way."""

from __future__ import annotations

from portal.blueprints.duty.emergencies import rules
from portal.blueprints.duty.emergencies.codes import State
from portal.kernel.workflow import Step, Workflow

ARRIVE, STEP, ANSWER, POLICE, LEADER, NOTE = "arrive", "step", "answer", "police", "leader", "note"
FALSE_ALARM, END, REPORT = "false-alarm", "end", "report"

# Who helps in an emergency is not asked for a right; who ends it and signs for it is.
_ANYONE, _LEADER = frozenset({"anyone"}), frozenset({"leader"})
_RUNS, _OVER = frozenset({State.DECLARED}), frozenset({State.ENDED, State.FALSE_ALARM})
ON_THE_SCENE = ("arrival", "arrival_drill")

EMERGENCY = Workflow(
    "emergency",
    (
        #    verb         from   to                 who      clause
        Step(ARRIVE,      _RUNS, None,              _ANYONE, "DR-16", when=(rules.nobody_there_yet,), meets=ON_THE_SCENE),
        Step(ANSWER,      _RUNS, None,              _ANYONE, "DR-16", (rules.was_called, rules.speaks_for_others)),
        Step(STEP,        _RUNS, None,              _ANYONE, "DR-16", (rules.step_is_open,)),
        Step(POLICE,      _RUNS, None,              _ANYONE, "DR-16", (rules.silence_has_a_reason,)),
        Step(LEADER,      _RUNS, None,              _ANYONE, "DR-16", when=(rules.leader_not_told_yet,)),
        Step(NOTE,        _RUNS, None,              _ANYONE, "DR-16"),
        Step(FALSE_ALARM, _RUNS, State.FALSE_ALARM, _LEADER, "DR-16"),
        Step(END,         _RUNS, State.ENDED,       _LEADER, "DR-16",
             (rules.somebody_was_there, rules.help_was_called, rules.leader_was_told, rules.roll_is_complete)),
        Step(REPORT,      _OVER, State.REPORTED,    _LEADER, "DR-16", (rules.left_out_steps_explained,)),
    ),
    rules.standing,
)  # fmt: skip
