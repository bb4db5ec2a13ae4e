"""No recommended phrase may itself be a hit, whoever wrote it (PG-04)."""

from __future__ import annotations

import pytest

from portal.blueprints.phrases.library.shipped import shipped
from portal.kernel import phrase_check


@pytest.mark.clause("PG-04")
def test_no_phrase_that_ships_is_a_hit() -> None:
    checker = phrase_check.compile_rules(phrase_check.shipped())
    hits = [
        (code, language, found.phrase, found.rule.code)
        for code, body in shipped()
        for language in ("zh", "en")
        for found in checker.check(body[language]).findings
    ]
    assert hits == []
