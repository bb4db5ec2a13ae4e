"""Install Debian packages that no Python index has: as root only; otherwise the command is printed.

`python -m tests.system_packages [PACKAGE …]`; without names, what PDFs and Chinese screenshots need.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

FOR_PRINTING = (
    "fonts-noto-cjk",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
)
PATIENCE = 900  # seconds for one call of apt-get; a browser with fonts is 190 MB
OPTIONS = (
    "-q",
    "-y",
    "-o=Acquire::Retries=3",
    "-o=Acquire::http::Timeout=60",
    "-o=Acquire::https::Timeout=60",
    "-o=DPkg::Lock::Timeout=300",
    "-o=Dpkg::Use-Pty=0",
)


def is_debian() -> bool:
    """True where packages come from apt (Debian, Ubuntu and their kin)."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def missing(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that dpkg does not know as installed, in the given order."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        timeout=60,
    )
    there = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in there]


def install(packages: Sequence[str]) -> bool:
    """See to it that `packages` are installed; False, with a sentence on stderr, when that cannot be done."""
    if not is_debian():
        _say(f"Not a Debian system: install by hand what these are called there: {' '.join(packages)}")
        return False
    wanted = missing(packages)
    if not wanted:
        return True
    command = ["install", "--no-install-recommends", *wanted]
    if os.geteuid() != 0:
        _say(f"Missing system packages; install them with:\n    sudo apt-get {' '.join(command)}")
        return False
    _say(f"Installing system packages: {' '.join(wanted)}")
    # The lists of a fresh machine are empty and those of an old one are stale: both show as a failure.
    done = _apt(*command) or (_apt("update") and _apt(*command))
    if not done:
        _say(f"apt-get could not install: {' '.join(missing(packages))}")
    return done


def _apt(*arguments: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            ["apt-get", *OPTIONS, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        _say(f"apt-get {arguments[0]} did not finish in {PATIENCE} s")
        return False
    if done.returncode != 0:
        _say("\n".join(done.stdout.splitlines()[-8:]))
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """0 whether or not it could install: what a test cannot do without, that test's own check decides."""
    install(arguments or FOR_PRINTING)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
