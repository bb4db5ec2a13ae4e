"""A script's steps as a text that the general office writes, and back; pure (GO-01).

[open]
stage: listen
say: 您好，{company}，请问有什么可以帮您？
say_en: Good day, {company}. How may I help you?
asks: caller, phone
-> hear | 对方平静地说明来意 | The caller explains calmly
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

NAMES = ("stage", "say", "say_en", "note", "note_en", "asks", "read_back", "end", "becomes")
_STEP = re.compile(r"\[\s*([^\]]*?)\s*\]")
_BRANCH = re.compile(r"->\s*([^|]*?)\s*\|([^|]*)\|(.*)")
_LINE = re.compile(r"([a-z_]+)\s*[:：]\s*(.*)")


class Unreadable(ValueError):
    """A line that is none of a script: its number, and what stands there."""

    def __init__(self, number: int, line: str) -> None:
        self.number, self.line = number, line
        super().__init__(f"line {number}: {line}")


def written(nodes: Iterable[Mapping[str, Any]]) -> str:
    """The steps as a text."""
    return "\n\n".join("\n".join(_lines(node)) for node in nodes)


def _lines(node: Mapping[str, Any]) -> Iterable[str]:
    yield f"[{node['code']}]"
    for name in NAMES:
        value = node.get(name)
        if not value:
            continue
        yield f"{name}: {', '.join(value) if name == 'asks' else 'yes' if value is True else value}"
    for branch in node.get("branches", ()):
        yield f"-> {branch['to']} | {branch['text']} | {branch['text_en']}"


def read(text: str) -> list[dict[str, Any]]:
    """The steps of a text; Unreadable for a line that is none."""
    nodes: list[dict[str, Any]] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
            continue
        if step := _STEP.fullmatch(line):
            nodes.append({"code": step[1]})
        elif nodes and (branch := _BRANCH.fullmatch(line)):
            to, zh, en = (part.strip() for part in branch.groups())
            nodes[-1].setdefault("branches", []).append({"to": to, "text": zh, "text_en": en})
        elif nodes and (told := _LINE.fullmatch(line)) and told[1] in NAMES:
            nodes[-1] |= _told(told[1], told[2].strip())
        else:
            raise Unreadable(number, line[:60])
    return nodes


def _told(name: str, value: str) -> dict[str, Any]:
    if not value:
        return {}
    if name == "asks":
        return {name: [each for each in re.split(r"[\s,，、]+", value) if each]}
    return {name: True} if name == "read_back" else {name: value}
