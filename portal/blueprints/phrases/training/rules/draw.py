"""How the paper of a quiz is drawn from what is in force: the same seed gives the same paper; pure (GO-02)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from random import Random
from typing import Any, NamedTuple, TypeVar

from portal.blueprints.phrases.training.codes import QuestionKind
from portal.blueprints.phrases.training.rules.wrong import wrong_values

OPTIONS = 4  # lines to choose from
STEPS = range(3, 9)  # fewer are guessed, more do not fit on a phone


class Text(NamedTuple):
    """One text in the portal's two languages; without English it is shown as it is in Chinese."""

    zh: str
    en: str = ""


class Ref(NamedTuple):
    """The document behind an item: kind, code, and the version that was in force."""

    kind: str
    code: str
    version: int


@dataclass(frozen=True)
class Phrase:
    """A recommended line, and the moments it is for."""

    ref: Ref
    text: Text
    moments: tuple[str, ...]


@dataclass(frozen=True)
class Taboo:
    """A line that must not be said: why, what says so, what is said instead."""

    ref: Ref
    bad: Text
    reason: Text
    clause: str
    better: Text
    moment: str = ""


@dataclass(frozen=True)
class Script:
    """A talk or a standard in steps."""

    ref: Ref
    title: Text
    steps: tuple[Text, ...]
    clause: str


@dataclass(frozen=True)
class Figure:
    """A clause's figure as it stands: `4 wh`, `3`, and what it is the figure of."""

    ref: Ref
    clause: str
    title: Text
    value: str
    kind: str  # of figure: limit, number
    document: Ref | None = None  # the clause's own text


@dataclass(frozen=True)
class Pool:
    """Everything a paper may be drawn from; the moments with their names."""

    phrases: Sequence[Phrase] = ()
    taboos: Sequence[Taboo] = ()
    scripts: Sequence[Script] = ()
    figures: Sequence[Figure] = ()
    moments: Mapping[str, Text] = field(default_factory=dict)
    near: Sequence[frozenset[str]] = ()  # moments so much alike that a line for one is not wrong at another


@dataclass(frozen=True)
class Question:
    """One question: what it is about, what there is to choose from, what is right, and why.

    `right` holds the place of the right option; of steps the place of each shown step in the right order, from 1 on.
    """

    kind: QuestionKind
    about: Text
    options: tuple[Text, ...]
    right: tuple[int, ...]
    reason: Text
    clause: str
    refs: tuple[Ref, ...]


Item = TypeVar("Item")


def draw(pool: Pool, number: int, seed: int, kinds: Collection[QuestionKind]) -> list[Question]:
    """At most so many questions, the kinds taken in turn, no item asked twice; fewer where the pool has no more."""
    chance = Random(seed)  # noqa: S311  # the same paper from the same seed, no secret
    open_ = [_MAKERS[kind](pool, chance) for kind in QuestionKind if kind in kinds]
    drawn: list[Question] = []
    while open_ and len(drawn) < number:
        source = open_.pop(0)
        if (question := next(source, None)) is not None:
            drawn.append(question)
            open_.append(source)
    chance.shuffle(drawn)
    return drawn


def capacity(pool: Pool, most: int) -> dict[QuestionKind, int]:
    """How many questions of each kind the pool has, counted up to `most`; 0: that kind is not offered."""
    chance = Random(0)  # noqa: S311  # only counted
    return {kind: sum(1 for _ in islice(make(pool, chance), most)) for kind, make in _MAKERS.items()}


def _lines(pool: Pool, chance: Random) -> Iterator[Question]:
    """The moment is given: its line against taboos and lines that belong to other moments."""
    asked: set[Text] = set()  # a line that serves several moments is asked for one of them
    for phrase, moment in _shuffled(((p, m) for p in pool.phrases for m in p.moments), chance):
        if moment not in pool.moments or phrase.text in asked:
            continue
        taboos = _some([t for t in pool.taboos if t.moment in ("", moment)], 2, chance)
        # A line that some document has for this moment, too, would be a second right answer.
        alike = {moment}.union(*(group for group in pool.near if moment in group))
        fitting = {p.text for p in pool.phrases if not alike.isdisjoint(p.moments)}
        elsewhere = [(p.text, p.ref) for p in pool.phrases if p.text not in fitting]
        wrong = [(taboo.bad, taboo.ref) for taboo in taboos] + _some(elsewhere, OPTIONS - 1, chance)
        wrong = _unlike(phrase.text, wrong)[: OPTIONS - 1]
        if len(wrong) < OPTIONS - 1:
            continue
        asked.add(phrase.text)
        refs = (phrase.ref, *(ref for _, ref in wrong))
        yield _choice(
            QuestionKind.LINE, pool.moments[moment], phrase.text, wrong, _why_not(taboos), "PG-03", refs, chance
        )  # fmt: skip


