"""What a phrase has to be, and how its blanks are filled: pure (PG-03, PG-04)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.blueprints.phrases.library.codes import BLANKS, FITS, Moment
from portal.kernel.workflow import Reason

MOST = 400  # characters of one phrase in one language
_HOLE = re.compile(r"\{([^{}]*)\}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def blanks(text: str) -> tuple[str, ...]:
    """The names in curly brackets, each once, in their order."""
    return tuple(dict.fromkeys(_HOLE.findall(text)))


def filled(text: str, given: Mapping[str, str]) -> str:
    """The phrase with what is known put in; a blank of which nothing is known stays."""
    return _HOLE.sub(lambda hole: given.get(hole[1]) or hole[0], text)


def against(_code: str, body: Mapping[str, Any]) -> Iterator[Reason]:
    """PG-03: everything that is wrong with a phrase before anybody may be shown it."""
    if body.get("moment") not in set(Moment):
        yield Reason("PG-03", "phrase_without_moment")
    for language in ("zh", "en"):
        text = body.get(language) or ""
        if not text.strip():
            yield Reason("PG-03", "phrase_one_language")
        elif len(text) > MOST:
            yield Reason("PG-03", "phrase_too_long", {"most": MOST})
        elif unknown := [name for name in blanks(text) if name not in BLANKS]:
            yield Reason(
                "PG-03",
                "phrase_unknown_blank",
                {"name": unknown[0], "known": " ".join(f"{{{each}}}" for each in BLANKS)},
            )
    if body.get("zh") and not _HAN.search(body["zh"]):
        yield Reason("PG-03", "phrase_not_chinese")
    if set(blanks(body.get("zh") or "")) != set(blanks(body.get("en") or "")):
        yield Reason("PG-03", "phrase_blanks_differ")
    for name, codes in FITS.items():
        if not set(body.get(name) or ()) <= set(codes):
            yield Reason("PG-03", "phrase_unknown_code")
