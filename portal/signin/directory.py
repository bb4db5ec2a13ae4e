"""The company's directory over LDAP: is this the person's password, and who is there. No database, no Flask.

Encrypted with the certificate and its name checked, never a redirect followed, nobody waited for longer than PATIENCE
a step. What goes wrong is `Unreachable`, told to the log; a wrong password is no fault.
"""

from __future__ import annotations

import logging
import ssl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from portal.kernel.accounts import Unreachable
from portal.signin.mapping import Entry

if TYPE_CHECKING:
    from ldap3 import Connection

    from portal.signin.settings import SigninSettings

log = logging.getLogger(__name__)
PATIENCE = 5  # whole seconds for each of: connect, handshake, answer
AGAIN = (
    1  # the same for one that did not answer the last time: a process that waits serves nobody else meanwhile
)
REST = 30.0  # seconds in which a directory that did not answer is not asked again, so that nobody else waits for it
PAGE = 500
MOST = 100_000  # entries of one comparison
# What a directory answers to a password that does not open: wrong, expired, locked, not allowed here or now.
NOT_OPENED = frozenset({19, 48, 49, 50, 53})
_asleep: dict[str, float] = {}  # address -> until when it is left alone, by this process's own clock


@dataclass(frozen=True)
class Directory:
    """The directory that the settings name."""

    settings: SigninSettings

    def check(self, username: str, password: str) -> Entry | None:
        """Who that is, when the password is theirs; None when not. Unreachable.

        An empty password is refused before anything is asked: a directory takes it for an unnamed visit and says yes.
        """
        if not username or not password or "\0" in username + password:
            return None
        with self._connected() as connection:
            found = self._named(connection, username)
            if found is None:
                return None
            dn, entry = found
            return entry if _bind(connection, dn, password) else None

    def find(self, username: str) -> Entry | None:
        """Who that is; None when the directory has nobody, or more than one, of that user name. Unreachable."""
        with self._connected() as connection:
            found = self._named(connection, username)
        return found[1] if found else None

    def everybody(self) -> list[Entry]:
        """Everybody whom the user filter finds, groups included. Unreachable; so is one of whom nobody can be known."""
        with self._connected() as connection:
            rows = self._search(connection, self.settings.ldap_user_filter.replace("{username}", "*"))
            found = [entry for dn, row in rows if (entry := self._entry(connection, dn, row))]
            if rows and not found:
                raise Unreachable(f"each of its {len(rows)} entries lacks {self._needed}")
            return found

    def certificate(self) -> dict[str, Any]:
        """What the directory's certificate says; nothing without encryption. Unreachable."""
        with self._connected() as connection:
            shown: dict[str, Any] = getattr(connection.socket, "getpeercert", dict)()
        return shown or {}

    @property
    def _needed(self) -> str:
        return f"{self.settings.ldap_id_attribute} or {self.settings.ldap_username_attribute}"

    def _named(self, connection: Connection, username: str) -> tuple[str, Entry] | None:
        from ldap3.utils.conv import escape_filter_chars

        wanted = self.settings.ldap_user_filter.replace("{username}", escape_filter_chars(username))
        rows = self._search(connection, wanted, most=2)
        if len(rows) != 1:
            if rows:
                log.error("the directory has several entries for one user name; nobody is let in by it")
            return None
        (dn, row) = rows[0]
        entry = self._entry(connection, dn, row)
        return (dn, entry) if entry else None

    def _entry(self, connection: Connection, dn: str, row: dict[str, list[bytes]]) -> Entry | None:
        s = self.settings
        subject, username = (
            _identifier(row.get(s.ldap_id_attribute.lower())),
            _text(row, s.ldap_username_attribute),
        )
        if not subject or not username:
            log.error("an entry of the directory lacks %s", self._needed)
            return None
        return Entry(
            subject=subject,
            username=username,
            name=_text(row, s.ldap_name_attribute),
            mail=_text(row, s.ldap_mail_attribute),
            departments=_texts(row, s.ldap_department_attribute),
            groups=(*_texts(row, s.ldap_group_attribute), *self._groups(connection, dn)),
        )

    def _groups(self, connection: Connection, dn: str) -> tuple[str, ...]:
        from ldap3.utils.conv import escape_filter_chars

        if not self.settings.ldap_group_filter:
            return ()
        wanted = self.settings.ldap_group_filter.replace("{dn}", escape_filter_chars(dn))
        return tuple(group for group, _ in self._search(connection, wanted, attributes=("1.1",)))

    def _search(
        self, connection: Connection, wanted: str, *, attributes: tuple[str, ...] = (), most: int = MOST
    ) -> list[tuple[str, dict[str, list[bytes]]]]:
        """DN and attributes (names in small letters) of what the filter finds, page by page."""
        from ldap3.core.exceptions import LDAPInvalidFilterError

        s = self.settings
        columns = attributes or tuple(
            filter(
                None,
                (
                    s.ldap_id_attribute,
                    s.ldap_username_attribute,
                    s.ldap_name_attribute,
                    s.ldap_mail_attribute,
                    s.ldap_department_attribute,
                    s.ldap_group_attribute,
                ),
            )
        )
        found: list[tuple[str, dict[str, list[bytes]]]] = []
        cookie = b""
        while True:
            try:
                connection.search(
                    s.ldap_base,
                    wanted,
                    attributes=list(columns),
                    paged_size=min(PAGE, most),
                    paged_cookie=cookie or None,
                    time_limit=PATIENCE,
                )
            except LDAPInvalidFilterError as error:
                raise Unreachable(f"the filter {wanted!r} cannot be read") from error
            _expect(connection, "search")
            found.extend(
                (row["dn"], {name.lower(): values for name, values in row["raw_attributes"].items()})
                for row in connection.response or ()
                if row.get("type") == "searchResEntry"  # a hint at another server is not followed
            )
            controls = (connection.result.get("controls") or {}).get("1.2.840.113556.1.4.319") or {}
            cookie = (controls.get("value") or {}).get("cookie") or b""
            if not cookie or len(found) >= most:
                return found

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection of the account that searches; whatever fails within becomes Unreachable."""
        from ldap3.core.exceptions import LDAPException

        address = self.settings.ldap_url
        if _asleep.get(address, 0.0) > time.monotonic():
            raise Unreachable(f"{address} did not answer a moment ago")
        connection = self._connection(AGAIN if address in _asleep else PATIENCE)
        try:
            self._open(connection)
            yield connection
            _asleep.pop(address, None)
        except Unreachable as error:
            log.error("the directory %s: %s", address, error)
            raise
        except (LDAPException, OSError) as error:
            _asleep[address] = time.monotonic() + REST
            log.error("the directory %s: %s", address, error)
            raise Unreachable(f"{address}: {error}") from error
        finally:
            _leave(connection)

    def _connection(self, patience: int) -> Connection:
        from ldap3 import ANONYMOUS, NONE, SIMPLE, Connection, Server

        s, parts = self.settings, urlsplit(self.settings.ldap_url)
        server = Server(
            parts.hostname,
            port=parts.port or (636 if parts.scheme == "ldaps" else 389),
            use_ssl=parts.scheme == "ldaps",
            tls=_tls(s.ldap_ca_file, parts.hostname or ""),
            connect_timeout=patience,
            get_info=NONE,
        )
        return Connection(
            server,
            user=s.ldap_bind_dn or None,
            password=s.ldap_bind_password or None,
            authentication=SIMPLE if s.ldap_bind_dn else ANONYMOUS,
            receive_timeout=patience,
            auto_referrals=False,
            read_only=True,
        )

    def _open(self, connection: Connection) -> None:
        connection.open(read_server_info=False)
        if self.settings.ldap_starttls:
            connection.start_tls(read_server_info=False)
        connection.bind(read_server_info=False)
        _expect(connection, f"bind of {self.settings.ldap_bind_dn or 'nobody'}")
        connection.socket.settimeout(PATIENCE)  # it is there again, and a search may take its time


def _tls(ca_file: str, host: str) -> Any:
    """TLS as the standard library checks it: chain, time and name; the library's own check of the name is older."""
    from ldap3 import Tls

    class Checked(Tls):
        def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
            context = ssl.create_default_context(cafile=ca_file or None)
            connection.socket = context.wrap_socket(
                connection.socket, server_hostname=host, do_handshake_on_connect=do_handshake
            )

    return Checked(validate=ssl.CERT_REQUIRED)


