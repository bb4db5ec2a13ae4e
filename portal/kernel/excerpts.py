"""The place of a text at which the words of a query stand, and the words in it; pure."""

from __future__ import annotations

from collections.abc import Iterator

from portal.kernel import cutting

BEFORE, MOST = 16, 96  # characters before the first word, and of the whole
LEFT_OUT = "…"


def excerpt(text: str, words: str) -> str:
    """One line of a text around the first of the words that stands in it; its beginning where none does."""
    line = " ".join(text.split())
    places = _places(line, words)
    begin = max(0, min((start for start, _end in places), default=0) - BEFORE)
    begin = 0 if len(line) <= MOST else min(begin, len(line) - MOST)
    shown = line[begin : begin + MOST]
    return f"{LEFT_OUT * (begin > 0)}{shown}{LEFT_OUT * (begin + MOST < len(line))}"


def pieces(text: str, words: str) -> Iterator[tuple[str, bool]]:
    """The text cut where the words begin and end: each piece, and whether it is one of them."""
    done = 0
    for start, end in _joined(_places(text, words)):
        if start > done:
            yield text[done:start], False
        yield text[start:end], True
        done = end
    if done < len(text):
        yield text[done:], False


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Where each of the words stands, first and last character; compared as the search compares them."""
    compared: list[str] = []
    origin: list[int] = []  # of each compared character: one may become several
    for place, sign in enumerate(text):
        for each in cutting.plain(sign):
            compared.append(each)
            origin.append(place)
    whole = "".join(compared)
    found = []
    for word in cutting.parts(words):
        at = whole.find(word)
        while at >= 0:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = whole.find(word, at + len(word))
    return found


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
