"""How clauses are found by the one search: words, id, pinyin or initials of the title, as the handbook finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from portal.blueprints.handbook import chapters, regulations
from portal.i18n import _l, is_chinese
from portal.kernel import clauses, finders, pinyin
from portal.kernel.clauses import Clause
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _found(_viewer: Viewer, words: str) -> Iterator[Hit]:
    locale = "zh" if is_chinese() else "en"
    for clause in finders.answering(words, finders.held("clauses", _clauses)):
        title, *rest = (text.for_locale(locale) for text in (clause.title, clause.rule, clause.more))
        yield Hit(clause.id, title, url_for("handbook.show", clause_id=clause.id), "\n".join(rest))


def _clauses() -> Iterator[tuple[Clause, Iterable[str]]]:
    for each in regulations.every():
        texts = chapters.texts_of(each.clause)
        yield each.clause, (*texts, pinyin.readings(texts[0]))


def of_number(_viewer: Viewer, clause_id: str) -> str | None:
    """The page of the clause of that id; None where there is none."""
    return url_for("handbook.show", clause_id=clause_id) if clauses.known(clause_id) else None


finders.NUMBERS |= {clause.id[:2]: of_number for clause in clauses.all_clauses()}
finders.KINDS.append(
    Held(
        "clause",
        _l("Clauses"),
        "handbook",
        70,
        May.USE_PORTAL,
        every=lambda _viewer, words: url_for("handbook.index", q=words),
        find=_found,
    )
)
