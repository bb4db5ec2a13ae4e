"""Two texts side by side, with what went and what came marked; pure (GO-01).

A comparison takes the third power of its pieces at worst, and anybody may propose such a text. So texts are compared
line by line, and what differs then character by character (Chinese has no blanks) where it is short enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from markupsafe import Markup, escape

LINES, CHARACTERS = 200, 160
_LINE = re.compile(r"[^\n。！？；]*[\n。！？；]|[^\n。！？；]+")


def marked(was: str, now: str) -> tuple[Markup, Markup]:
    """Both texts with what differs in <del> and <ins>."""
    left, right = [], []
    for old, new in _by_line(was, now):
        left.append(escape(old) if old == new else Markup("<del>{}</del>").format(old) if old else "")
        right.append(escape(new) if old == new else Markup("<ins>{}</ins>").format(new) if new else "")
    return Markup("").join(left), Markup("").join(right)


def _by_line(was: str, now: str) -> Iterator[tuple[str, str]]:
    """The two texts in stretches, each of which is the same in both or differs."""
    if not was or not now:
        yield was, now
        return
    for old, new in _stretches(_LINE.findall(was), _LINE.findall(now), LINES):
        same = old == new or not old or not new
        yield from [(old, new)] if same else _stretches(old, new, CHARACTERS)


def _stretches(was: Sequence[str], now: Sequence[str], most: int) -> Iterator[tuple[str, str]]:
    """What two rows of pieces share at both ends is passed over; the middle is compared unless it is too long."""
    shorter = min(len(was), len(now))
    begins = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    ends = next((at for at in range(shorter - begins) if was[-1 - at] != now[-1 - at]), shorter - begins)
    yield "".join(was[:begins]), "".join(now[:begins])
    old, new = was[begins : len(was) - ends], now[begins : len(now) - ends]
    if max(len(old), len(new)) > most:
        yield "".join(old), "".join(new)
    else:
        for _what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield "".join(old[a:b]), "".join(new[c:d])
    yield "".join(was[len(was) - ends :]), "".join(now[len(now) - ends :])
