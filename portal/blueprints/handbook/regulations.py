"""The clauses as they stand: the words of the edition in force, which the general office approves (GO-01, GO-05).

Ids, areas and what the portal does about a clause are the code's; its title, its rule and its chapter are documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from portal import document_kinds
from portal.document_kinds import DocumentForm, Drawn
from portal.forms import Line, Paragraph
from portal.i18n import _l
from portal.kernel import clauses, clock, documents, figures, policies
from portal.kernel.clauses import Clause, Words
from portal.kernel.documents import Body, Current, Kind
from portal.kernel.rights import May
from portal.kernel.workflow import Reason

KIND = "clause"
NAMED = ("title", "rule", "more")
LATELY = timedelta(days=90)
_ID = re.compile(r"\b(?:RC|CP|DR|PG|CU|GO)-\d{2}\b", re.ASCII)


@dataclass(frozen=True)
class Standing:
    """A clause as it stands: its words in force, and of which edition they are; None when it is out of force."""

    clause: Clause
    edition: Current | None


def standing(clause_id: str) -> Standing:
    """One clause as it stands today."""
    return _standing(clauses.clause(clause_id), documents.find(KIND, clause_id))


def every() -> list[Standing]:
    """All of them, in the order of the handbook; no statement while nothing changed."""
    current = {found.code: found for found in documents.in_force(KIND)}
    return [_standing(clause, current.get(clause.id)) for clause in clauses.all_clauses()]


def _standing(clause: Clause, current: Current | None) -> Standing:
    if current is None or current.shipped:
        return Standing(clause, current)
    title, rule, more = (Words(current.body[f"{name}_zh"], current.body[f"{name}_en"]) for name in NAMED)
    return Standing(replace(clause, title=title, rule=rule, more=more), current)


def changed_lately(now: datetime, today: date) -> dict[str, date]:
    """Clause -> the day of its last change, of those that the office changed lately: in words or in a figure."""
    days = {
        each.clause.id: each.edition.in_force_from
        for each in every()
        if each.edition and not each.edition.shipped and each.edition.in_force_from > today - LATELY
    }
    for figure in figures.SHIPPED:
        row = policies.in_force(figure.key, now)
        if row.set_by_id is not None and row.in_force_from > now - LATELY:
            day = clock.local(row.in_force_from).date()
            days[figure.clause] = max(day, days.get(figure.clause, day))
    return dict(sorted(days.items(), key=lambda item: item[1], reverse=True))


def coming_figures(now: datetime) -> list[tuple[str, date]]:
    """Clause and day of the figures that the office has changed from a later moment on, the nearest first."""
    later = {
        (figure.clause, clock.local(row.in_force_from).date())
        for figure in figures.SHIPPED
        for row in policies.versions(figure.key)
        if row.in_force_from > now
    }
    return sorted(later, key=lambda each: (each[1], each[0]))


# -- as documents ------------------------------------------------------------------------------------------------


def body_of(clause: Clause) -> dict[str, str]:
    """What is approved of a clause."""
    texts: dict[str, str] = {}
    for name in NAMED:
        words: Words = getattr(clause, name)
        texts |= {f"{name}_zh": words.zh, f"{name}_en": words.en}
    return texts


def _shipped() -> Iterator[tuple[str, Body]]:
    return ((clause.id, body_of(clause)) for clause in clauses.all_clauses())


def check(code: str, body: Body) -> Iterable[Reason]:
    """GO-05: a clause is one of the regulations', whole in both languages, and names only clauses that exist."""
    if not clauses.known(code):
        yield Reason("GO-05", "no_such_clause", {"ids": code})
    if bool(body["more_zh"]) != bool(body["more_en"]):
        yield Reason("GO-05", "one_language")
    named = dict.fromkeys(_ID.findall("\n".join(body.values())))
    if unknown := [clause_id for clause_id in named if not clauses.known(clause_id)]:
        yield Reason("GO-05", "no_such_clause", {"ids": ", ".join(unknown)})


class ClauseForm(DocumentForm):
    """The words of a clause in both languages."""

    title_zh = Line(_l("Title in Chinese"), most=80, required=True)
    title_en = Line(_l("Title in English"), most=120, required=True)
    rule_zh = Paragraph(_l("The rule in Chinese"), most=4_000, required=True)
    rule_en = Paragraph(_l("The rule in English"), most=4_000, required=True)
    more_zh = Paragraph(_l("Further text in Chinese, a paragraph a line"), most=8_000)
    more_en = Paragraph(_l("Further text in English, a paragraph a line"), most=8_000)


CAPTIONS = {
    "title_zh": ClauseForm.title_zh.args[0],
    "title_en": ClauseForm.title_en.args[0],
    "rule_zh": ClauseForm.rule_zh.args[0],
    "rule_en": ClauseForm.rule_en.args[0],
    "more_zh": ClauseForm.more_zh.args[0],
    "more_en": ClauseForm.more_en.args[0],
}


def _parts(body: Body) -> list[tuple[Any, str]]:
    return [(words, body[name]) for name, words in CAPTIONS.items() if body[name]]


documents.register(
    Kind(
        KIND,
        title=lambda body: Words(body["title_zh"], body["title_en"]),
        shipped=_shipped,
        check=check,
        proposer=May.MANAGE_OFFICE,
        clause="GO-05",
    )
)
document_kinds.draw(
    Drawn(
        KIND,
        _l("Clause"),
        ClauseForm,
        _parts,
        address=lambda code: url_for("handbook.show", clause_id=code),
        fields="handbook/_fields.html",
        only_known=True,
    )
)
