"""How good a roster could be at best, from the linear relaxation of the whole model; OR-Tools' HiGHS solves it."""

from __future__ import annotations

from typing import Any

HUGE = 2**60  # beyond it a row of CP-SAT is open


def linear_bound(cp: Any, seconds: float) -> float | None:
    """The optimum of the relaxation of a CP-SAT model, None when the seconds do not suffice."""
    from ortools.linear_solver.python import model_builder

    relaxed = model_builder.Model()  # type: ignore[no-untyped-call]
    proto = cp.proto
    variables = []
    for variable in proto.variables:
        low, *_, high = list(variable.domain)
        variables.append(relaxed.new_num_var(low, high, ""))
    for literals, weights, low, high in _rows(proto):
        shift = sum(weight for literal, weight in zip(literals, weights, strict=True) if literal < 0)
        row = model_builder.LinearExpr.weighted_sum(
            [variables[literal if literal >= 0 else -literal - 1] for literal in literals],
            [weight if literal >= 0 else -weight for literal, weight in zip(literals, weights, strict=True)],
        )
        relaxed.add_linear_constraint(row, low - shift, high - shift)
    goal = proto.objective
    relaxed.minimize(
        model_builder.LinearExpr.weighted_sum(
            [variables[each if each >= 0 else -each - 1] for each in goal.vars],
            [
                float(weight if each >= 0 else -weight)
                for each, weight in zip(goal.vars, goal.coeffs, strict=True)
            ],
        )
        + goal.offset
    )
    solver = model_builder.Solver("HIGHS")
    solver.set_solver_specific_parameters("log_to_console=false")
    solver.set_time_limit_in_seconds(max(1.0, seconds))
    if solver.solve(relaxed) != model_builder.SolveStatus.OPTIMAL:
        return None
    return float(solver.objective_value)


def _rows(proto: Any) -> Any:
    """Every constraint as (literals, weights, at least, at most); a negative literal is one less its variable."""
    open_ = float("inf")
    for each in proto.constraints:
        if each.has_bool_or():
            literals = list(each.bool_or.literals)
            yield literals, [1] * len(literals), 1, open_
        elif each.has_at_most_one():
            literals = list(each.at_most_one.literals)
            yield literals, [1] * len(literals), -open_, 1
        elif each.has_exactly_one():
            literals = list(each.exactly_one.literals)
            yield literals, [1] * len(literals), 1, 1
        elif each.has_bool_and():
            (cause,) = list(each.enforcement_literal)
            for effect in each.bool_and.literals:
                yield [-cause - 1, effect], [1, 1], 1, open_
        elif each.has_linear():
            low, *_, high = list(each.linear.domain)
            yield (
                list(each.linear.vars),
                list(each.linear.coeffs),
                low if low > -HUGE else -open_,
                high if high < HUGE else open_,
            )
