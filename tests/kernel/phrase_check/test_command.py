"""`phrases check` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal import create_app
from portal.config import Settings

pytestmark = pytest.mark.clause("PG-04")


def run(tmp_path: Path, *arguments: str, typed: str | None = None) -> list[dict[str, object]]:
    """What the command prints in a place where there is neither a database nor an instance."""
    nowhere = tmp_path / "nowhere"
    answer = create_app(Settings(instance=nowhere)).test_cli_runner().invoke(args=["phrases", "check", *arguments], input=typed)
    assert (answer.exit_code, nowhere.exists()) == (0, False), answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_one_text_as_an_argument(tmp_path: Path) -> None:
    (said,) = run(tmp_path, "您好，不归我管。")
    assert said["severity"] == "block"
    (found,) = said["findings"]  # type: ignore[misc]  # a list of one
    assert {key: found[key] for key in ("start", "end", "phrase", "severity")} == {  # type: ignore[index]
        "start": 3, "end": 7, "phrase": "不归我管", "severity": "block",
    }  # fmt: skip
    assert found["alternative"]  # type: ignore[index]


def test_a_text_a_line(tmp_path: Path) -> None:
    said = run(tmp_path, typed="急什么\n\n您好\r\n我保证明天修好\n应该可以吧")
    assert [each["severity"] for each in said] == ["block", "none", "none", "warn", "advice"]
