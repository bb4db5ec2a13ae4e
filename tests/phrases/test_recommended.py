"""Whatever scripts, cards, technique and the call screen recommend passes the check of texts for customers (PG-04)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from portal.blueprints.phrases.calls import labels
from portal.blueprints.phrases.customers import documents as customers
from portal.blueprints.phrases.scripts import documents as scripts
from portal.blueprints.phrases.technique import documents as technique
from portal.i18n import Later, in_language
from portal.kernel.documents import Kind
from portal.kernel.phrase_check import compile_rules, shipped

# Of a customer type: what it is called, how to tell it and what is not to be done are no lines to say.
DESCRIBED = ("signs", "why", "avoid")


def texts(said: Any) -> Iterator[str]:
    """Every text in a body, wherever it stands."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for name, each in said.items():
            if not name.startswith(DESCRIBED):
                yield from texts(each)
    elif isinstance(said, list):
        for each in said:
            yield from texts(each)


def sentences(said: Any) -> Iterator[str]:
    """Every sentence of the screen, in both languages."""
    for each in said.values() if isinstance(said, dict) else (said,):
        if isinstance(each, Later):
            yield from (in_language(each.sentence, chinese=chinese) for chinese in (True, False))


@pytest.mark.clause("PG-04")
@pytest.mark.parametrize("kind", [scripts.KIND, customers.KIND, technique.KIND], ids=lambda kind: kind.name)
def test_no_line_that_is_shipped_is_a_hit(kind: Kind) -> None:
    checker = compile_rules(shipped())
    every = [text for _code, body in kind.shipped() for text in texts(dict(body))]
    assert len(every) > 50
    hits = {text: report.findings for text in every if (report := checker.check(text)).findings}
    assert hits.keys() <= {"絮叨型"}  # the name of a type


@pytest.mark.clause("PG-04")
def test_no_line_of_the_call_screen_is_a_hit() -> None:
    checker = compile_rules(shipped())
    every = [text for said in vars(labels).values() for text in sentences(said)]
    assert len(every) > 30
    assert {text: report.findings for text in every if (report := checker.check(text)).findings} == {}
