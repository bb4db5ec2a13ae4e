"""What the page of a clause draws: how it is kept, its figures of the general office, what would have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import enforcement, notices
from portal.blueprints.handbook.forms import WhatIfForm, form_for
from portal.drawing import name_of
from portal.figure_words import written
from portal.i18n import _, label, listed
from portal.kernel import clause_figures, clock, figures, policies, reference, what_if
from portal.kernel.clause_figures import Span
from portal.kernel.documents import Current, Version, reading
from portal.kernel.figures import Figure
from portal.kernel.limits import Limit
from portal.kernel.people import Viewer
from portal.kernel.policies import Policy
from portal.kernel.rights import Rank


@dataclass(frozen=True)
class Ruled:
    """A figure of a clause as it is drawn: the value in force, those to come, those that were, newest first."""

    figure: Figure
    name: str
    now: Policy
    coming: list[Policy]
    past: list[Policy]

    @property
    def value(self) -> str:
        """The value in force as people read it."""
        return written(self.figure, self.now.value)


def name_of_figure(key: str) -> str:
    """What a figure is called."""
    return str(notices.FIGURES.get(key, key))


def ruled(clause_id: str, now: datetime) -> list[Ruled]:
    """The figures of the general office that belong to a clause, limits first."""
    found = []
    for figure in figures.SHIPPED:
        if figure.clause == clause_id:
            rows = policies.versions(figure.key)
            there = policies.in_force(figure.key, now)
            coming = [row for row in rows if row.in_force_from > now]
            past = [row for row in reversed(rows) if row not in coming and row is not there]
            name = name_of_figure(figure.key)
            if figure.kind == "ladder":  # else it would be called as its limit
                name = _("%(limit)s: who is told when", limit=name)
            found.append(Ruled(figure, name, there, coming, past))
    return sorted(found, key=lambda each: each.figure.kind != "limit")


def moved_on(edition: Current | None, figures_of_it: list[Ruled]) -> bool:
    """GO-05: whether a figure was changed after the words in force, which may still name the old one."""
    since = edition.in_force_from if edition else None
    return any(
        each.now.set_by_id is not None
        and (since is None or clock.local(each.now.in_force_from).date() > since)
        for each in figures_of_it
    )


def span_words(span: Span) -> str:
    """What a span is called."""
    return {
        "month": _("This month"),
        "last_month": _("Last month"),
        "quarter": _("This quarter"),
        "last_quarter": _("Last quarter"),
    }[span.code]


def lines(clause_id: str, viewer: Viewer, now: datetime) -> list[clause_figures.Line]:
    """How the clause was kept."""
    return clause_figures.of_clause(clause_id, viewer, clause_figures.spans_at(clock.local(now).date()))


def limits_with_clocks(clause_id: str) -> list[tuple[str, str]]:
    """Keys and names of the clause's limits that a clock runs by: of these it can be asked what would have been."""
    kinds = _kinds(clause_id)
    keys = [f.key for f in figures.SHIPPED if f.clause == clause_id and what_if.kind_of(f.key, kinds)]
    return [(key, name_of_figure(key)) for key in keys]


def _kinds(clause_id: str) -> list[str]:
    return [kind for kind, clause in enforcement.CLOCKS.items() if clause == clause_id]


@dataclass(frozen=True)
class Imagined:
    """The answer to `what if`, with what it was asked of."""

    figure: str
    span: Span
    told: what_if.Answer


def imagine(clause_id: str, form: WhatIfForm, viewer: Viewer, now: datetime) -> Imagined:
    """What would have been last quarter under the limit of a form that was found right."""
    key, span = form.figure.data, clause_figures.last_quarter(clock.local(now).date())
    kind = what_if.kind_of(key, _kinds(clause_id))
    told = what_if.ask(key, kind, Limit.parse(form.limit.data), span, viewer, now)
    return Imagined(name_of_figure(key), span, told)


def asked(args: Any, clause_id: str) -> WhatIfForm | None:
    """The form as the address fills it, or empty; None where no clock runs by a limit of this clause."""
    choices = limits_with_clocks(clause_id)
    if not choices:
        return None
    form = form_for(choices)
    return form(args) if "limit" in args else form.blank(figure=choices[0][0])


# -- its editions ------------------------------------------------------------------------------------------------


def versions(edition: Current | None, viewer: Viewer) -> list[Version]:
    """The versions of the clause that the viewer may read, newest first."""
    return list(reading.versions(edition.document_id, viewer)) if edition else []


def has_to_confirm(edition: Current | None, viewer: Viewer) -> bool:
    """Whether the viewer has still to confirm having read the edition in force."""
    return bool(edition and edition.to_confirm and not reading.has_read(viewer.id, [edition.version_id]))


def account_managers() -> list[tuple[str, str]]:
    """CU-04: who is of which grade, the highest first; grades follow the rank."""
    cards = [card for card in reference.staff().cards.values() if card.active]
    graded = [(rank, [name_of(card.id) for card in cards if card.rank is rank]) for rank in reversed(Rank)]
    grades = {rank: number for number, rank in enumerate(Rank, start=1)}
    return [
        (_("Grade %(number)s: %(rank)s", number=grades[rank], rank=label(rank)), listed(names))
        for rank, names in graded
        if names
    ]
