"""A private OpenLDAP server for the tests: made in a temporary folder with certificates of its own, gone afterwards.

`python -m tests.throwaway_slapd --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from ldap3 import Connection

from portal.supervisor import tied_to
from tests import certificates, system_packages
from tests.throwaway_postgres import required

PLACES = (
    "/usr/sbin/slapd",
    "/usr/lib/slapd",
    "/usr/libexec/slapd",
    "/opt/homebrew/opt/openldap/libexec/slapd",
)
MODULES = ("/usr/lib/ldap", "/usr/lib64/openldap", "/opt/homebrew/opt/openldap/libexec/openldap")
SCHEMAS = ("/etc/ldap/schema", "/etc/openldap/schema", "/opt/homebrew/etc/openldap/schema")
START_PATIENCE = 20.0
BASE = "dc=example,dc=com"
ADMIN, ADMIN_PASSWORD = f"cn=portal,{BASE}", "searches only"


class NoDirectory(RuntimeError):
    """No slapd that starts; the message says why and what to do."""


@dataclass(frozen=True)
class Slapd:
    """A running directory whose contents belong to the tests."""

    port: int
    tls_port: int
    authority: Path  # of its certificate, which is made out for localhost

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        """A connection that may change everything."""
        connection = Connection(f"ldap://127.0.0.1:{self.port}", ADMIN, ADMIN_PASSWORD, auto_bind=True)
        try:
            yield connection
        finally:
            connection.unbind()

    def fill(self, entries: dict[str, dict[str, str | list[str]]]) -> None:
        """These entries and no others, by their place under the base."""
        with self.admin() as connection:
            connection.search(BASE, "(objectClass=*)", attributes=["1.1"])
            for row in sorted(connection.response, key=lambda row: -len(row["dn"])):
                connection.delete(row["dn"])
        self.fill_more(entries)

    def fill_more(self, entries: dict[str, dict[str, str | list[str]]]) -> None:
        """These entries beside those that are there."""
        with self.admin() as connection:
            for place, attributes in entries.items():
                dn = f"{place},{BASE}" if place else BASE
                assert connection.add(dn, attributes=attributes), connection.result


@contextmanager
def running() -> Iterator[Slapd]:
    """A fresh directory for the length of the block; NoDirectory when it cannot be had."""
    program = find_program()
    if program is None:
        raise NoDirectory(absence())
    folder = Path(tempfile.mkdtemp(prefix="portal-slapd-"))
    try:
        process, server = _start(program, folder)
        try:
            yield server
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def for_tests() -> Iterator[Slapd]:
    """The body of a session fixture; without slapd it skips, or fails where that is required."""
    try:
        with running() as server:
            yield server
    except NoDirectory as error:
        if required():
            pytest.fail(str(error))
        pytest.skip(str(error))


def find_program() -> Path | None:
    """The server's program, or None."""
    return next((Path(place) for place in PLACES if os.access(place, os.X_OK)), None)


def absence() -> str:
    """The sentence for a machine without slapd."""
    return "No OpenLDAP server was found: install it (Debian: apt-get install slapd) to test logins by a directory."


def _start(program: Path, folder: Path) -> tuple[subprocess.Popen[bytes], Slapd]:
    schema = next((place for place in SCHEMAS if Path(place).is_dir()), "")
    modules = next((place for place in MODULES if Path(place).is_dir()), "")
    certificates.make(folder, "localhost")
    (folder / "data").mkdir()
    (folder / "slapd.conf").write_text(
        f"""
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
moduleload memberof
TLSCACertificateFile {folder}/authority.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
directory {folder}/data
maxsize 10485760
dbnosync
suffix "{BASE}"
rootdn "{ADMIN}"
rootpw "{ADMIN_PASSWORD}"
sizelimit size.soft=500 size.hard=500 size.pr=500 size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by * read
overlay memberof
""",
        encoding="utf-8",
    )
    # A copy: where AppArmor guards the system's own program, it may read nothing in this folder.
    own = shutil.copy2(program, folder / "slapd")
    port, tls_port = _free_ports()
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                own,
                "-d",
                "0",
                "-f",
                folder / "slapd.conf",
                "-h",
                f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}",
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=tied_to(os.getpid(), signal.SIGKILL),  # noqa: PLW1509 -- only libc is called in it
        )
    last = time.monotonic() + START_PATIENCE
    while not _answers(tls_port):
        if process.poll() is not None or time.monotonic() > last:
            process.kill()
            process.wait()
            raise NoDirectory(f"slapd did not start: {log.read_text(errors='replace').strip()}")
        time.sleep(0.02)
    return process, Slapd(port, tls_port, folder / "authority.pem")


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def main(arguments: Sequence[str]) -> int:
    """0 with slapd, or without where that is allowed; 1 where it is required; 2 for a bad argument."""
    if list(arguments) != ["--ensure"]:
        print("usage: python -m tests.throwaway_slapd --ensure", file=sys.stderr)
        return 2
    if find_program() is None and system_packages.is_debian():
        system_packages.install(["slapd"])
    if find_program() is not None:
        return 0
    line = "*" * 78
    print(f"{line}\n{absence()}\n{line}", file=sys.stderr, flush=True)
    return 1 if required() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
