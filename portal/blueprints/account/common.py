"""Passwords that were found in leaks again and again: whoever guesses begins with them.

`common_passwords.bin` holds the first five bytes of each one's SHA-256, in order, so that the words themselves, many of
them coarse, stand nowhere: 30,000 of ten signs and more, the most frequent of a list of ten million leaked ones that
was given to the public domain. `python -m portal.blueprints.account.common LIST` writes it anew from a text file, the
most frequent first, a password a line.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

TABLE = Path(__file__).with_name("common_passwords.bin")
WIDTH = 5  # bytes of each: one wrong hit in thirty million tries
MOST = 30_000
SHORTEST = 10  # what is shorter is refused for that


def is_common(password: str) -> bool:
    """True when it is among them, in capitals or not. Reads the file: a password is set seldom."""
    table, wanted = TABLE.read_bytes(), _mark(password)
    low, high = 0, len(table) // WIDTH
    while low < high:
        middle = (low + high) // 2
        if table[middle * WIDTH : (middle + 1) * WIDTH] < wanted:
            low = middle + 1
        else:
            high = middle
    return table[low * WIDTH : (low + 1) * WIDTH] == wanted


def in_list(password: str, path: str) -> bool:
    """True when it is a line of the company's own list, in capitals or not; read line by line, however long it is."""
    wanted = password.casefold()
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        return any(line.rstrip("\r\n").casefold() == wanted for line in lines)


def written(passwords: Iterable[str]) -> bytes:
    """The table of the first MOST that are long enough."""
    fit = dict.fromkeys(plain for one in passwords if len(plain := one.rstrip("\r\n").casefold()) >= SHORTEST)
    return b"".join(sorted({_mark(plain) for plain in islice(fit, MOST)}))


def _mark(password: str) -> bytes:
    return hashlib.sha256(password.casefold().encode()).digest()[:WIDTH]


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8", errors="replace") as given:
        TABLE.write_bytes(written(given))
