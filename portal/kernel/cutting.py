"""Texts and queries cut into the pieces by which one is found by the other; pure.

Two Chinese characters are the commonest word, so a text is cut into overlapping pairs; words of letters and digits are
cut into pairs and triples, so that a number is found by its beginning, by its end and whole. Four digits are one piece,
for that is how people look for numbers: a year, the end of a phone number, the last of a day's cases. Every piece that a
query needs must be there; a word longer than a piece is looked for again in the text itself, see `search.recheck`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, pairwise

MOST_CHARACTERS = 20_000  # of one text: the pieces of the rest are not kept
MOST_WORDS = 200  # characters of a query that are looked at
MOST_PIECES = 32  # of a query: the rest is left to `search.recheck`
_NUMBER = re.compile(r"[a-z0-9]+(?:[-./_@:][a-z0-9]+)+")
_SIGNS_BEGIN = "\u2e80"  # from here on writing without blanks: Chinese, Japanese, Korean, pictures


def plain(text: str) -> str:
    """The text as it is compared: compatible forms of a character made one (１ is 1), small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(text: str) -> str:
    """The pieces under which `text` is found, each once, blanks between; of its first 20,000 characters."""
    found: dict[str, None] = {}
    for run in _runs(plain(text[:MOST_CHARACTERS])):
        found.update(dict.fromkeys(_pieces(run)))
    return " ".join(found)


def asked(words: str) -> list[str]:
    """The pieces that a text must have, all of them, to answer the query; none when it asks for nothing.

    Pieces hold letters, digits and signs only, so they are safe inside any query. Two Chinese characters are
    one piece; a single letter or digit stands for itself alone (`3` finds 3楼, not 13楼).
    """
    found: dict[str, None] = {}
    for run in _runs(plain(words[:MOST_WORDS])):
        found.update(dict.fromkeys(_needed(run)))
    return list(islice(found, MOST_PIECES))


def rest(words: str) -> list[str]:
    """The parts of a query longer than a piece: a text that has every piece may still have them apart.

    A number such as `TS-20261121-0001` is one part, its hyphens included.
    """
    wanted = parts(words)
    pieces = {part: [piece for run in _runs(part) for piece in _needed(run)] for part in wanted}
    beyond = sum(map(len, pieces.values())) > MOST_PIECES
    return [part for part in wanted if beyond or len(pieces[part]) > 1]


def answers(words: str, *texts: str) -> bool:
    """True when every part of the query stands in one of the texts, as `recheck` asks it of the database."""
    compared = [plain(text) for text in texts]
    return all(any(part in text for text in compared) for part in parts(words))


def parts(words: str) -> list[str]:
    """A query's numbers with their punctuation, and the runs of everything else."""
    found: dict[str, None] = {}
    for word in plain(words[:MOST_WORDS]).split():
        found.update(dict.fromkeys([word] if _NUMBER.fullmatch(word) else _runs(word)))
    return list(found)


def _is_sign(character: str) -> bool:
    """A character that is a word by itself, not a letter of one."""
    return character >= _SIGNS_BEGIN or not character.isalnum()


def _runs(text: str) -> list[str]:
    """What stands between blanks, punctuation and control characters."""
    kept = "".join(c if c.isalnum() or _stands(c) else " " for c in text)
    return list(dict.fromkeys(kept.split()))


def _stands(character: str) -> bool:
    """A mark or a symbol beyond ASCII, such as ℃ or a picture, is looked for too."""
    return character > "\x7f" and unicodedata.category(character)[0] in "MS"


def _segments(run: str) -> Iterator[str]:
    """A run as signs, one each, and the words of letters and digits between them."""
    word = ""
    for character in run:
        if not _is_sign(character):
            word += character
            continue
        if word:
            yield word
            word = ""
        yield character
    if word:
        yield word


def _pieces(run: str) -> Iterator[str]:
    for segment in _segments(run):
        if len(segment) == 1:
            yield segment
        yield from (segment[at : at + 3] for at in range(len(segment) - 2))
        yield from (segment[at : at + 4] for at in range(len(segment) - 3) if _four_digits(segment, at))
    yield from (first + second for first, second in pairwise(run))


def _four_digits(word: str, at: int) -> bool:
    return at >= 0 and at + 4 <= len(word) and word[at : at + 4].isdecimal()


def _needed(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
        return
    for segment in _segments(run):
        if len(segment) > 2:
            yield from _longest(segment)
        elif len(segment) == 2:
            yield segment
    yield from (first + second for first, second in pairwise(run) if _is_sign(first) or _is_sign(second))


def _longest(word: str) -> Iterator[str]:
    """The fours of digits and the triples that none of them holds."""
    for at in range(len(word) - 2):
        if _four_digits(word, at):
            yield word[at : at + 4]
        elif not _four_digits(word, at - 1):
            yield word[at : at + 3]
