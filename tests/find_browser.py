"""Find the browser that the tests drive, or install one; prints its path.

`python -m tests.find_browser [--ensure]` exits 0 with the path on stdout, else 1 with the reason on stderr.
The order: PORTAL_CHROMIUM, Chrome or Chromium on the machine, Playwright's own, the system's package manager.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests import system_packages

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PACKAGES = ("chromium-headless-shell", "fonts-noto-cjk")
OTHERWISE = ("chromium", "fonts-noto-cjk")  # where the system has no package of the first
START_PATIENCE = 60  # seconds for `--version`; the first start on a busy machine is slow
DOWNLOAD_PATIENCE = 600  # seconds for Playwright's own download


class NoBrowser(RuntimeError):
    """No browser that starts; the message says what to do."""


def find() -> Path | None:
    """The first browser that starts, or None; NoBrowser when PORTAL_CHROMIUM names one that does not."""
    if given := os.environ.get("PORTAL_CHROMIUM"):
        if not starts(Path(given)):
            raise NoBrowser(f"PORTAL_CHROMIUM={given} does not start; correct it or unset it")
        return Path(given)
    return next((path for path in _candidates() if starts(path)), None)


def ensure() -> Path:
    """The browser's path, after installing one if there is none; NoBrowser when that is not possible."""
    if found := find():
        return found
    if _by_apt():
        tried = system_packages.install(PACKAGES) or system_packages.install(OTHERWISE)
    else:
        tried = _playwright_install()
    if tried and (found := find()):
        return found
    raise NoBrowser(
        "The browser tests need Chromium or Chrome and none could be found or installed. Install one "
        f"(Debian: apt-get install {' '.join(PACKAGES)}) or name it: PORTAL_CHROMIUM=/path/to/chrome. "
        "Everything else runs with: make quick"
    )


def starts(path: Path) -> bool:
    """True when the program at `path` says a version; Ubuntu's snap stub, for one, does not."""
    if not os.access(path, os.X_OK):
        return False
    try:
        said = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=START_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and any(character.isdigit() for character in said.stdout)


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path)
    yield from map(Path, APPLICATIONS)
    yield _playwrights_own()


def _playwrights_own() -> Path:
    from playwright.sync_api import sync_playwright  # starts a process: only when nothing else was found

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _by_apt() -> bool:
    """Ubuntu's `chromium` package stands for a snap, which cannot be driven: there Playwright downloads."""
    ubuntu = platform.system() == "Linux" and _distribution() == "ubuntu"
    return system_packages.is_debian() and not ubuntu


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("ID", "")
    except OSError:
        return ""


def _playwright_install() -> bool:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with_libraries = ["--with-deps"] if is_root and system_packages.is_debian() else []
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    print("Downloading Playwright's own Chromium", file=sys.stderr, flush=True)
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=DOWNLOAD_PATIENCE).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"The download did not finish in {DOWNLOAD_PATIENCE} s", file=sys.stderr)
        return False


def main(arguments: Sequence[str]) -> int:
    """0 and the path on stdout; 1 and the reason on stderr; 2 for an unknown argument."""
    if list(arguments) not in ([], ["--ensure"]):
        print("usage: python -m tests.find_browser [--ensure]", file=sys.stderr)
        return 2
    try:
        found = ensure() if arguments else find()
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    if found is None:
        print(
            "No browser was found; install one with: python -m tests.find_browser --ensure", file=sys.stderr
        )
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
