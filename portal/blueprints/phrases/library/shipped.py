"""The phrases that the portal ships with: a file of the package, so that checking it needs no database."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from portal.blueprints.phrases.library.codes import FITS, Moment

HERE = "portal.blueprints.phrases.library"


@cache
def shipped() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Code and body of every phrase of the file, in its order."""
    text = files(HERE).joinpath("phrases.toml").read_text(encoding="utf-8")
    return tuple((row["code"], _body(row)) for row in tomllib.loads(text)["phrase"])


def _body(row: dict[str, Any]) -> dict[str, Any]:
    moment = Moment(row["code"].rpartition("-")[0])
    return {
        "moment": moment.value,
        "zh": row["zh"],
        "en": row["en"],
        **{name: row.get(name, []) for name in FITS},
    }
