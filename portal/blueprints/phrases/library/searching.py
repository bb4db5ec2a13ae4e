"""Which phrases a few keystrokes mean, and in which order: pure, over what this process holds (PG-03).

A receptionist with a queue types two or three letters: words, pinyin or initials, of the beginning or of any part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.blueprints.phrases.library.codes import SIDES, Moment
from portal.kernel import cutting, pinyin

# What a field of that kind is answered with, first things first.
OF_SCOPE: dict[str, tuple[Moment, ...]] = {
    "answer": (Moment.EXPLANATION, Moment.APOLOGY, Moment.THANKS, Moment.CONFIRM),
    "solution": (Moment.OFFER, Moment.EXPLANATION, Moment.CONFIRM),
    "promise": (Moment.WAIT, Moment.CONFIRM, Moment.REASSURANCE),
    "refusal": (Moment.APOLOGY, Moment.EXPLANATION, Moment.OFFER),
}


@dataclass(frozen=True)
class Entry:
    """A phrase as it is looked for: its words as compared, and how they are typed."""

    id: int
    code: str
    body: Mapping[str, Any]
    words: str
    sound: str
    initials: str

    @classmethod
    def of(cls, its_id: int, code: str, body: Mapping[str, Any]) -> Entry:
        """The phrase made ready to be looked for; once, when it came into force."""
        said = pinyin.spoken(body["zh"])
        return cls(
            its_id,
            code,
            body,
            cutting.plain(f"{body['zh']} {body['en']} {code}"),
            "".join(said),
            "".join(syllable[0] for syllable in said),
        )

    @property
    def moment(self) -> Moment:
        """What it is for."""
        return Moment(self.body["moment"])


@dataclass(frozen=True)
class Asked:
    """What is looked for: words, and the sides that a phrase has to fit."""

    words: str = ""
    moment: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)  # channel, category, stage, customer_type

    @property
    def narrowed(self) -> bool:
        """True when not everything is asked for."""
        return bool(self.words or self.moment or any(self.sides.values()))


def fits(entry: Entry, asked: Asked) -> bool:
    """True when nothing that is asked speaks against the phrase; an empty list of it fits everywhere."""
    if asked.moment and entry.body["moment"] != asked.moment:
        return False
    return all(
        not wanted or not entry.body[SIDES[side]] or wanted in entry.body[SIDES[side]]
        for side, wanted in asked.sides.items()
    )


def likeness(entry: Entry, words: Sequence[str]) -> int:
    """How well a phrase answers the words, 0 for not at all: its beginning counts more than its middle."""
    best = 0
    for word in words:
        if entry.initials.startswith(word) or entry.sound.startswith(word) or entry.words.startswith(word):
            best += 4
        elif word in entry.words:
            best += 3
        elif word in entry.initials or word in entry.sound or _in_order(word, entry.words):
            best += 1
        else:
            return 0
    return best


def _in_order(word: str, text: str) -> bool:
    """True when Chinese signs stand in the text one after the other, something between: 感谢来电 in 感谢您来电."""
    rest = iter(text)
    return not word.isascii() and all(sign in rest for sign in word)


def found(entries: Iterable[Entry], asked: Asked, first: Collection[int] = ()) -> list[Entry]:
    """The phrases that answer, the likeliest first; among equals those of `first`, then the file's own order."""
    words = cutting.plain(asked.words).split()
    ranked = [
        (-likeness(entry, words), entry.id not in first, entry)
        for entry in entries
        if fits(entry, asked) and (not words or likeness(entry, words))
    ]
    return [entry for *_, entry in sorted(ranked, key=lambda row: row[:2])]


def suggested(
    entries: Iterable[Entry],
    words: str,
    sides: Mapping[str, str],
    scope: str = "",
    liked: Collection[int] = (),
) -> list[Entry]:
    """What a reply is offered: nothing is left out for not fitting, but what fits comes first."""
    wanted = cutting.plain(words).split()
    moments = OF_SCOPE.get(scope, ())
    ranked = []
    for entry in entries:
        like = likeness(entry, wanted)
        if wanted and not like:
            continue
        ranked.append((-like, -_weight(entry, sides, moments) - (2 if entry.id in liked else 0), entry))
    return [entry for *_, entry in sorted(ranked, key=lambda row: row[:2])]


def _weight(entry: Entry, sides: Mapping[str, str], moments: Sequence[Moment]) -> int:
    """How well a phrase fits where it is wanted: named sides speak for it, others' against it."""
    weight = 4 - moments.index(entry.moment) if entry.moment in moments else 0
    for side, wanted in sides.items():
        lists = entry.body[SIDES[side]]
        if wanted and lists:
            weight += 3 if wanted in lists else -6
    return weight
