"""The rules that come with the portal: one file a family."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from portal.kernel.phrase_check.rule import Rule


@cache
def shipped() -> tuple[Rule, ...]:
    """Every shipped rule, by family and then in the order of its file."""
    found: list[Rule] = []
    folder = files("portal.kernel.phrase_check").joinpath("rules")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            family = file.name.removesuffix(".toml")
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            found += [Rule.from_body(code, {"family": family, **body}) for code, body in content.items()]
    return tuple(found)
