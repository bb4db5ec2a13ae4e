"""What people read of an emergency: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.emergencies.codes import Answer, Hands, Kind, Level, Service, State
from portal.blueprints.duty.emergencies.workflow import (
    ANSWER,
    ARRIVE,
    END,
    FALSE_ALARM,
    LEADER,
    NOTE,
    POLICE,
    REPORT,
    STEP,
)
from portal.drawing import name_of
from portal.i18n import _, _l, label, moment, ngettext

LABELS: dict[Any, Any] = {
    Kind: {
        Kind.FIRE: _l("Fire"),
        Kind.ROBBERY: _l("Robbery"),
        Kind.TYPHOON: _l("Typhoon"),
        Kind.EARTHQUAKE: _l("Earthquake"),
        Kind.ILLNESS: _l("Sudden illness"),
    },
    Level: {
        Level.ONE: _l("Level 1: everyone on duty"),
        Level.TWO: _l("Level 2: the departments concerned"),
    },
    State: {
        State.DECLARED: _l("In progress"),
        State.ENDED: _l("Over, report owed"),
        State.FALSE_ALARM: _l("False alarm"),
        State.REPORTED: _l("Closed with a report"),
    },
    Hands: {
        Hands.EVERYONE: _l("Everyone"),
        Hands.FINDER: _l("Whoever notices it"),
        Hands.GUARD: _l("Guards"),
        Hands.DESK: _l("Front desk"),
        Hands.LEADER: _l("Duty leader"),
        Hands.HEADS: _l("Heads of the departments concerned"),
        Hands.OFFICE: _l("General office"),
    },
    Answer: {
        Answer.SAFE: _l("Here and safe"),
        Answer.AWAY: _l("Not in the house"),
        Answer.MISSING: _l("Whereabouts unknown"),
    },
    Service: {
        Service.FIRE_BRIGADE: _l("119 fire brigade"),
        Service.POLICE: _l("110 police"),
        Service.AMBULANCE: _l("120 ambulance"),
        Service.NONE: _l("Nobody outside"),
    },
}
BUTTONS: dict[str, Any] = {
    ARRIVE: _l("I am on the scene"),
    ANSWER: _l("I am here and safe"),
    STEP: _l("Done"),
    POLICE: _l("Called for help outside"),
    LEADER: _l("Duty leader told"),
    NOTE: _l("Write into the timeline"),
    FALSE_ALARM: _l("It was a false alarm"),
    END: _l("End the emergency"),
    REPORT: _l("Write and sign the closing report"),
}
MARK: Any = _l("Mark somebody in the roll-call")  # the same verb for others, by whoever leads
SAID: dict[str, Any] = {
    ARRIVE: _l("Your arrival is recorded."),
    ANSWER: _l("The roll-call is recorded."),
    STEP: _l("The step is done."),
    POLICE: _l("The call is recorded."),
    LEADER: _l("It is recorded that the duty leader was told."),
    NOTE: _l("It is written into the timeline."),
    FALSE_ALARM: _l("%(number)s was a false alarm; everybody who was called is told."),
    END: _l("%(number)s is over; everybody who was called is told, and a closing report is owed."),
    REPORT: _l("%(number)s is closed with your report."),
}
AWAITED: dict[str, Any] = {
    "emergency-answer": _l("Answer the roll-call"),
    "emergency-steps": _l("Do the steps of the playbook"),
    "emergency-report": _l("Write the closing report"),
}
REASONS: dict[str, Any] = {
    "arrived_already": _l("Somebody is on the scene already."),
    "leader_told_already": _l("The duty leader was told already."),
    "not_called": _l("This person is not on the roll of those who were called."),
    "answers_for_others": _l("Each answers for themselves; whoever leads marks the others."),
    "step_done": _l("This step is done already."),
    "no_such_step": _l("The playbook that this was declared with has no such step."),
    "why_nobody_called": _l("Write down why nobody outside is called."),
    "nobody_arrived": _l("Nobody is on the scene yet."),
    "police_untold": _l("Police, fire brigade or ambulance were not called, and it is not recorded why."),
    "leader_untold": _l("The duty leader was not told yet."),
    "roll_open": _l("The roll-call is not complete, nobody knows of: %(names)s."),
    "steps_unexplained": _l("Say why these steps were left out: %(places)s."),
    "emergency_runs": _l("This entry belongs to %(number)s and is settled when that is over."),
}  # fmt: skip
NOTICES: dict[str, Any] = {
    "emergency:everyone": _l("An emergency of level 1 was declared: everyone on duty responds now and answers the "
                             "roll-call."),
    "emergency:departments": _l("An emergency of level 2 was declared: the departments concerned respond now and answer "
                                "the roll-call."),
    "emergency:end": _l("The emergency is over."),
    "emergency:false-alarm": _l("It was a false alarm."),
}  # fmt: skip
HISTORY: dict[str, Any] = {
    "emergency:declare": _l("Emergency declared"),
    f"emergency:{ARRIVE}": _l("On the scene"),
    f"emergency:{ANSWER}": _l("Roll-call answered"),
    f"emergency:{STEP}": _l("Step of the playbook done"),
    f"emergency:{POLICE}": _l("Help from outside"),
    f"emergency:{LEADER}": _l("Duty leader told"),
    f"emergency:{NOTE}": _l("Noted"),
    f"emergency:{FALSE_ALARM}": _l("False alarm"),
    f"emergency:{END}": _l("Emergency over"),
    f"emergency:{REPORT}": _l("Closing report signed"),
    "playbook:edit": _l("Playbook changed"),
}
CLOCKS: dict[str, Any] = {"arrival": _l("On the scene"), "arrival_drill": _l("On the scene")}
CLOCK_CLAUSES: dict[str, Any] = {"arrival": "DR-16", "arrival_drill": "DR-16"}
DRILLS = frozenset({"arrival_drill"})  # messages about these say first that it is a drill
FIGURES: dict[str, Any] = {
    "limit.arrival": _l("Emergency: somebody is on the scene"),
    "ladder.arrival": _l("Emergency: nobody is on the scene"),
}


def took(seconds: int) -> str:
    """How long it took until somebody was there."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return ngettext("%(num)s second", "%(num)s seconds", rest)
    return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)


READERS: dict[str, telling.Readers] = {
    "emergency": {
        "kind": (_l("Kind of emergency"), lambda code: label(Kind(code))),
        "level": (_l("Level"), lambda code: label(Level(code))),
        "drill": (_l("Drill"), lambda _sure: _("yes")),
        "edition": (_l("Edition of the playbook"), str),
        "seconds": (_l("After"), took),
        "place": (_l("Step"), str),
        "answer": (_l("Answer"), lambda code: label(Answer(code))),
        "person": (_l("Person"), name_of),
        "service": (_l("Called"), lambda code: label(Service(code))),
        "told": (_l("Told"), name_of),
        "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
        "due": (_l("Due"), lambda text: moment(datetime.fromisoformat(text))),
        "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
    },
    "playbook": {
        "kind": (_l("Kind of emergency"), lambda code: label(Kind(code))),
        "edition": (_l("Edition of the playbook"), str),
    },
}
