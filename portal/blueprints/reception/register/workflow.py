"""The register's table: compiled, reviewed by another, archived; pure."""

from __future__ import annotations

from portal.blueprints.reception.register import rules
from portal.blueprints.reception.register.codes import State
from portal.kernel.workflow import Step, Workflow

S = State
DESK, SUPERIOR = frozenset({"desk"}), frozenset({"superior"})

REGISTER = Workflow(
    "daily_register",
    (
        #    verb       from                                             to           who     clause
        Step("compile", frozenset({S.OPEN, S.COMPILED, S.RETURNED, S.REVIEWED}), S.COMPILED, DESK | {"portal"}, "RC-17",
             (rules.day_has_come,)),
        Step("review", frozenset({S.COMPILED}), S.REVIEWED, SUPERIOR, "RC-17",
             (rules.another_reviews, rules.nothing_open)),
        Step("return", frozenset({S.COMPILED, S.REVIEWED}), S.RETURNED, SUPERIOR, "RC-17", (rules.another_reviews,)),
        Step("archive", frozenset({S.REVIEWED}), S.ARCHIVED, DESK, "RC-17",
             (rules.day_is_over, rules.nothing_open, rules.as_reviewed)),
    ),
    rules.standing,
)  # fmt: skip
