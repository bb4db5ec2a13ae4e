"""What quizzes are drawn from: approved phrases, taboos, scripts and the figures of clauses, as they are in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from portal import notices
from portal.blueprints.phrases.training.rules.draw import Figure, Pool, Ref, Text
from portal.i18n import Later, in_language
from portal.kernel import policies
from portal.kernel.clauses import all_clauses
from portal.kernel.figures import SHIPPED

Item = TypeVar("Item")


class Source(Protocol):
    """One place that items come from; what it does not have it answers with nothing."""

    def pool(self, now: datetime) -> Pool: ...


class OfClauses:
    """The figures of the regulations (GO-05): each with its clause, in the version that is in force."""

    def pool(self, now: datetime) -> Pool:
        """Limits and numbers that have a name; a ladder or a code is nothing to guess at."""
        return Pool(figures=[*self._figures(now)])

    def _figures(self, now: datetime) -> Iterable[Figure]:
        for shipped in SHIPPED:
            named = notices.FIGURES.get(shipped.key)
            # The cells of a matrix are named by two things at once, and ask nothing that anybody could tell.
            if shipped.kind not in ("limit", "number") or not isinstance(named, Later):
                continue
            row = policies.in_force(shipped.key, now)
            title = Text(*(in_language(named.sentence, chinese=chinese) for chinese in (True, False)))
            yield Figure(Ref("figure", shipped.key, row.id), shipped.clause, title, row.value, shipped.kind)


SOURCES: list[Source] = [OfClauses()]


def pool(now: datetime, chapters: str = "") -> Pool:
    """Everything that a quiz of these chapters (none: all) may be drawn from."""
    wanted = chapters.split()
    pools = [source.pool(now) for source in SOURCES]

    def of_chapter(clause: str) -> bool:
        return not wanted or clause.partition("-")[0] in wanted

    return Pool(
        phrases=_joined(each.phrases for each in pools),
        taboos=[item for item in _joined(each.taboos for each in pools) if of_chapter(item.clause)],
        scripts=[item for item in _joined(each.scripts for each in pools) if of_chapter(item.clause)],
        figures=[item for item in _joined(each.figures for each in pools) if of_chapter(item.clause)],
        moments={code: name for each in pools for code, name in dict(each.moments).items()},
    )


def in_force(now: datetime) -> dict[tuple[str, str], int]:
    """Each document's version that is in force now."""
    found = pool(now)
    every = (found.phrases, found.taboos, found.scripts, found.figures)
    refs = [item.ref for items in every for item in items]
    return {(ref.kind, ref.code): ref.version for ref in refs}


def chapters() -> list[str]:
    """The chapters of the handbook, by the letters before their clauses' numbers."""
    return list(dict.fromkeys(clause.id.partition("-")[0] for clause in all_clauses()))


def _joined(parts: Iterable[Iterable[Item]]) -> list[Item]:
    return [item for part in parts for item in part]
