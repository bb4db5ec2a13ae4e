"""How long the check of a text takes with many rules like the shipped ones (P15)."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from portal.kernel.phrase_check import Checker, Rule, compile_rules, shipped

RULES, CHARACTERS = 5_000, 2_000
SIGN = re.compile(r"<[^>]*>|[\u4e00-\u9fff]|[a-z]")


def rules(count: int = RULES) -> list[Rule]:
    """The shipped patterns, a rule each, and as many more of the same shapes with their characters exchanged."""
    shapes = [replace(rule, patterns=(text,)) for rule in shipped() for text in rule.patterns]
    characters = sorted(
        {sign for shape in shapes for sign in SIGN.findall(shape.patterns[0]) if len(sign) == 1}
    )
    latin, chinese = [c for c in characters if c <= "z"], [c for c in characters if c > "z"]
    made: list[Rule] = []
    for turn in range(count // len(shapes) + 1):
        others = {
            c: some[(at + 7 * turn) % len(some)] for some in (latin, chinese) for at, c in enumerate(some)
        }

        def other(found: re.Match[str], others: dict[str, str] = others) -> str:
            return others.get(found[0], found[0])

        made += [replace(shape, patterns=(SIGN.sub(other, shape.patterns[0]),)) for shape in shapes]
    return made[:count]


def text(length: int = CHARACTERS) -> str:
    """So many characters of recommended sentences."""
    sentences = "".join(better for rule in shipped() for better in rule.alternatives)
    return (sentences * (length // len(sentences) + 1))[:length]


def milliseconds(times: int = 30) -> tuple[float, float]:
    """Processor time of one check, and of making the rules ready: the quickest of many."""
    given, checked = rules(), text()
    began = time.thread_time()
    checker: Checker = compile_rules(given)
    ready = time.thread_time() - began
    checker.check(checked)  # expressions are made when their piece is first seen
    best = float("inf")
    for _ in range(times):
        began = time.thread_time()
        checker.check(checked)
        best = min(best, time.thread_time() - began)
    return best * 1e3, ready * 1e3
