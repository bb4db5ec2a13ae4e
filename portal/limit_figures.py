"""The figures of clauses that are limits: how many were met in time, and for who may read the audit which they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from portal.kernel import clause_figures
from portal.kernel.clause_figures import Figure, Group, Span
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def group(
    clauses: Mapping[str, str],
    words: Mapping[str, Any],
    open_to: Callable[[Viewer], bool] = lambda _viewer: True,
) -> Group:
    """The figures of these kinds of limits, counted from the limits themselves: kind -> clause, kind -> words."""
    figures = tuple(Figure(clause, kind, words[kind]) for kind, clause in clauses.items())

    def behind(viewer: Viewer, kind: str, span: Span, late: bool) -> str:  # one of a port's calls
        if not viewer.may(May.READ_AUDIT):
            return ""
        days = (span.since.isoformat(), span.until.isoformat())
        return url_for(
            "handbook.limits",
            clause_id=clauses[kind],
            kind=kind,
            since=days[0],
            until=days[1],
            late=1 if late else None,
        )

    return Group(figures, clause_figures.count_limits, behind, open_to)
