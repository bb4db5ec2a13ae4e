"""The company's regulations as data: every clause, its words in both languages, how the portal serves it.

The shipped clauses are a file of the package, so the handbook and `handbook clauses --json` need neither
a database nor an instance folder. Where a clause is enforced is gathered from the workflow tables by the
caller, because the kernel knows no area.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

Mode = Literal["enforce", "record", "guide"]


class Words(NamedTuple):
    """One text in the two languages of the portal."""

    zh: str
    en: str

    def for_locale(self, locale: object) -> str:
        """The text for a locale such as `zh_Hans_CN` or `en`; anything but Chinese reads English."""
        return self.zh if str(locale).startswith("zh") else self.en


NOTHING = Words("", "")


@dataclass(frozen=True)
class Clause:
    """One rule of the regulations.

    `mode` says what the portal does about it: `enforce` refuses or acts by itself, `record` keeps the
    record and reports on it, `guide` shows it at the moment of work.
    """

    id: str
    area: str
    mode: Mode
    title: Words
    rule: Words
    how: Words
    more: Words = NOTHING  # what the rule leaves to a chapter of its own, a line a paragraph


def all_clauses() -> tuple[Clause, ...]:
    """Every clause, in the order of the handbook."""
    return tuple(_by_id().values())


def clause(clause_id: str) -> Clause:
    """The clause with this id. Raises KeyError, naming the id, when there is none."""
    try:
        return _by_id()[clause_id]
    except KeyError:
        raise KeyError(f"no such clause: {clause_id}") from None


def known(clause_id: str) -> bool:
    """Whether there is a clause with this id."""
    return clause_id in _by_id()


def as_json(enforced: Mapping[str, Sequence[str]]) -> str:
    """The clauses as a JSON list of {id, title, title_en, area, mode, enforced}; titles in Chinese.

    `enforced` maps a clause's id to the places that enforce it. Raises KeyError for an id that is no
    clause, so that a mistyped id in a workflow table does not vanish from the handbook.
    """
    for clause_id in enforced:
        clause(clause_id)
    rows = [
        {
            "id": each.id,
            "title": each.title.zh,
            "title_en": each.title.en,
            "area": each.area,
            "mode": each.mode,
            "enforced": list(enforced.get(each.id, ())),
        }
        for each in all_clauses()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


@cache
def _by_id() -> dict[str, Clause]:
    text = files("portal.kernel").joinpath("clauses.toml").read_text(encoding="utf-8")
    return {row["id"]: _read(row) for row in tomllib.loads(text)["clause"]}


def _read(row: Mapping[str, Any]) -> Clause:
    def words(name: str) -> Words:
        return Words(zh=row[f"{name}_zh"].strip(), en=row[f"{name}_en"].strip())

    more = words("more") if "more_zh" in row else NOTHING
    return Clause(row["id"], row["area"], row["mode"], words("title"), words("rule"), words("how"), more)
