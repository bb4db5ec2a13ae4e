"""The README's table of settings is the settings."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from portal.config import BadSetting, Settings

README = Path(__file__).resolve().parents[2] / "README.md"
ROW = re.compile(r"^\|\s*`(PORTAL_[A-Z_]+)`\s*\|\s*(.*?)\s*\|\s*(.+?)\s*\|", re.MULTILINE)


def table() -> dict[str, tuple[str, str]]:
    """Name -> default and meaning, as the README says."""
    return {
        name: (default, meaning) for name, default, meaning in ROW.findall(README.read_text(encoding="utf-8"))
    }


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    # Read outside the application: by the tests, the supervisor and the build.
    outside = {"PORTAL_CHROMIUM", "PORTAL_REQUIRE_POSTGRES"}
    names = {f"PORTAL_{field.name.upper()}" for field in fields(Settings)}
    assert set(table()) - outside == names


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_the_table_says_the_default(field: object) -> None:
    name, default = getattr(field, "name", ""), getattr(field, "default", None)
    written, meaning = table()[f"PORTAL_{name.upper()}"]
    assert meaning
    shown = {True: "1", False: "0"}.get(default, default) if isinstance(default, bool) else default
    if name == "instance":
        assert "instance/" in written
    elif shown not in {"", "0"}:
        assert str(shown) in written, f"{written!r} does not name {shown!r}"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PORTAL_DEMO": "maybe"}, "PORTAL_DEMO"),
        ({"PORTAL_DEMO": "1", "PORTAL_HOST": "0.0.0.0"}, "PORTAL_DEMO"),  # noqa: S104  # refused, which is the point
        ({"PORTAL_DEMO": "1", "HOST": "192.168.1.5"}, "PORTAL_DEMO"),
        ({"PORTAL_NOW": "+1d"}, "PORTAL_NOW"),
        ({"PORTAL_TIMEZONE": "Mars/Olympus"}, "PORTAL_TIMEZONE"),
        ({"PORTAL_IDLE_MINUTES": "soon"}, "PORTAL_IDLE_MINUTES"),
    ],
)
def test_a_bad_setting_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        Settings.from_env(environ)


def test_demo_can_be_forced() -> None:
    forced = Settings.from_env({"PORTAL_DEMO": "force", "PORTAL_HOST": "192.168.1.5", "PORTAL_NOW": "+26h"})
    assert forced.is_demo
