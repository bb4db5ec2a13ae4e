"""What a script must be before anybody is led by it (PG-06, GO-01); how it is walked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from portal.blueprints.phrases.scripts.codes import ASKED, BECOMES, Channel, End
from portal.blueprints.phrases.technique.codes import Stage
from portal.kernel.workflow import Reason

CLAUSE = "PG-06"
MOST_BRANCHES = 9  # a digit each
MOST_STEPS = 60  # of a script, and of a walk that are kept in the address
MOST_CODE = 40  # characters
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
Node = Mapping[str, Any]


def check(_code: str, body: Mapping[str, Any]) -> list[Reason]:
    """Everything that stands against approving a script: nobody may be led into nothing, or round and round.

    Every branch leads somewhere, every step is reached, every walk can end with a farewell or a hand-over, and no circle
    passes without a word being said.
    """
    if wrong := _against_shape(body):
        return wrong
    nodes = {node["code"]: node for node in body["nodes"]}
    start = body.get("start", "")
    if start not in nodes:
        return [_reason("script_start", step=start)]
    return [
        *_against_targets(nodes),
        *_against_ends(nodes),
        *(_reason("script_unreached", step=code) for code in nodes if code not in _reached(nodes, start)),
        *(_reason("script_no_end", step=code) for code in nodes if not _may_end(nodes, code)),
        *(_reason("script_silent_loop", step=code) for code in _silent_loops(nodes)),
    ]


def _reason(code: str, **about: Any) -> Reason:
    return Reason(CLAUSE, code, about)


def _against_shape(body: Mapping[str, Any]) -> list[Reason]:
    """What cannot even be walked: steps without a code, texts in one language only, codes that nobody knows."""
    found: list[Reason] = []
    if body.get("channel") not in set(Channel):
        found.append(_reason("script_channel"))
    seen: set[str] = set()
    for node in body.get("nodes", ()):
        code = node.get("code", "")
        if not CODE.fullmatch(code) or len(code) > MOST_CODE or code in seen:
            found.append(_reason("script_step_code", step=code))
        seen.add(code)
        texts: list[Mapping[str, Any]] = [
            {"text": node.get("say", ""), "text_en": node.get("say_en", "")},
            {"text": node.get("note", ""), "text_en": node.get("note_en", "")},
            *node.get("branches", ()),
        ]
        if any(bool(text.get("text")) != bool(text.get("text_en")) for text in texts):
            found.append(_reason("script_one_language", step=code))
        if not (node.get("say") or node.get("note")):
            found.append(_reason("script_empty_step", step=code))
        unknown = [name for name in node.get("asks", ()) if name not in ASKED]
        unknown += [name for name in [node.get("stage", "")] if name not in {"", *Stage}]
        unknown += [name for name in [node.get("becomes", "")] if name not in {"", *BECOMES}]
        found += [_reason("script_unknown", step=code, name=name) for name in unknown]
    if len(seen) > MOST_STEPS:
        found.append(_reason("script_steps", most=MOST_STEPS))
    return found or ([] if seen else [_reason("script_empty")])


def _against_targets(nodes: Mapping[str, Node]) -> Iterable[Reason]:
    """Every branch has words and leads to a step that is there; a digit is enough to choose it."""
    for code, node in nodes.items():
        branches = node.get("branches", ())
        for branch in branches:
            if branch.get("to") not in nodes:
                yield _reason("script_branch", step=code, to=str(branch.get("to", "")))
            if not branch.get("text"):
                yield _reason("script_branch_words", step=code)
        if len(branches) > MOST_BRANCHES:
            yield _reason("script_branches", step=code, most=MOST_BRANCHES)


def _against_ends(nodes: Mapping[str, Node]) -> Iterable[Reason]:
    """What leads no further ends the talk properly, with words; what ends it leads no further."""
    for code, node in nodes.items():
        proper = node.get("end") in set(End) and node.get("say")
        if bool(node.get("end")) == bool(node.get("branches")) or (node.get("end") and not proper):
            yield _reason("script_end", step=code)


def _next(nodes: Mapping[str, Node], code: str) -> list[str]:
    return [branch["to"] for branch in nodes[code].get("branches", ()) if branch.get("to") in nodes]


def _reached(
    nodes: Mapping[str, Node], start: str, step: Callable[[str], bool] = lambda _code: True
) -> set[str]:
    """Every step to which the branches lead from `start`, through steps that pass `step`."""
    found, waiting = {start}, [start]
    while waiting:
        for code in _next(nodes, waiting.pop()):
            if code not in found and step(code):
                found.add(code)
                waiting.append(code)
    return found


def _may_end(nodes: Mapping[str, Node], code: str) -> bool:
    return any(not nodes[step].get("branches") for step in _reached(nodes, code))


def _silent_loops(nodes: Mapping[str, Node]) -> list[str]:
    """Steps without a word from which only such steps lead back to themselves."""

    def silent(code: str) -> bool:
        return not nodes[code].get("say")

    return [
        code
        for code in nodes
        if silent(code)
        and any(
            code in _reached(nodes, following, silent)
            for following in _next(nodes, code)
            if silent(following)
        )
    ]


# -- walking ----------------------------------------------------------------------------------------------------------


def walked(body: Mapping[str, Any], asked: Sequence[str]) -> list[str]:
    """The steps of an address as far as they can be walked, from the start on; an old address loses what is gone."""
    nodes = {node["code"]: node for node in body["nodes"]}
    path = [body["start"]]
    for code in asked[1:]:
        if code not in _next(nodes, path[-1]):
            break
        path.append(code)
    return path


def shortened(path: Sequence[str]) -> Sequence[str]:
    """A walk that went in circles, cut to what an address holds: what is left still begins and is walked the same way.

    Each return to a step that was passed before is taken out, the earliest first.
    """
    kept = list(path)
    while len(kept) > MOST_STEPS:
        first = next(i for i, code in enumerate(kept) if code in kept[i + 1 :])
        again = kept.index(kept[first], first + 1)
        del kept[first:again]
    return kept
