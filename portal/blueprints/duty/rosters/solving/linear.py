"""Prices to begin with: those of the linear relaxation of the whole model, as good as a few seconds make them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from portal.blueprints.duty.rosters.solving.model import Model

# Any prices will do, so a few digits suffice.
ROUGHLY = "termination_criteria { simple_optimality_criteria { eps_optimal_absolute: 1e-3 eps_optimal_relative: 1e-3 } }"
HUGE = 2**60  # beyond it a row of CP-SAT is open


def prices(model: Model, seconds: float) -> dict[Hashable, float]:
    """The price of each thing that `model.marks` names; nothing when the seconds do not suffice."""
    from ortools.linear_solver.python import model_builder

    relaxed = model_builder.Model()  # type: ignore[no-untyped-call]
    proto = model.cp.proto
    variables = []
    for variable in proto.variables:
        low, *_, high = list(variable.domain)
        variables.append(relaxed.new_num_var(low, high, ""))
    rows: dict[int, Any] = {}
    for number, literals, weights, low, high in _rows(proto):
        shift = sum(weight for literal, weight in zip(literals, weights, strict=True) if literal < 0)
        row = _sum(variables, literals, weights)
        rows[number] = relaxed.add_linear_constraint(row, low - shift, high - shift)
    goal = proto.objective
    relaxed.minimize(_sum(variables, list(goal.vars), list(goal.coeffs)))
    solver = model_builder.Solver("PDLP")
    solver.set_solver_specific_parameters(ROUGHLY)
    solver.set_time_limit_in_seconds(max(0.1, seconds))
    if solver.solve(relaxed) != model_builder.SolveStatus.OPTIMAL:
        return {}
    return {
        name: sum(float(solver.dual_value(rows[number])) for number in numbers)
        for name, numbers in model.marks.items()
    }


def _sum(variables: list[Any], literals: list[int], weights: list[int]) -> Any:
    """A weighted sum without its constant; a negative literal is one less its variable."""
    from ortools.linear_solver.python import model_builder

    return model_builder.LinearExpr.weighted_sum(
        [variables[literal if literal >= 0 else -literal - 1] for literal in literals],
        [
            float(weight if literal >= 0 else -weight)
            for literal, weight in zip(literals, weights, strict=True)
        ],
    )


def _rows(proto: Any) -> Iterator[tuple[int, list[int], list[int], float, float]]:
    """Every constraint as (its number, literals, weights, at least, at most); a negative literal is not its variable."""
    open_ = float("inf")
    for number, each in enumerate(proto.constraints):
        if each.has_bool_or():
            literals = list(each.bool_or.literals)
            yield number, literals, [1] * len(literals), 1, open_
        elif each.has_at_most_one():
            literals = list(each.at_most_one.literals)
            yield number, literals, [1] * len(literals), -open_, 1
        elif each.has_exactly_one():
            literals = list(each.exactly_one.literals)
            yield number, literals, [1] * len(literals), 1, 1
        elif each.has_bool_and():
            (cause,) = list(each.enforcement_literal)
            for effect in each.bool_and.literals:
                yield number, [-cause - 1, effect], [1, 1], 1, open_
        elif each.has_linear():
            low, *_, high = list(each.linear.domain)
            yield (
                number,
                list(each.linear.vars),
                list(each.linear.coeffs),
                low if low > -HUGE else -open_,
                high if high < HUGE else open_,
            )
