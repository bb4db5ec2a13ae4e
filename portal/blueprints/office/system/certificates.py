"""Until when the certificates of the servers that the portal asks are good: looked at by the worker, once a night."""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.config import Settings
from portal.kernel import runs
from portal.kernel.channels.mail import Mail
from portal.kernel.db import db
from portal.kernel.runs import Run
from portal.signin.directory import Directory

log = logging.getLogger(__name__)
KEPT, LOOKED_AT = "certificates", "certificates-due"
PATIENCE = 5.0  # seconds for each step on the way to the login service
OVER = "certificate has expired"  # as OpenSSL says it, whoever passes it on
Peer = Mapping[str, Any]


def look(_now: datetime) -> Iterator[str]:
    """Ask each server for its certificate and note when that ends; a line for each that has ended.

    What a server said the last time stays while it does not answer: others notice that, and people are told by them.
    """
    known = _kept()
    found = {host: _ends(ask, known.get(host)) for host, ask in _asked(current_app.config["SETTINGS"])}
    with db.write():
        runs.note(KEPT, **{host: ends for host, ends in found.items() if ends is not None})
    for host, ends in found.items():
        if ends == "":
            yield f"the certificate of {host} is over"


def kept(run: Run | None) -> dict[str, datetime | None]:
    """Host -> until when its certificate is good, or None when it was over at the last look."""
    told = run.told if run is not None else {}
    return {host: datetime.fromisoformat(ends) if ends else None for host, ends in told.items()}


def _kept() -> dict[str, str]:
    run = db.session.get(Run, KEPT)
    told: dict[str, str] = run.told if run is not None else {}
    db.session.rollback()  # nobody should wait for this reader while servers take their time
    return told


def _asked(settings: Settings) -> Iterator[tuple[str, Callable[[], Peer]]]:
    """Each server that must show a certificate: its name as the settings have it, and how it is asked for it."""
    if settings.ldap_starttls or settings.ldap_url.startswith("ldaps:"):
        yield urlsplit(settings.ldap_url).netloc, Directory(settings).certificate
    if settings.mail_server and settings.mail_encryption != "none" and not settings.is_dry:
        yield settings.mail_server, Mail(settings).certificate
    if settings.oidc_issuer.startswith("https:"):
        yield urlsplit(settings.oidc_issuer).netloc, lambda: _login_service(settings)


def _ends(ask: Callable[[], Peer], known: str | None) -> str | None:
    """When a certificate ends (ISO), empty when it is over; what is `known` when the server does not show it."""
    try:
        seconds = ssl.cert_time_to_seconds(ask()["notAfter"])
    except (OSError, smtplib.SMTPException) as error:
        log.info("no certificate to look at: %s", error)
        return "" if OVER in str(error) else known
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _login_service(settings: Settings) -> Peer:
    parts = urlsplit(settings.oidc_issuer)
    host = parts.hostname or ""
    trusted = ssl.create_default_context(cafile=settings.oidc_ca_file or None)
    with (
        socket.create_connection((host, parts.port or 443), PATIENCE) as plain,
        trusted.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        return encrypted.getpeercert() or {}


runs.REGULAR[LOOKED_AT] = runs.Regular(look)
