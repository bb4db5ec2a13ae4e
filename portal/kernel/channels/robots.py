"""What the robots of all vendors have in common: one careful POST, and what its answer means.

No redirect is followed, no proxy of the environment is used, the answer is read up to a limit, and the connection goes
to the number that was checked.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol

from portal.kernel.channels import Fault, Message, Problem, Sent
from portal.kernel.channels.addresses import BadAddress, Place, RobotKind, place, resolved

if TYPE_CHECKING:
    import requests

    from portal.config import Settings

TIMEOUT = (5.0, 10.0)  # seconds to connect, and between two pieces of the answer
LONGEST = 30.0  # seconds for the whole of it
MOST_BYTES = 64 * 1024  # of an answer
LONGEST_WAIT = timedelta(hours=8)  # a Retry-After beyond is not believed
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """What is sent to a robot: the query's further parameters and the body."""

    body: dict[str, Any]
    query: str = ""


class Vendor(Protocol):
    """How one chat service is spoken to."""

    kind: RobotKind

    def ask(self, message: Message, secret: str, now: datetime) -> Asked:
        """The message in the vendor's form, signed when there is a secret."""

    def understand(self, answer: dict[str, Any]) -> Sent | Problem:
        """What the vendor's answer means."""


class Robot:
    """A robot of one vendor at one address."""

    def __init__(self, settings: Settings, vendor: Vendor, secret: str) -> None:
        self.settings, self.vendor, self.secret = settings, vendor, secret

    def send(self, to: str, message: Message, now: datetime) -> Sent | Problem:
        """Post the message to the robot's address `to`."""
        asked = self.vendor.ask(message, self.secret, now)
        try:
            where = place(
                self.vendor.kind,
                to,
                hosts=self.settings.robots_hosts,
                loopback=self.settings.robots_loopback,
            )
        except BadAddress as error:
            return Problem(Fault.ADDRESS, error.code, retry=False)
        answer = self._post(where, asked, now)
        return answer if isinstance(answer, Problem) else self.vendor.understand(answer)

    def _post(self, where: Place, asked: Asked, now: datetime) -> dict[str, Any] | Problem:
        # Loaded late: an office without robots never needs it.
        import requests

        try:
            number = "" if self.settings.robots_proxy else resolved(where)
            with self._session(where, number) as session:
                # The way stands in the adapter; what fails is told without the address, whose query is a secret.
                answer = session.post(
                    _url(where, number, asked.query),
                    data=json.dumps(asked.body, ensure_ascii=False).encode(),
                    headers={"Content-Type": "application/json; charset=utf-8", "Host": _netloc(where)},
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                )
                with answer:
                    return _read(answer, now)
        except BadAddress as error:
            return Problem(Fault.ADDRESS, error.code, retry=False)
        except requests.exceptions.SSLError:
            return Problem(Fault.CERTIFICATE, where.host)
        except requests.exceptions.ConnectTimeout:
            return Problem(Fault.UNREACHABLE, where.host)
        except requests.exceptions.Timeout:
            return Problem(Fault.SILENT, where.host)
        except (requests.exceptions.RequestException, OSError) as error:
            # A read that times out in the middle of an answer is told as a broken connection.
            silent = "timed out" in str(error).lower()
            return Problem(Fault.SILENT if silent else Fault.UNREACHABLE, where.host)

    def _session(self, where: Place, number: str) -> requests.Session:
        import requests

        session = requests.Session()
        session.trust_env = False
        session.verify = self.settings.robots_ca_file or True
        if number:
            if where.scheme == "https":
                session.mount("https://", _pinned(where.host))
        else:
            session.proxies = {"http": self.settings.robots_proxy, "https": self.settings.robots_proxy}
        return session


def _pinned(host: str) -> requests.adapters.HTTPAdapter:
    """The way to a number whose certificate must be that of the name."""
    from requests.adapters import HTTPAdapter

    class Pinned(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **more: Any) -> None:
            super().init_poolmanager(*args, server_hostname=host, assert_hostname=host, **more)

    return Pinned()


def _url(where: Place, number: str, query: str) -> str:
    host = number or where.host
    target = where.target + (("&" if "?" in where.target else "?") + query if query else "")
    return f"{where.scheme}://{f'[{host}]' if ':' in host else host}:{where.port}{target}"


def _netloc(where: Place) -> str:
    host = f"[{where.host}]" if ":" in where.host else where.host
    return host if where.port == 443 else f"{host}:{where.port}"


def _read(answer: requests.Response, now: datetime) -> dict[str, Any] | Problem:
    """The vendor's answer, or what its status says."""
    status = answer.status_code
    if 300 <= status < 400:
        return Problem(Fault.REDIRECT, str(status), retry=False)
    if status == 429:
        return Problem(Fault.RATE, str(status), after=_after(answer.headers.get("Retry-After", ""), now))
    if status >= 500:
        after = _after(answer.headers.get("Retry-After", ""), now, at_least=timedelta())
        return Problem(Fault.STATUS, str(status), after=after)
    read, until = b"", time.monotonic() + LONGEST
    for piece in answer.iter_content(8192):
        read += piece
        if len(read) > MOST_BYTES or time.monotonic() > until:
            return Problem(Fault.UNREADABLE, str(status), retry=False)
    try:
        found = json.loads(read)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found  # vendors tell their own codes, some of them with a status of 400
    return Problem(Fault.STATUS if status >= 400 else Fault.UNREADABLE, str(status), retry=False)


def _after(told: str, now: datetime, at_least: timedelta = A_MINUTE) -> timedelta:
    """How long a Retry-After asks to wait, as seconds or as a moment."""
    if told.isascii() and told.isdigit() and len(told) < 7:
        wait = timedelta(seconds=int(told))
    else:
        try:
            moment = parsedate_to_datetime(told)
            wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
        except (TypeError, ValueError):
            wait = timedelta()
    return min(max(wait, at_least), LONGEST_WAIT)


def code_of(answer: dict[str, Any], *names: str) -> int | None:
    """The first of these that the answer has, as a number; None when it has none."""
    for name in names:
        found = answer.get(name)
        if isinstance(found, (int, str)) and str(found).lstrip("-").isdigit():
            return int(found)
    return None


def refused(code: int | None, said: object) -> Problem:
    """A robot's own refusal: its number and its words, which is what the vendor's pages are searched for."""
    if code is None:
        return Problem(Fault.UNREADABLE, str(said)[:200], retry=False)
    return Problem(Fault.REFUSED, f"{code} {str(said)[:200]}", retry=False)
