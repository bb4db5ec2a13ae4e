"""What quizzes are drawn from: approved phrases, taboos, scripts and the figures of clauses, as they are in force."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from portal import notices
from portal.blueprints.phrases.training.rules.draw import (
    STEPS,
    Figure,
    Phrase,
    Pool,
    Ref,
    Script,
    Taboo,
    Text,
)
from portal.i18n import Later, _l, in_language
from portal.kernel import clock, documents, policies, reference
from portal.kernel.clauses import all_clauses
from portal.kernel.documents import Current
from portal.kernel.figures import SHIPPED

BLANK = re.compile(r"\{\w+\}")
CHINESE = re.compile("[\u4e00-\u9fff]")
FORBIDDING = ("warn", "block")
MOST_STEPS = STEPS.stop - 1
# The moments of the phrases, as a question names them, and those at which the same line may be said.
MOMENTS: dict[str, Any] = {
    "address": _l("Form of address"),
    "greeting": _l("Greeting"),
    "invite": _l("Invitation"),
    "wait": _l("Asking to wait"),
    "thanks": _l("Thanks"),
    "apology": _l("Apology"),
    "reassurance": _l("Reassurance"),
    "offer": _l("Offer"),
    "explanation": _l("Explaining"),
    "confirm": _l("Confirming"),
    "farewell": _l("Farewell"),
}
NEAR = (
    frozenset({"address", "greeting", "invite"}),
    frozenset({"wait", "apology", "reassurance"}),
    frozenset({"offer", "explanation", "confirm", "reassurance", "invite"}),
    frozenset({"thanks", "farewell"}),
)
Item = TypeVar("Item")


class Source(Protocol):
    """One place that items come from; what it does not have it answers with nothing."""

    def pool(self, now: datetime) -> Pool: ...


class OfClauses:
    """The figures of the regulations (GO-05): each with its clause, in the version that is in force."""

    def pool(self, now: datetime) -> Pool:
        """Limits and numbers that have a name; a ladder or a code is nothing to guess at."""
        return Pool(figures=[*self._figures(now)])

    def _figures(self, now: datetime) -> Iterable[Figure]:
        for shipped in SHIPPED:
            named = notices.FIGURES.get(shipped.key)
            # The cells of a matrix are named by two things at once, and ask nothing that anybody could tell.
            if shipped.kind not in ("limit", "number") or not isinstance(named, Later):
                continue
            row = policies.in_force(shipped.key, now)
            if row.value == "0":  # a figure that is not used
                continue
            title = Text(*(in_language(named.sentence, chinese=chinese) for chinese in (True, False)))
            text = documents.find("clause", shipped.clause, clock.local(now).date())
            document = Ref("clause", text.code, text.edition) if text else None
            yield Figure(
                Ref("figure", shipped.key, row.id), shipped.clause, title, row.value, shipped.kind, document
            )


class OfDocuments:
    """Approved documents in force: phrases, rules on what is not said, scripts, standards (GO-01)."""

    def pool(self, now: datetime) -> Pool:
        """What the kinds have today; kept until one of them changes."""
        today = clock.local(now).date()
        return reference.kept("quiz documents", lambda: self._read(today), today)

    def _read(self, today: date) -> Pool:
        phrases = documents.in_force("phrase", today)
        rules = documents.in_force("phrase_rule", today)
        scripts = documents.in_force("script", today)
        standards = [each for each in documents.in_force("standard", today) if each.body.get("steps")]
        names = {code: _both(words) for code, words in MOMENTS.items()}
        return Pool(
            phrases=[*map(_phrase, phrases)],
            taboos=[taboo for rule in rules for taboo in _taboos(rule)],
            scripts=[*map(_script, scripts), *map(_standard, standards)],
            moments=names,
            near=NEAR,
        )


def _ref(found: Current) -> Ref:
    return Ref(found.kind, found.code, found.edition)


def _both(words: Any) -> Text:
    return Text(*(in_language(words.sentence, chinese=chinese) for chinese in (True, False)))


def _spoken(text: str) -> str:
    """A line without the names that are filled in when it is used."""
    return BLANK.sub("…", text)


def _phrase(found: Current) -> Phrase:
    """A line and the moment it is for."""
    text = Text(_spoken(found.body["zh"]), _spoken(found.body.get("en", "")))
    return Phrase(_ref(found), text, (found.body["moment"],))


def _taboos(found: Current) -> Iterable[Taboo]:
    """The bad examples of a rule that stops or warns; mere advice forbids nothing."""
    body = found.body
    if body.get("severity") not in FORBIDDING:
        return
    better = next(iter(body.get("alternatives", ())), "")
    reason = Text(body["reason"]["zh"], body["reason"].get("en", ""))
    for bad in filter(
        CHINESE.search, body.get("bad", ())
    ):  # one in English gives itself away among the others
        yield Taboo(_ref(found), Text(bad), reason, body.get("clause") or "PG-04", Text(better))


def _script(found: Current) -> Script:
    """What is said on the straight way through a talk: at a fork the first way, until it ends or goes in circles."""
    body = found.body
    nodes, steps, passed = {node["code"]: node for node in body["nodes"]}, [], set[str]()
    code = body["start"]
    while code in nodes and code not in passed:
        passed.add(code)
        node = nodes[code]
        if node.get("say"):
            steps.append(Text(_spoken(node["say"]), _spoken(node.get("say_en", ""))))
        code = next((branch["to"] for branch in node.get("branches", ())), "")
    title = Text(body["title"], body.get("title_en", ""))
    return Script(_ref(found), title, tuple(steps[:MOST_STEPS]), body.get("clause", ""))


def _standard(found: Current) -> Script:
    """The things of a service standard that follow one another."""
    body = found.body
    items = [body["items"][int(number) - 1] for number in body["steps"].split()]
    title = Text(body["title"], body["title_en"])
    return Script(
        _ref(found), title, tuple(Text(_spoken(zh), _spoken(en)) for zh, en in items), body["clause"]
    )


SOURCES: list[Source] = [OfDocuments(), OfClauses()]


def pool(now: datetime, chapters: str = "") -> Pool:
    """Everything that a quiz of these chapters (none: all) may be drawn from."""
    wanted = chapters.split()
    pools = [source.pool(now) for source in SOURCES]

    def of_chapter(clause: str) -> bool:
        return not wanted or clause.partition("-")[0] in wanted

    return Pool(
        phrases=_joined(each.phrases for each in pools),
        taboos=[item for item in _joined(each.taboos for each in pools) if of_chapter(item.clause)],
        scripts=[item for item in _joined(each.scripts for each in pools) if of_chapter(item.clause)],
        figures=[item for item in _joined(each.figures for each in pools) if of_chapter(item.clause)],
        moments={code: name for each in pools for code, name in each.moments.items()},
        near=_joined(each.near for each in pools),
    )


def in_force(now: datetime) -> dict[tuple[str, str], int]:
    """Each document's version that is in force now."""
    found = pool(now)
    every = (found.phrases, found.taboos, found.scripts, found.figures)
    refs = [item.ref for items in every for item in items]
    refs += [figure.document for figure in found.figures if figure.document]
    return {(ref.kind, ref.code): ref.version for ref in refs}


def chapters() -> list[str]:
    """The chapters of the handbook, by the letters before their clauses' numbers."""
    return list(dict.fromkeys(clause.id.partition("-")[0] for clause in all_clauses()))


def _joined(parts: Iterable[Iterable[Item]]) -> list[Item]:
    return [item for part in parts for item in part]
