"""How long the check of a text takes with many rules (P15): rules like the shipped ones, and a text of everyday language."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from portal.kernel.phrase_check import Checker, Rule, compile_rules, shipped

RULES, CHARACTERS = 5_000, 2_000
HAN = re.compile(r"<[^>]*>|[\u4e00-\u9fff]")


def rules(count: int = RULES) -> list[Rule]:
    """The shipped rules, and as many more of the same shapes made by exchanging their characters for one another."""
    made = list(shipped())
    characters = sorted({sign for rule in made for text in rule.patterns for sign in HAN.findall(text) if len(sign) == 1})
    place = {sign: number for number, sign in enumerate(characters)}
    for turn in range(1, count // len(made) + 1):

        def other(found: re.Match[str], step: int = 7 * turn) -> str:
            at = place.get(found[0])
            return found[0] if at is None else characters[(at + step) % len(characters)]

        made += [
            replace(rule, code=f"{rule.code}-{turn}", patterns=tuple(HAN.sub(other, text) for text in rule.patterns))
            for rule in shipped()
        ]
    return made[:count]


def text(length: int = CHARACTERS) -> str:
    """So many characters of sentences that are no hit."""
    sentences = "。".join(good for rule in shipped() for good in rule.good)
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
