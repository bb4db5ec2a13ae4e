"""The measured data is made once and whole; what a run registers stays in its copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import data, postgres
from portal.config import Settings
from tests import throwaway_postgres


@pytest.fixture(autouse=True)
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which instances were filled; filling them is not the matter here."""
    counts: list[int] = []

    def fill(settings: Settings, count: int) -> None:
        counts.append(count)
        settings.instance.mkdir()
        (settings.instance / "portal.db").write_text(f"{count} cases")

    monkeypatch.setattr(data, "fill", fill)
    monkeypatch.setattr(data, "_root", lambda: tmp_path)
    return counts


def test_data_is_made_once_for_each_number_of_cases(made: list[int]) -> None:
    folder = data.instance(100)
    assert data.instance(100) == folder
    assert data.instance(200) != folder
    assert made == [100, 200]
    data.instance(100, fresh=True)
    assert made == [100, 200, 100]


def test_data_that_was_not_finished_is_not_used(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(settings: Settings, count: int) -> None:
        settings.instance.mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(data, "fill", killed)
        with pytest.raises(KeyboardInterrupt):
            data.instance(100)
    assert (data.instance(100) / "portal.db").read_text() == "100 cases"


def test_a_run_works_on_a_copy() -> None:
    folder = data.instance(100)
    with data.copied(folder) as copy:
        assert (copy / "portal.db").read_text() == "100 cases"
        (copy / "portal.db").write_text("101 cases")
    assert not copy.exists()
    assert (folder / "portal.db").read_text() == "100 cases"


def test_without_postgresql_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(throwaway_postgres, "find_programs", lambda: None)
    before = dict(throwaway_postgres.OPTIONS)
    with postgres.instance(100) as found:
        assert found is None
        assert throwaway_postgres.OPTIONS["fsync"] == "on"
    assert capsys.readouterr().out.startswith("P14 is not measured: No PostgreSQL")
    assert before == throwaway_postgres.OPTIONS
