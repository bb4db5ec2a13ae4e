"""Figures as the office lists them: what is in force, what comes, what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.blueprints.office import labels
from portal.figure_words import written
from portal.kernel import figures, policies
from portal.kernel.figures import Figure
from portal.kernel.policies import Policy


@dataclass(frozen=True)
class Shown:
    """One figure as it is drawn."""

    figure: Figure
    name: str
    value: str
    since: Policy
    later: list[tuple[Policy, str]]


def shown(figure: Figure, now: datetime) -> Shown:
    """A figure with its value in force and the ones to come."""
    row = policies.in_force(figure.key, now)
    later = [
        (other, written(figure, other.value))
        for other in policies.versions(figure.key)
        if other.in_force_from > now
    ]
    return Shown(figure, labels.figure(figure.key), written(figure, row.value), row, later)


def groups(now: datetime) -> list[tuple[str, list[Shown]]]:
    """Every figure, by kind."""
    return [
        (kind, [shown(figure, now) for figure in figures.SHIPPED if figure.kind == kind])
        for kind in labels.GROUPS
    ]
