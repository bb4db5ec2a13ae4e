"""How long the check of a text takes with many rules like the shipped ones (P15)."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from portal.kernel.phrase_check import Checker, Rule, compile_rules, shipped

RULES, CHARACTERS = 5_000, 2_000
HAN = re.compile(r"<[^>]*>|[\u4e00-\u9fff]")


def rules(count: int = RULES) -> list[Rule]:
    """The shipped patterns, a rule each, and as many more of the same shapes with their characters exchanged."""
    shapes = [replace(rule, patterns=(text,)) for rule in shipped() for text in rule.patterns]
    characters = sorted(
        {sign for shape in shapes for sign in HAN.findall(shape.patterns[0]) if len(sign) == 1}
    )
    place = {sign: number for number, sign in enumerate(characters)}
    made: list[Rule] = []
    for turn in range(count // len(shapes) + 1):

        def other(found: re.Match[str], step: int = 7 * turn) -> str:
            at = place.get(found[0])
            return found[0] if at is None else characters[(at + step) % len(characters)]

        made += [replace(shape, patterns=(HAN.sub(other, shape.patterns[0]),)) for shape in shapes]
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
