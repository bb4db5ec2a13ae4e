"""The words for penalties: codes, verbs, reasons, history, messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.complaints.penalties.codes import Ground, Measure, Ruling, State
from portal.i18n import _l, label, moment

LABELS: dict[Any, Any] = {
    State: {
        State.PROPOSED: _l("Proposed"),
        State.RELEASED: _l("Statement asked for"),
        State.DECIDED: _l("Decided, not published"),
        State.PUBLISHED: _l("In effect"),
        State.APPEALED: _l("Under appeal"),
        State.REVERSED: _l("Reversed"),
        State.WITHDRAWN: _l("Withdrawn"),
    },
    Ground: {
        Ground.COLD_SERVICE: _l("Cold service"),
        Ground.SLOW_SERVICE: _l("Slow service"),
        Ground.NOT_KNOWING: _l("Did not know the work"),
        Ground.BREACH: _l("Breach or neglect (CP-34)"),
        Ground.NOT_HANDLED: _l("Did not handle it, or shifted it to others (CP-32)"),
        Ground.ARGUED: _l("Argued rudely (CP-32)"),
        Ground.LATE_ANSWER: _l("Answered late or not at all (CP-32)"),
        Ground.COLDNESS: _l("Treated the customer coldly (CP-32)"),
        Ground.NOT_REPORTED: _l("Did not report a larger matter (CP-32)"),
        Ground.OTHER: _l("Something else"),
    },
    Measure: {
        Measure.ADMINISTRATIVE: _l("Administrative: published, no money"),
        Measure.MONEY: _l("Money from the performance bonus"),
        Measure.DEPARTMENT: _l("Department: part of each member's bonus"),
        Measure.POINTS: _l("Appraisal points"),
    },
    Ruling: {
        Ruling.UPHOLD: _l("The decision stands"),
        Ruling.REDUCE: _l("Reduced"),
        Ruling.REVERSE: _l("Reversed"),
    },
}

VERBS = {
    "release": _l("Release the summary"),
    "statement": _l("Give a statement"),
    "decide": _l("Decide on the penalty"),
    "publish": _l("Publish the penalty"),
    "appeal": _l("Appeal"),
    "rule": _l("Rule on the appeal"),
    "reverse": _l("Reverse the penalty"),
    "withdraw": _l("Take the proposal back"),
}
# As my day knows them: other parts have verbs of the same names.
AWAITED = {f"penalty-{verb}": words for verb, words in VERBS.items()}

SAID = {
    "release": _l("Released; the person penalised was told and can give a statement."),
    "statement": _l("Statement recorded."),
    "decide": _l("Decided; it takes effect when it is published."),
    "publish": _l("Published; the instalments are planned."),
    "appeal": _l("Appeal recorded; nothing more is taken until the ruling."),
    "rule": _l("Ruling recorded."),
    "reverse": _l("Reversed; what was not yet taken is free."),
    "withdraw": _l("Proposal taken back."),
}

REASONS: dict[str, Any] = {
    "own_penalty": _l("Nobody decides what they proposed."),
    "not_heard": _l("The statement of the person penalised is waited for until its time is over."),
    "stated_already": _l("The statement was given already."),
    "bonus_missing": _l("The performance bonus of this month is not entered yet for: %(names)s."),
    "month_closed": _l("The sheet of this month went to the pay office; it takes nothing more."),
    "month_to_come": _l("A month to come cannot be handed over yet."),
    "appeal_late": _l("The time for an appeal is over."),
    "ruled_already": _l("An appeal was ruled on already."),
    "own_decision": _l("Another member of the general office judges this decision."),
    "instalments_open": _l("A penalty, its appeal or its instalments are still open."),
}

# What is said beside a field.
FIELDS: dict[str, Any] = {
    "only_departments": _l("This measure is for departments."),
    "only_persons": _l("This measure is for persons."),
    "amount_missing": _l("Say how many yuan."),
    "amount_too_small": _l("For service staff at least %(least)s yuan a complaint."),
    "points_out_of_range": _l("From %(points_least)s to %(points_most)s points."),
    "points_missing": _l("Give points, or a major demerit."),
    "nothing_to_reduce": _l("There is nothing in this penalty that could be reduced."),
    "not_less": _l("A reduction leaves less than there was, and more than nothing."),
}

HISTORY = {
    "penalty:propose": _l("Penalty proposed"),
    "penalty:bonuses": _l("Bonuses of a month entered"),
    "penalty:take": _l("Sheet of a month handed to the pay office"),
    **{f"penalty:{verb}": words for verb, words in VERBS.items()},
}

NOTICES = {
    "penalty:proposed": _l("A penalty was proposed: please release the summary."),
    "penalty:banned_act": _l("A banned act by somebody of your department was reported."),
    "penalty:released": _l(
        "A penalty is proposed in a matter of yours: please read it and give your statement."
    ),
    "penalty:stated": _l("A statement on a penalty was given: please decide."),
    "penalty:published": _l("A penalty was decided and published; it can be appealed against."),
    "penalty:appealed": _l("A penalty was appealed against: please rule on it."),
    "penalty:ruled": _l("An appeal against a penalty was ruled on."),
    "penalty:reversed": _l("A penalty was reversed."),
    "penalty:withdrawn": _l("The proposal of a penalty was taken back."),
}

CLOCKS = {
    "penalty_statement": _l("Statement on a penalty"),
    "penalty_ruling": _l("Ruling on an appeal"),
}
CLOCK_CLAUSES = dict.fromkeys(CLOCKS, "CP-24")

READERS: dict[str, telling.Readers] = {
    "penalty": {
        "ground": (_l("Ground"), lambda code: label(Ground(code))),
        "measure": (_l("Measure"), lambda code: label(Measure(code))),
        "ruling": (_l("Ruling"), lambda code: label(Ruling(code))),
        "month": (_l("From month"), str),
        "amount": (_l("Yuan"), str),
        "percent": (_l("Percent of the bonus"), str),
        "points": (_l("Points"), str),
        "demerit": (_l("Major demerit"), lambda _yes: str(_l("yes"))),
        "notice": (_l("Notice of the board"), str),
        "appeal_until": (_l("Appeal until"), lambda text: moment(datetime.fromisoformat(text))),
    },
    "penalty_sheet": {
        "month": (_l("Month"), str),
        "people": (_l("Persons"), telling.people),
        "count": (_l("Instalments"), str),
    },
}
