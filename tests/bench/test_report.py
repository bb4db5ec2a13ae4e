"""A goal is reached or missed by the medians of the rounds."""

from __future__ import annotations

from typing import Any

import click
import pytest

from bench import report
from bench.clients import Answers
from bench.targets import CROWD, LIST, Target, newest_in, token

NO_SERVER: Any = None


def target(name: str, *rates: int) -> Target:
    """A target whose rounds had these rates."""
    found = Target(name, NO_SERVER, NO_SERVER)
    found.runs[CROWD] = [Answers(1.0, [1 / rate] * rate) for rate in rates]
    return found


@pytest.mark.parametrize(
    ("found", "at_least", "said"),
    [(1.25, False, "reached"), (1.26, False, "missed"), (1.25, True, "reached"), (1.24, True, "missed")],
)
def test_a_goal_is_a_ceiling_or_a_floor(
    found: float, at_least: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.told("P7", "list, CPU", found, 1.25, "x", at_least=at_least)
    assert capsys.readouterr().out.endswith(f"goal 1.25: {said}\n")


def test_one_bad_round_does_not_decide(capsys: pytest.CaptureFixture[str]) -> None:
    sqlite, postgres = target(LIST, 100, 90, 10), target(LIST, 63, 400, 1)
    report.shares([sqlite], [postgres])
    assert "70.00 % of SQLite" in capsys.readouterr().out


def test_without_postgresql_there_is_no_share(capsys: pytest.CaptureFixture[str]) -> None:
    report.shares()
    assert capsys.readouterr().out == ""


def test_what_a_page_gives_is_found_or_missed_loudly() -> None:
    assert newest_in(b"<tr><td><a href=TS-20261121-0001>") == "TS-20261121-0001"
    assert token(b'<input name="csrf_token" type="hidden" value="abc">') == "abc"
    with pytest.raises(click.ClickException):
        newest_in(b"<p>nothing here")
    with pytest.raises(click.ClickException):
        token(b"<p>nothing here")
