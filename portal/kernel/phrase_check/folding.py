"""The normal form in which texts are compared, with the way back to the place in the given text.

Two strings are made of a text. `full` holds what was written with one form for each character: full-width, traditional
and accented characters as their plain ones, capitals as small letters, invisible characters and pictures left out,
punctuation as a mark, a character at most three times running. `bare` lacks the marks and the particles, too,
and holds no character twice running: whatever is put between the characters of a phrase, the phrase stands in there.

Which traditional character is which simplified one stands in simplified.txt, two lines of equal length, made of the
characters with one single-character counterpart in the table TSCharacters of OpenCC (Apache License 2.0).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

PARTICLES = "啊呀吧嘛呢了的啦哦哈呵嗯呃喔噢哟呦呗嘞咯诶欸唉哎哇嘿吗呐哩咧儿"
# What is skipped between the characters of a phrase has the lowest places, so that it is one short range:
# first the ends of a line and of a clause, then any other gap between two words, then the particles.
LINE, PAUSE, BLANK = "\x00", "\x01", "\x02"
BREAK = "\uffff"  # a line that ends with its sentence, or an empty one: no phrase goes on behind it
_PARTICLES = {sign: chr(place) for place, sign in enumerate(PARTICLES, 3)}
LAST_LOOSE = chr(2 + len(PARTICLES))
MOST_ALIKE = 3  # of one character running
MOST_LOOSE = 9  # particles running

PAUSES = frozenset("。！？；：，、,.!?;:…‥｡､")
_DROPPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Sk", "So"})
_APOSTROPHES = frozenset("'’‘ʼ`´＇")
_REMEMBERED = 20_000  # characters; there are a million

# One spelling for what people write in several ways: the polite 'you', dialect, and letters that only look Latin.
_OWN = {
    "您": "你", "妳": "你", "咱": "我", "俺": "我", "啥": "什么", "咋": "怎么", "甭": "不用", "甚": "什", "著": "着",
    "瞭": "了", "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s", "ј": "j",
    "α": "a", "ο": "o", "ι": "i", "ν": "v", "ρ": "p",
}  # fmt: skip


class _Forms(dict[str, str]):
    """The normal form of a character: empty when it says nothing, a mark, or what it is compared as."""

    def __missing__(self, char: str) -> str:
        form = _form(char)
        if len(self) < _REMEMBERED:
            self[char] = form
        return form


def _form(char: str) -> str:
    if char in PAUSES:
        return PAUSE
    if char == "\n":
        return LINE
    if char == "\r" or char in _APOSTROPHES:
        return ""
    if char.isspace():
        return BLANK
    return "".join(map(_plain, unicodedata.normalize("NFKD", char).casefold()))


def _plain(char: str) -> str:
    if char in PAUSES:
        return PAUSE
    category = unicodedata.category(char)
    if category in _DROPPED:
        return ""
    if category[0] in "PSZ":
        return BLANK
    char = _SIMPLIFIED.get(char, char)
    return _OWN.get(char) or _PARTICLES.get(char, char)


def _table() -> dict[str, str]:
    traditional, simplified = (
        Path(__file__).with_name("simplified.txt").read_text(encoding="utf-8").splitlines()
    )
    return dict(zip(traditional, simplified, strict=True))


_SIMPLIFIED = _table()
_FORMS = _Forms()


def fold(char: str) -> str:
    """The normal form of one character of a pattern."""
    return _FORMS[char]


def bare(text: str) -> str:
    """A piece in normal form without marks, particles and repeats."""
    kept: list[str] = []
    for char in text:
        if char > LAST_LOOSE and (not kept or kept[-1] != char):
            kept.append(char)
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in normal form: full[i] stood at text[places[i]], and bare[i] is full[of_bare[i]]."""

    text: str
    full: str
    places: list[int]
    bare: str
    of_bare: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where full[start:end] stands in the given text, with what belongs to its last character."""
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.text) and unicodedata.category(self.text[last]) in ("Mn", "Me"):
            last += 1
        return first, last


def folded(text: str) -> Folded:
    """The normal form of a text; one pass, whatever the text is."""
    full: list[str] = []
    places: list[int] = []
    naked: list[str] = []
    of_bare: list[int] = []
    last, alike, loose = "", 0, 0
    for place, forms in enumerate(map(_FORMS.__getitem__, text)):
        # 啥啥 is 啥, not 什么什么
        for char in "" if len(forms) > 1 and _again(text, place) else forms:
            at = len(full)
            if char <= BLANK:
                if full and full[-1] <= BLANK:
                    full[-1] = BREAK if char == LINE and full[-1] != BLANK else min(full[-1], char)
                    continue
            elif char <= LAST_LOOSE:
                loose += 1
                if loose > MOST_LOOSE:
                    continue
            elif char == last and _still(full, char):
                alike += 1
                if alike > MOST_ALIKE:
                    continue
                at -= full[-1] <= BLANK  # 急 急什么 is 急急 什么
            else:
                alike, loose = 1, 0
                if char != last:
                    naked.append(char)
                    of_bare.append(at)
                    last = char
            full.insert(at, char)
            places.insert(at, place)
    return Folded(text, "".join(full), places, "".join(naked), of_bare)


def _again(text: str, place: int) -> bool:
    """Whether a character repeats the one before it, nothing but marks between them."""
    before = place - 1
    while before >= 0 and _FORMS[text[before]] <= BLANK:
        before -= 1
    return before >= 0 and text[before] == text[place]


def _still(full: list[str], char: str) -> bool:
    """Whether the text goes on with the same character, a mark between them or none; Latin words stay parted."""
    return full[-1] == char or (char > "z" and full[-1] <= BLANK and full[-2] == char)
