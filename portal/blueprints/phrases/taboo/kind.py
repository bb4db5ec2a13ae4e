"""A rule of the check as a document: what keeps it from being submitted or approved (PG-04, GO-01)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.kernel import documents
from portal.kernel.clauses import Words
from portal.kernel.documents import Body, Kind
from portal.kernel.phrase_check import Fault, Rule, compile_rules, faults, shipped
from portal.kernel.phrase_rules import KIND
from portal.kernel.workflow import Reason

# Kinds whose texts are offered to whoever speaks to a customer; the parts that are said, where not all of it is.
RECOMMENDED: dict[str, tuple[str, ...]] = {
    "phrase": (),
    "script": (),
    "customer_type": ("phrases", "phrases_en"),
}
MOST_TOLD = 5


def check(code: str, body: Body) -> Iterator[Reason]:
    """PG-04: its own examples hold, and no recommended phrase becomes a hit of it."""
    rule = Rule.from_body(code, body)
    if wrong := faults(rule):
        yield Reason(
            rule.clause, "rule_fails", {"faults": tuple(f.given or f.code for f in wrong[:MOST_TOLD])}
        )
    if caught := recommended_caught(rule):
        yield Reason("PG-04", "rule_catches_phrases", {"phrases": tuple(caught[:MOST_TOLD])})


def recommended_caught(rule: Rule) -> list[str]:
    """The recommended texts that the rule would catch."""
    checker = compile_rules([rule])
    return [text for text in recommended() if checker.check(text).findings]


def recommended() -> Iterator[str]:
    """Every text that is recommended for a customer's ears: in force, or approved for a later day."""
    for kind, parts in RECOMMENDED.items():
        coming = [version.body for version in documents.coming(kind).values()]
        for body in (*(found.body for found in documents.in_force(kind)), *coming):
            yield from _texts({part: body[part] for part in parts} if parts else body)


def _texts(said: Any) -> Iterator[str]:
    """The texts in a body, wherever they stand in it; codes hold nothing that a rule could catch."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for each in said.values():
            yield from _texts(each)
    elif isinstance(said, (list, tuple)):
        for each in said:
            yield from _texts(each)


def title(body: Body) -> Words:
    """What it catches, by its first examples: Chinese ones and English ones, where it has both."""
    examples = (
        [str(text) for text in body.get("bad", ())]
        or [str(text) for text in body.get("patterns", ())]
        or ["?"]
    )
    english = [text for text in examples if text.isascii()]
    chinese = [text for text in examples if not text.isascii()]
    zh, en = (chinese or english)[0], (english or chinese)[0]
    return Words(zh=zh[:80], en=en[:80])


def with_faults(rule: Rule) -> dict[str, list[Fault]]:
    """Field -> what is wrong with it, to be told beside it."""
    found: dict[str, list[Fault]] = {}
    for fault in faults(rule):
        found.setdefault(_FIELDS[fault.code], []).append(fault)
    return found


_FIELDS = {
    "unreadable": "patterns", "too-common": "patterns", "no-pattern": "patterns", "no-severity": "severity",
    "no-such-clause": "clause", "no-reason": "reason_zh", "no-alternative": "alternatives",
    "alternative-hit": "alternatives", "too-few-bad": "bad", "bad-not-hit": "bad", "too-few-good": "good",
    "good-hit": "good",
}  # fmt: skip


def _shipped() -> Iterable[tuple[str, Body]]:
    return [(rule.code, rule.body()) for rule in shipped()]


documents.register(Kind(KIND, title=title, shipped=_shipped, check=check, clause="PG-04"))
