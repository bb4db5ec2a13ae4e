"""A private OpenLDAP server for the tests: made in a temporary folder with certificates of its own, gone afterwards.

`python -m tests.throwaway_slapd --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ldap3 import Connection

from tests import certificates, private_server
from tests.private_server import Absent

PLACES = (
    "/usr/sbin/slapd",
    "/usr/lib/slapd",
    "/usr/libexec/slapd",
    "/opt/homebrew/opt/openldap/libexec/slapd",
)
MODULES = ("/usr/lib/ldap", "/usr/lib64/openldap", "/opt/homebrew/opt/openldap/libexec/openldap")
SCHEMAS = ("/etc/ldap/schema", "/etc/openldap/schema", "/opt/homebrew/etc/openldap/schema")
BASE = "dc=example,dc=com"
ADMIN, ADMIN_PASSWORD = f"cn=portal,{BASE}", "searches only"


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
    """A fresh directory for the length of the block; Absent when it cannot be had."""
    program = find_program()
    if program is None:
        raise Absent(absence())
    folder = Path(tempfile.mkdtemp(prefix="portal-slapd-"))
    try:
        with _started(program, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def for_tests() -> Iterator[Slapd]:
    """The body of a session fixture; without slapd it skips, or fails where that is required."""
    yield from KIND.for_tests(running)


def find_program() -> Path | None:
    """The server's program, or None."""
    return next((Path(place) for place in PLACES if os.access(place, os.X_OK)), None)


def absence() -> str:
    """The sentence for a machine without slapd."""
    return "No OpenLDAP server was found: install it (Debian: apt-get install slapd) to test logins by a directory."


@contextmanager
def _started(program: Path, folder: Path) -> Iterator[Slapd]:
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
    port, tls_port = private_server.free_ports(2)
    places = f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"
    command = [own, "-d", "0", "-f", folder / "slapd.conf", "-h", places]
    with private_server.started(command, folder, lambda: private_server.listens(tls_port)):
        yield Slapd(port, tls_port, folder / "authority.pem")


KIND = private_server.Kind("tests.throwaway_slapd", "slapd", lambda: find_program() is not None, absence)

if __name__ == "__main__":
    sys.exit(KIND.ensure(sys.argv[1:]))
