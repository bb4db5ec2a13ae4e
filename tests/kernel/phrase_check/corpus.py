"""Lines that must never be a hit, and lines that always must."""

from __future__ import annotations

from pathlib import Path

from portal.kernel.phrase_check import compile_rules, shipped

CHECKER = compile_rules(shipped())


def lines(name: str) -> list[str]:
    """The texts of a file beside this one, a line each; comments and empty lines are left out."""
    file = Path(__file__).with_name(name)
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


ORDINARY, BAD = lines("ordinary.txt"), lines("bad.txt")


def hits(text: str) -> list[str]:
    """The rules that a text offends against, with the words."""
    return [f"{each.rule.code}: {each.phrase}" for each in CHECKER.check(text).findings]
