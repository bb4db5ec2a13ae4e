"""A private nginx for the tests, with the very file that an installation gets: only names and ports are other ones.

`python -m tests.throwaway_nginx --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.config import ROOT
from tests import certificates, private_server
from tests.private_server import Absent

PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
NAME = "portal.example.com"  # as in the file
# What stands around a site's file in Debian's nginx.conf, without its user and its own logs.
AROUND = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running proxy before the portal."""

    plain_port: int
    tls_port: int
    authority: Path  # of its certificate


@contextmanager
def running(portal: int) -> Iterator[Nginx]:
    """A fresh proxy before the portal at that port, for the length of the block; Absent when it cannot be had."""
    program = find_program()
    if program is None:
        raise Absent(absence())
    folder = Path(tempfile.mkdtemp(prefix="portal-nginx-"))
    try:
        certificates.make(folder, NAME)
        plain_port, tls_port = private_server.free_ports(2)
        (folder / "portal.conf").write_text(_here(folder, portal, plain_port, tls_port), encoding="utf-8")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
        # As root its workers would be another user's and could not enter this folder.
        as_root = [] if os.geteuid() else ["-g", "user root;"]
        command: list[str | Path] = [
            program,
            "-p",
            folder,
            "-e",
            "stderr",
            "-c",
            folder / "nginx.conf",
            *as_root,
        ]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=20)
        assert tried.returncode == 0, tried.stderr
        assert "[warn]" not in tried.stderr
        with private_server.started(command, folder, lambda: private_server.listens(tls_port)):
            yield Nginx(plain_port, tls_port, folder / "authority.pem")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _here(folder: Path, portal: int, plain_port: int, tls_port: int) -> str:
    """The installation's file for this folder and these ports; a change that it does not know is an error."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for written, meant in (
        ("127.0.0.1:8000;", f"127.0.0.1:{portal};"),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls_port} ssl http2;"),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/etc/ssl/portal/fullchain.pem", f"{folder}/server.pem"),
        ("/etc/ssl/portal/privkey.pem", f"{folder}/server.key"),
    ):
        assert text.count(written) == 1, f"deploy/nginx.conf has {written!r} no longer once"
        text = text.replace(written, meant)
    return text


def find_program() -> Path | None:
    """The server's program, or None."""
    return next((Path(place) for place in PLACES if os.access(place, os.X_OK)), None)


def absence() -> str:
    """The sentence for a machine without nginx."""
    return (
        "No nginx was found: install it (Debian: apt-get install nginx-light) to test the file of the proxy."
    )


KIND = private_server.Kind(
    "tests.throwaway_nginx", "nginx-light", lambda: find_program() is not None, absence
)

if __name__ == "__main__":
    sys.exit(KIND.ensure(sys.argv[1:]))
