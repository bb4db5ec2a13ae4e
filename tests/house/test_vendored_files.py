"""The browser's files: vendored ones as the lock file says, ours small and within the content policy."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static"
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))
VENDOR = ROOT / ".ci" / "vendor"


def symbols() -> set[str]:
    """The names of the icons that the sprite holds."""
    return set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))


def test_the_vendored_files_are_those_of_the_lock_file() -> None:
    done = subprocess.run([sys.executable, VENDOR / "vendor.py", "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), "run .ci/vendor/vendor.py"


def test_a_changed_vendored_file_is_found(tmp_path: Path) -> None:
    for name in json.loads((VENDOR / "vendor.lock.json").read_text())["sha256"]:
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
    copied = tmp_path / ".ci" / "vendor"
    copied.mkdir(parents=True)
    for name in ("vendor.py", "vendor.json", "vendor.lock.json", "package.json"):
        (copied / name).write_bytes((VENDOR / name).read_bytes())
    with (tmp_path / "portal" / "static" / "vendor" / "htmx.min.js").open("a") as script:
        script.write(" ")
    (tmp_path / "portal" / "static" / "vendor" / "other.js").write_text("")

    done = subprocess.run([sys.executable, copied / "vendor.py", "--check"], capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "portal/static/vendor/htmx.min.js is not what vendor.lock.json records",
        "portal/static/vendor/other.js was put there by hand",
    ]


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(r"""\bicon\(\s*["']([a-z-]+)["']""", template.read_text(encoding="utf-8"))
    }
    assert named <= symbols(), "add the icon to .ci/vendor/vendor.json and run .ci/vendor/vendor.py"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_what_the_content_policy_forbids(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    forbidden = re.findall(
        r"<style\b|\s(?:style|on[a-z]+|hx-on[:-]?\S*)=|javascript:|<script(?![^>]*\ssrc=)", text
    )
    assert forbidden == [], "put it into portal/static/css or portal/static/js"


def test_every_static_file_that_a_template_names_exists() -> None:
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(r"""static_url\("([^"]+\.\w+)"\)""", template.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (STATIC / name).is_file()] == []


ALONE = {
    "arrival",
    "charts",
    "check",
    "kiosk",
    "phrases",
    "roster",
    "search",
    "wall",
}  # scripts that only the pages load which need them


def test_our_own_styles_and_scripts_stay_small() -> None:
    styles = sum(
        (STATIC / "css" / f"{name}.css").stat().st_size for name in ("tokens", "dark", "frame", "parts")
    )
    scripts = {path.stem: path.stat().st_size for path in (STATIC / "js").glob("*.js")}
    assert styles < 22_000, "bytes of the style sheets that every page loads"
    assert sum(size for name, size in scripts.items() if name not in ALONE) < 12_000, "bytes of our scripts"
    assert all(scripts[name] < 6_000 for name in ALONE), "bytes of a page's own script"
