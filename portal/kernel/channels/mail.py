"""Mail: one connection a message, encrypted as set, certificates checked, every answer of the server understood."""

from __future__ import annotations

import re
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from portal.kernel.channels import Fault, Message, Problem, Sent

if TYPE_CHECKING:
    from portal.config import Settings

TIMEOUT = 20.0  # seconds for each step; a silent server must not hold the worker for ever
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
MOST_BYTES = 60_000  # of a digest's text
# Of a whole conversation with an answer of 5xx, these say nothing against the message itself.
OURS = {421, 530, 534, 535, 538}


class Mail:
    """The company's mail server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send(self, to: str, message: Message, now: datetime) -> Sent | Problem:
        """Hand one mail over. 4xx and everything about the way there can be tried again, 5xx cannot."""
        if not ADDRESS.fullmatch(to):  # no line break, no second address, nothing to be read in two ways
            return Problem(Fault.RECIPIENT, to, retry=False)
        mail = self._written(to, message, now)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return _answered(Fault.RECIPIENT, code, said)
        except smtplib.SMTPAuthenticationError as error:
            return Problem(Fault.LOGIN, _said(error.smtp_code, error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return _answered(Fault.REFUSED, error.smtp_code, error.smtp_error)
        except ssl.SSLCertVerificationError as error:
            return Problem(Fault.CERTIFICATE, error.verify_message)
        except (OSError, smtplib.SMTPException) as error:
            # A silence in the middle of the conversation is told as a broken connection.
            if isinstance(error, TimeoutError) or "timed out" in str(error):
                return Problem(Fault.SILENT, self.settings.mail_host)
            return Problem(Fault.UNREACHABLE, f"{type(error).__name__}: {error}")
        return Sent()

    def certificate(self) -> dict[str, Any]:
        """What the server's certificate says. OSError, SMTPException; nothing without encryption."""
        with self._connected() as server:
            shown: dict[str, Any] = getattr(server.sock, "getpeercert", dict)()
        return shown or {}

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        # Its own search for our name may take seconds.
        name = settings.mail_from.rpartition("@")[2].rstrip(">") or "localhost"
        host, port = settings.mail_host, settings.mail_port
        server: smtplib.SMTP
        if settings.mail_encryption == "tls":
            server = smtplib.SMTP_SSL(
                host, port, local_hostname=name, timeout=TIMEOUT, context=self._trusted()
            )
        else:
            server = smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT)
        try:
            if settings.mail_encryption == "starttls":
                server.starttls(context=self._trusted())
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
        except BaseException:
            server.close()
            raise
        return server

    def _trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.settings.mail_ca_file or None)

    def _written(self, to: str, message: Message, now: datetime) -> EmailMessage:
        """Plain text only: nothing is fetched when it is read, and nothing in it can pretend to be something else."""
        sender = self.settings.mail_from
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, to
        mail["Subject"] = " ".join(message.subject.split())
        mail["Date"] = format_datetime(now)
        # The same one whenever it is tried again: after a kill between sending and marking, mail programs show it once.
        mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].rstrip('>') or 'localhost'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if len(message.items) == 1:
            item = message.items[0]
            body = "\n\n".join(filter(None, [message.again, item.text, item.link]))
        else:
            body, _ = message.text(MOST_BYTES)
        mail.set_content(f"{body}\n", cte="base64")  # no old server on the way can damage it
        return mail


def _answered(fault: Fault, code: int, said: bytes | str) -> Problem:
    """What an answer of the server means: 5xx about the message is for good."""
    if code < 500 or code in OURS:
        return Problem(Fault.LATER, _said(code, said))
    return Problem(fault, _said(code, said), retry=False)


def _said(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {text}"