def _bind(connection: Connection, dn: str, password: str) -> bool:
    """True when the directory opens to that password."""
    from ldap3.core.exceptions import LDAPPasswordIsMandatoryError, LDAPSASLPrepError

    try:
        connection.rebind(user=dn, password=password, authentication="SIMPLE", read_server_info=False)
    except (LDAPSASLPrepError, LDAPPasswordIsMandatoryError):
        return False  # signs that no password can have; whoever types them must not put the directory to rest
    if connection.result["result"] in NOT_OPENED:
        return False
    _expect(connection, "bind of the person")
    return True


def _expect(connection: Connection, what: str) -> None:
    """Unreachable unless the last answer is success, or more than was asked for."""
    if connection.result["result"] not in {0, 4}:
        raise Unreachable(f"{what}: {connection.result['description']}")


def _leave(connection: Connection) -> None:
    from ldap3.core.exceptions import LDAPException

    try:
        if connection.bound:
            connection.unbind()
        elif connection.socket is not None:
            connection.socket.close()  # one that never got through is not closed by the library
    except (LDAPException, OSError) as error:
        log.info("leaving the directory: %s", error)


def _identifier(values: list[bytes] | None) -> str:
    """What identifies an entry, as text; Active Directory keeps sixteen bytes."""
    if not values:
        return ""
    if len(values[0]) == 16:
        return str(uuid.UUID(bytes_le=values[0]))
    try:
        text = values[0].decode("ascii")
    except UnicodeDecodeError:
        return values[0].hex()[:255]
    return text if text.isprintable() and len(text) <= 255 else values[0].hex()[:255]


def _texts(row: dict[str, list[bytes]], name: str) -> tuple[str, ...]:
    return tuple(value.decode("utf-8", "replace") for value in row.get(name.lower(), ()))


def _text(row: dict[str, list[bytes]], name: str) -> str:
    return next(iter(_texts(row, name)), "")
