"""The chapters of the handbook, and the search in them; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from portal.kernel import clauses, pinyin
from portal.kernel.clauses import Clause, Words


@dataclass(frozen=True)
class Chapter:
    """Some clauses that follow each other; `code` is the first one's id in small letters."""

    area: str
    title: Words
    clauses: tuple[str, ...]

    @property
    def code(self) -> str:
        """What an address calls it."""
        return self.clauses[0].lower()


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every chapter, in the order of the rulebook."""
    written = files("portal.blueprints.handbook").joinpath("chapters.toml").read_text(encoding="utf-8")
    ids = [clause.id for clause in clauses.all_clauses()]
    return tuple(
        Chapter(
            row["area"],
            Words(row["zh"], row["en"]),
            tuple(ids[ids.index(row["first"]) : ids.index(row["last"]) + 1]),
        )
        for row in tomllib.loads(written)["chapter"]
    )


def chapter_of(clause_id: str) -> Chapter:
    """The chapter that holds a clause."""
    return next(chapter for chapter in chapters() if clause_id in chapter.clauses)


def find_chapter(code: str) -> Chapter | None:
    """The chapter of that code, or None."""
    return next((chapter for chapter in chapters() if chapter.code == code), None)


def beside(clause_id: str) -> tuple[str, str]:
    """The clauses before and after this one; empty at the ends."""
    ids = ["", *(clause.id for clause in clauses.all_clauses()), ""]
    place = ids.index(clause_id)
    return ids[place - 1], ids[place + 1]


def matches(words: str, texts: Sequence[str]) -> bool:
    """Whether every word that was typed is found: in the texts, or as pinyin or initials of the first, a title."""
    typed = words.casefold().split()
    whole, read = "\n".join(texts).casefold(), _readings(texts[0])
    return all(word in whole or (word.isascii() and word in read) for word in typed)


@cache
def _readings(title: str) -> str:
    return pinyin.readings(title)


def texts_of(clause: Clause) -> list[str]:
    """What is searched of a clause, its Chinese title first."""
    return [clause.title.zh, clause.id, clause.title.en, *clause.rule, *clause.more]
