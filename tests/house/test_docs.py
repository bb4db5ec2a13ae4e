"""The documents: drawn from the code, linked to what is there, naming settings and commands that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from docs import generate
from docs.pictures import PICTURES
from portal import create_app
from portal.config import ROOT, SECRET, Settings
from portal.demo import ACCOUNTS, PASSWORD

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
DEPLOY = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {f"PORTAL_{field.name.upper()}" for field in fields(Settings)}
FILES = {f"PORTAL_{name.upper()}_FILE" for name in SECRET}
OF_THE_TESTS = {"PORTAL_CHROMIUM", "PORTAL_REQUIRE_POSTGRES"}


def test_the_architecture_page_shows_the_code_as_it_is() -> None:
    written = generate.PAGE.read_text(encoding="utf-8")
    assert generate.drawn(written) == written, "docs/architecture.md is stale: make docs"


def test_a_part_without_a_place_is_noticed() -> None:
    with pytest.raises(ValueError, match="no place for states"):
        generate.drawn("# A page without marks")


def test_the_readme_lists_every_setting_once() -> None:
    table = README.partition("## Settings")[2].partition("Of the commands")[0]
    listed = re.findall(r"^\| `(PORTAL_\w+)` \|", table, re.MULTILINE)
    assert sorted(listed) == sorted(SETTINGS)


@pytest.mark.parametrize("page", [*PAGES, *DEPLOY], ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(page: Path) -> None:
    named = set(re.findall(r"PORTAL_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    assert named - SETTINGS - FILES - OF_THE_TESTS == set()


@pytest.mark.parametrize("page", [*PAGES, *GUIDE], ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files, pictures, and the headings that a link names."""
    missing = []
    for link, heading in re.findall(
        r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")
    ):
        there = page.parent / link if link else page
        if not there.exists() or (heading and heading not in _headings(there)):
            missing.append(f"{link}#{heading}")
    assert missing == []


def _headings(page: Path) -> list[str]:
    """The headings of a page as a link names them: small letters and digits, hyphens for blanks."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for words in found]


def test_every_picture_of_the_guide_is_taken_shown_and_small() -> None:
    shown = {
        name
        for page in GUIDE
        for name in re.findall(r"\]\(([\w-]+)\.png\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {picture.name for picture in PICTURES}
    files = {path.stem: path.stat().st_size for path in (ROOT / "docs/guide").glob("*.png")}
    assert set(files) == shown, "make pictures"
    assert {name for name, size in files.items() if size > 200 * 1024} == set()


def test_the_readme_knows_every_command(app: Flask) -> None:
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    ours = set(app.cli.commands)
    assert {name for name in ours if f"`{name}" not in table} == set()


def test_the_readme_knows_every_demo_account() -> None:
    assert f"`{PASSWORD}`" in README
    names = [name for names, _ in ACCOUNTS for name in names.split(", ")]
    assert [name for name in names if f"`{name}`" not in README] == []


def test_the_screenshot_is_small() -> None:
    assert (ROOT / "docs/screenshot.png").stat().st_size < 300 * 1024


def test_a_proxy_is_believed_only_when_it_is_counted(tmp_path: Path) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}
    for proxies, host in ((0, "localhost"), (1, "evil.example")):
        app = create_app(Settings(instance=tmp_path, trusted_proxies=proxies))
        location = app.test_client().get("/complaints", headers=forged).location
        assert location == f"http://{host}/complaints/"
