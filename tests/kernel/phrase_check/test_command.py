"""`phrases check` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import create_app
from portal.config import Settings

pytestmark = pytest.mark.clause("PG-04")


Said = list[dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Said]:
    """What the command prints in a place where there is neither a database nor an instance."""
    nowhere = tmp_path / "nowhere"
    runner = create_app(Settings(instance=nowhere)).test_cli_runner()

    def check(*arguments: str, typed: str | None = None) -> Said:
        answer = runner.invoke(args=["phrases", "check", *arguments], input=typed)
        assert (answer.exit_code, nowhere.exists()) == (0, False), answer.output
        return [json.loads(line) for line in answer.stdout.splitlines()]

    return check


def test_texts_as_an_argument_and_a_line_each(run: Callable[..., Said]) -> None:
    (said,) = run("您好，不归我管。")
    (found,) = said["findings"]
    expected = {
        "start": 3,
        "end": 7,
        "phrase": "不归我管",
        "severity": "block",
        "rule": "not-mine",
        "clause": "PG-04",
    }
    assert {key: found[key] for key in expected} == expected
    assert said["severity"] == "block"
    assert found["alternative"] == found["alternatives"][0]
    lines = run(typed="急什么\n\n您好\r\n我保证明天修好\n应该可以吧")
    assert [each["severity"] for each in lines] == ["block", "none", "none", "warn", "advice"]
