"""Bring the browser's third-party files into the tree at exact versions, and prove that they are still those.

`python .ci/vendor/vendor.py` installs what package-lock.json pins into a temporary folder (npm checks each
package's integrity hash), copies the files that vendor.json lists, draws the icon sprite and writes
vendor.lock.json. `--check` needs neither npm nor a network: it compares the tree with vendor.lock.json.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENDORED = ROOT / "portal" / "static" / "vendor"
LOCK = HERE / "vendor.lock.json"

SPRITE = '<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
)


def main(arguments: list[str]) -> int:
    """Vendor or check; 0 when all is well, 1 when the tree differs from the lock file."""
    parser = argparse.ArgumentParser(description="Vendor the browser's third-party files.")
    parser.add_argument("--check", action="store_true", help="compare the tree with vendor.lock.json only")
    if not parser.parse_args(arguments).check:
        vendor()
    differences = check()
    for difference in differences:
        print(difference, file=sys.stderr)
    return 1 if differences else 0


def vendor() -> None:
    """Copy every listed file out of the pinned packages, draw the sprite, write the lock file."""
    plan = read(HERE / "vendor.json")
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to vendor anew; --check works without it")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, folder)
        subprocess.run([npm, "ci"], cwd=folder, check=True)
        packages = Path(folder) / "node_modules"
        shutil.rmtree(VENDORED, ignore_errors=True)
        VENDORED.mkdir(parents=True)
        for target, source in plan["files"].items():
            shutil.copyfile(packages / source, ROOT / target)
        drawn = sprite(plan["sprite"]["icons"], packages)
        (ROOT / plan["sprite"]["file"]).write_text(drawn, encoding="utf-8")
    LOCK.write_text(json.dumps(locked(plan), indent=2) + "\n", encoding="utf-8")


def sprite(icons: dict[str, str], packages: Path) -> str:
    """One SVG with a symbol for each icon, named as the portal names it, in the colour of its text."""
    return SPRITE.format(symbols="\n".join(symbol(name, source, packages) for name, source in icons.items()))


def symbol(name: str, source: str, packages: Path) -> str:
    """The drawing of one icon without its invisible 24 x 24 background and its class names."""
    drawing = (packages / "@tabler/icons/icons/outline" / f"{source}.svg").read_text(encoding="utf-8")
    shapes = re.findall(r"<(?:path|circle|line|rect|polyline)\b[^>]*/>", drawing)
    visible = [re.sub(r"\s*/>$", "/>", shape) for shape in shapes if 'stroke="none"' not in shape]
    if not visible:
        raise ValueError(f"icon {source} has no shape that can be drawn")
    return SYMBOL.format(name=name, shapes="".join(visible))


def locked(plan: dict[str, Any]) -> dict[str, Any]:
    """What the lock file says: the version of each package and the SHA-256 of each file."""
    versions = {
        path.removeprefix("node_modules/"): package["version"]
        for path, package in read(HERE / "package-lock.json")["packages"].items()
        if path
    }
    targets = sorted([*plan["files"], plan["sprite"]["file"]])
    return {"packages": versions, "sha256": {target: digest(ROOT / target) for target in targets}}


def check() -> list[str]:
    """Every way in which the tree differs from the lock file, a sentence each; empty when it does not."""
    plan, lock = read(HERE / "vendor.json"), read(LOCK)
    expected: dict[str, str] = lock["sha256"]
    planned = {*plan["files"], plan["sprite"]["file"]}
    found = {path.relative_to(ROOT).as_posix() for path in VENDORED.rglob("*") if path.is_file()}
    pinned = read(HERE / "package.json")["dependencies"]
    return [
        *(f"{name} is missing" for name in expected if not (ROOT / name).is_file()),
        *(
            f"{name} is not what vendor.lock.json records"
            for name, sha256 in expected.items()
            if (ROOT / name).is_file() and digest(ROOT / name) != sha256
        ),
        *(
            f"{name} is in vendor.json but not in vendor.lock.json"
            for name in sorted(planned - expected.keys())
        ),
        *(
            f"{name} is in vendor.lock.json but not in vendor.json"
            for name in sorted(expected.keys() - planned)
        ),
        *(f"{name} was put there by hand" for name in sorted(found - expected.keys())),
        *(
            f"{name} is pinned to {version}, but {lock['packages'].get(name)} was vendored"
            for name, version in pinned.items()
            if lock["packages"].get(name) != version
        ),
    ]


def digest(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path: Path) -> Any:
    """A JSON file's content."""
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