def _taboos(pool: Pool, chance: Random) -> Iterator[Question]:
    """One of these must not be said: a taboo's example among recommended lines."""
    good = [(phrase.text, phrase.ref) for phrase in pool.phrases]
    for taboo in _shuffled(pool.taboos, chance):
        others = _unlike(taboo.bad, _some(good, OPTIONS, chance))[: OPTIONS - 1]
        if len(others) == OPTIONS - 1:
            refs = (taboo.ref, *(ref for _, ref in others))
            reason = _joined(taboo.reason, taboo.better)
            yield _choice(
                QuestionKind.TABOO, Text(""), taboo.bad, others, reason, taboo.clause, refs, chance
            )  # fmt: skip


def _orders(pool: Pool, chance: Random) -> Iterator[Question]:
    """The steps of a talk or a standard, shown in another order than the right one."""
    for script in _shuffled(pool.scripts, chance):
        if len(script.steps) not in STEPS or len(set(script.steps)) < len(script.steps):
            continue
        places = list(range(1, len(script.steps) + 1))
        shown = places[:]
        while shown == places:
            chance.shuffle(shown)
        options = tuple(script.steps[place - 1] for place in shown)
        yield Question(
            QuestionKind.ORDER, script.title, options, tuple(shown), Text(""), script.clause, (script.ref,)
        )  # fmt: skip


def _figures(pool: Pool, chance: Random) -> Iterator[Question]:
    """What a clause's figure is, among values that it is not."""
    for figure in _shuffled(pool.figures, chance):
        wrong = [(Text(value), figure.ref) for value in wrong_values(figure.kind, figure.value, chance)]
        if len(wrong) == OPTIONS - 1:
            refs = (figure.ref, *([figure.document] if figure.document else ()))
            yield _choice(
                QuestionKind.FIGURE, figure.title, Text(figure.value), wrong, Text(""), figure.clause, refs, chance
            )  # fmt: skip


_MAKERS: dict[QuestionKind, Callable[[Pool, Random], Iterator[Question]]] = {
    QuestionKind.LINE: _lines,
    QuestionKind.TABOO: _taboos,
    QuestionKind.ORDER: _orders,
    QuestionKind.FIGURE: _figures,
}


def _choice(
    kind: QuestionKind,
    about: Text,
    right: Text,
    wrong: Iterable[tuple[Text, Ref]],
    reason: Text,
    clause: str,
    refs: Iterable[Ref],
    chance: Random,
) -> Question:
    options = [right, *(text for text, _ in wrong)]
    if not all(option.en for option in options):  # the one in another language would give itself away
        options, right = [Text(option.zh) for option in options], Text(right.zh)
    chance.shuffle(options)
    place = options.index(right)
    return Question(kind, about, tuple(options), (place,), reason, clause, tuple(dict.fromkeys(refs)))


def _unlike(right: Text, others: list[tuple[Text, Ref]]) -> list[tuple[Text, Ref]]:
    """Each text once, in either language, and none that reads as the right one."""
    seen = {words for words in right if words}
    kept = []
    for text, ref in others:
        if seen.isdisjoint(filter(None, text)):
            kept.append((text, ref))
            seen.update(filter(None, text))
    return kept


def _some(items: Sequence[Item], most: int, chance: Random) -> list[Item]:
    return chance.sample(items, min(most, len(items)))


def _shuffled(items: Iterable[Item], chance: Random) -> list[Item]:
    found = list(items)
    chance.shuffle(found)
    return found


def _why_not(taboos: Sequence[Taboo]) -> Text:
    """Why each of these is not said."""
    return Text(
        "".join(f"“{taboo.bad.zh}”：{taboo.reason.zh}" for taboo in taboos),
        " ".join(f"“{taboo.bad.en or taboo.bad.zh}”: {taboo.reason.en}" for taboo in taboos),
    )


def _joined(reason: Text, better: Text) -> Text:
    return Text(
        f"{reason.zh} 可以说：{better.zh}" if better.zh else reason.zh,
        f"{reason.en} Say instead: {better.en}" if better.en else reason.en,
    )


# -- kept with the attempt ----------------------------------------------------------------------------------------


def kept(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """The paper as it is stored."""
    return [asdict(question) for question in questions]


def read(stored: Iterable[Mapping[str, Any]]) -> list[Question]:
    """A stored paper."""
    return [
        Question(
            QuestionKind(row["kind"]),
            Text(*row["about"]),
            tuple(Text(*option) for option in row["options"]),
            tuple(row["right"]),
            Text(*row["reason"]),
            row["clause"],
            tuple(Ref(*ref) for ref in row["refs"]),
        )
        for row in stored
    ]
