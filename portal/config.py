"""Every setting: read from PORTAL_<NAME>, typed, with a default that a fresh checkout runs on."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.signin.settings import SigninSettings

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


class BadSetting(ValueError):
    """A setting that the portal cannot start with; the message names it and says how to mend it."""


def _demo(text: str) -> str:
    if text not in {"0", "1", "force"}:
        raise ValueError("write 0, 1 or force")
    return text


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("write 0 or 1")
    return text == "1"


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("write a whole number")
    return int(text)


def _one_of(*codes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in codes:
            raise ValueError(f"write one of {', '.join(codes)}")
        return text

    return read


READ: dict[str, Callable[[str], Any]] = {
    "str": str,
    "Path": Path,
    "ZoneInfo": ZoneInfo,
    "bool": _flag,
    "int": _count,
    "Demo": _demo,
    "Log": _one_of("text", "json"),
    "MailSecurity": _one_of("none", "starttls", "tls"),
    "Messages": _one_of("send", "sink"),
}
# What may stand in a file of its own, named by PORTAL_<NAME>_FILE, so that no list of processes or settings shows it.
SECRET = (
    "database_url", "secret_key", "mail_password", "metrics_token", "ldap_bind_password", "oidc_client_secret",
    "queue_url", "robots_proxy",
)  # fmt: skip
PRIVATE = 0o077  # umask of every process: what the portal writes is for its own user
OFF = {"", "0", "false", "no"}  # what Flask takes for no
Demo = str
Log = str
MailSecurity = str
Messages = str


@dataclass(frozen=True)
class Settings(SigninSettings):
    """Every setting: PORTAL_<NAME>, its type, its default. The README's table is tested against this."""

    database_url: str = ""  # empty: sqlite file in the instance folder
    secret_key: str = ""  # empty: made once, kept in the instance folder
    demo: Demo = "0"
    instance: Path = ROOT / "instance"
    company: str = "示例公司"
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    default_locale: str = "zh_Hans_CN"
    now: str = ""
    base_url: str = ""  # links in mails; empty: none are written
    host: str = "127.0.0.1"
    trusted_proxies: int = 0  # reverse proxies before the portal whose X-Forwarded-* headers count
    secure_cookies: bool = False
    idle_minutes: int = 120
    session_hours: int = 12
    refused_passwords: str = ""  # a file, a password a line; empty: only those that the portal itself knows
    mail_server: str = ""  # host:port; empty: no mail leaves
    mail_from: str = "portal@localhost"
    mail_security: MailSecurity = ""  # empty: by the port
    mail_user: str = ""
    mail_password: str = ""
    mail_ca_file: str = ""  # empty: the system's
    virus_scanner: str = ""  # clamd's socket, or host:port; empty: no file is looked at by one
    messages: Messages = "send"  # sink: nothing leaves the house, the outbox shows what would have
    messages_kept_days: int = 90  # how long the outbox remembers what has left
    robots_hosts: str = ""  # hosts beside the vendors' own, with commas
    robots_loopback: bool = False
    robots_proxy: str = ""
    robots_ca_file: str = ""  # empty: those that come with the portal
    metrics_token: str = ""
    queue_url: str = ""  # redis://…; empty: the database, or a file beside SQLite, wakes the workers
    log: Log = "text"
    slow_ms: int = 1000  # a request that takes longer is logged

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Settings from PORTAL_* variables; BadSetting names the variable that cannot be read."""
        if environ.get("FLASK_DEBUG", "").lower() not in OFF:
            raise BadSetting(
                "FLASK_DEBUG is on, and faults would show the program and its data to whoever is there: unset it"
            )
        given: dict[str, Any] = {}
        for field in fields(cls):
            name = f"PORTAL_{field.name.upper()}"
            text = written(field.name, environ)
            if not text:
                continue
            try:
                given[field.name] = READ[str(field.type)](text)
            except (ValueError, ZoneInfoNotFoundError) as error:
                raise BadSetting(f"{name}={text!r} cannot be used: {error}") from error
        # `make run` and process managers speak of HOST; the demo accounts must not be reachable from outside.
        if "host" not in given and environ.get("HOST"):
            given["host"] = environ["HOST"]
        settings = cls(**given)
        settings.check()
        return settings

    def check(self) -> None:
        """Raise BadSetting when the settings together are unsafe."""
        if self.demo == "1" and self.host not in LOOPBACK:
            raise BadSetting(
                f"demo accounts would be reachable at {self.host}: unset PORTAL_DEMO, or set PORTAL_DEMO=force"
            )
        self._check_address()
        self._check_queue()
        self._check_mail()
        self._check_files()
        if self.now and not self.is_demo:
            raise BadSetting(
                "PORTAL_NOW moves the clock and is only for demo mode: set PORTAL_DEMO=1 or unset it"
            )
        if self.ldap_url or self.oidc_issuer:
            from portal.signin import checks

            for fault in checks.faults(self, self.base_url):
                raise BadSetting(fault)

    def _check_address(self) -> None:
        if not self.base_url:
            return  # web server and worker insist on one, see `starting`; commands do without
        try:
            parts = urlsplit(self.base_url)
            scheme, host = parts.scheme, parts.hostname
        except ValueError:
            scheme, host = "", None
        if scheme not in {"http", "https"} or not host:
            raise BadSetting(
                f"PORTAL_BASE_URL={self.base_url!r} is no address: write it as people type it, such as"
                " https://portal.example.com"
            )
        if scheme == "http" and host not in LOOPBACK and not self.is_demo:
            raise BadSetting(
                f"PORTAL_BASE_URL={self.base_url!r} would have passwords travel in the clear: write https://…, with"
                " a proxy that speaks TLS before the portal (http:// is for this machine alone)"
            )

    def _check_queue(self) -> None:
        if not self.queue_url:
            return
        if not self.queue_url.startswith(("redis://", "rediss://")):
            raise BadSetting(
                "PORTAL_QUEUE_URL takes redis://… or rediss://…; unset it, and the database wakes the workers"
            )
        if importlib.util.find_spec("redis") is None:
            raise BadSetting(
                "PORTAL_QUEUE_URL needs a library that is not installed: pip install redis==8.1.0, or unset it"
            )

    def _check_mail(self) -> None:
        host, colon, port = self.mail_server.rpartition(":")
        if self.mail_server and colon and not (host and port.isascii() and port.isdigit()):
            raise BadSetting(
                f"PORTAL_MAIL_SERVER={self.mail_server!r} cannot be used: write host:port, such as mail.example.com:587"
            )
        if self.mail_user and not self.mail_password:
            raise BadSetting("PORTAL_MAIL_USER is set and PORTAL_MAIL_PASSWORD is not: set both or none")
        if self.mail_user and self.mail_encryption == "none" and self.mail_host not in LOOPBACK:
            raise BadSetting(
                "the mail server's password would travel in the clear: set PORTAL_MAIL_SECURITY to starttls or tls"
            )

    def _check_files(self) -> None:
        if self.virus_scanner and not re.fullmatch(r"/.+|.+:\d+", self.virus_scanner):
            raise BadSetting(
                f"PORTAL_VIRUS_SCANNER={self.virus_scanner!r} cannot be used: write clamd's socket, such as "
                "/run/clamav/clamd.ctl, or host:port"
            )
        kinds = {"mail_ca_file": "certificates (PEM)", "robots_ca_file": "certificates (PEM)"}
        for name, what in (kinds | {"refused_passwords": "a password a line"}).items():
            path = getattr(self, name)
            if path and not Path(path).is_file():
                raise BadSetting(
                    f"PORTAL_{name.upper()}={path!r} is no file: name one with {what}, or unset it"
                )

    @property
    def mail_host(self) -> str:
        """The mail server's name."""
        return self._mail_address[0]

    @property
    def mail_port(self) -> int:
        """The mail server's port; 25 unless given."""
        return int(self._mail_address[1] or 25)

    @property
    def _mail_address(self) -> tuple[str, str]:
        host, _, port = self.mail_server.rpartition(":")
        return (host, port) if host else (port, "")

    @property
    def mail_encryption(self) -> str:
        """`none`, `starttls` or `tls`: as set, else as the port is used everywhere."""
        return self.mail_security or {465: "tls", 587: "starttls"}.get(self.mail_port, "none")

    @property
    def is_dry(self) -> bool:
        """True when no message leaves the house."""
        return self.messages == "sink"

    @property
    def is_demo(self) -> bool:
        """True when demo data and the moved clock are allowed."""
        return self.demo in {"1", "force"}

    @property
    def url(self) -> str:
        """The database's address, absolute; SQLite beside the other instance files unless given."""
        return self.database_url or f"sqlite:///{(self.instance / 'portal.db').absolute()}"

    def own_folder(self) -> None:
        """Make the data folder, for nobody else; the one that comes with the checkout is closed to others."""
        self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.instance.absolute() == ROOT / "instance" and os.name != "nt":
            self.instance.chmod(0o700)

    def with_secret(self) -> Settings:
        """The same settings with a secret key, made once and kept in the instance folder (mode 600)."""
        if self.secret_key:
            return self
        kept = self.instance / "secret_key"
        if not kept.exists():
            self.own_folder()
            fresh = self.instance / f"secret_key.{os.getpid()}"
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32))
            try:
                os.link(fresh, kept)  # the first process wins; the others read its key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return replace(self, secret_key=kept.read_text().strip())

    def for_flask(self) -> dict[str, Any]:
        """What Flask and its extensions read from `app.config`."""
        return {
            "SETTINGS": self,
            "SQLALCHEMY_DATABASE_URI": self.url,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_COOKIE_NAME": "__Host-portal" if self.secure_cookies else "portal",
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_CHECK_DEFAULT": False,
            "WTF_CSRF_SSL_STRICT": False,
            "MAX_CONTENT_LENGTH": 110 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 8 * 1024 * 1024,
            "MAX_FORM_PARTS": 500,
            "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        }


def written(name: str, environ: Mapping[str, str]) -> str:
    """What PORTAL_<NAME> says, or for a secret the file that PORTAL_<NAME>_FILE names; empty when neither is set.

    The line's end in the file does not count. BadSetting when both are set or the file cannot be read.
    """
    variable = f"PORTAL_{name.upper()}"
    text, file = environ.get(variable, ""), environ.get(f"{variable}_FILE", "")
    if name not in SECRET or not file:
        return text
    if text:
        raise BadSetting(f"{variable} and {variable}_FILE are both set: keep one of them")
    try:
        text = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "it is no text"
        raise BadSetting(f"{variable}_FILE={file!r} cannot be read: {reason}") from error
    if not text:
        raise BadSetting(f"{variable}_FILE={file!r} is empty: write the secret into it")
    return text


def keyed(app: Flask) -> str:
    """The application's secret key, put in place on first use."""
    if not app.secret_key:
        app.secret_key = app.config["SETTINGS"].with_secret().secret_key
    return str(app.secret_key)
