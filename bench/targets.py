"""What is measured: the requests of a browser that is logged in, and what the rounds said about each of them."""

from __future__ import annotations

import itertools
import re
import secrets
import statistics
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import click

from bench import clients
from bench.clients import Answers
from bench.servers import Server
from portal.demo import PASSWORD

CROWD = 16
WORDS = ("门锁", "发票", "师傅", "报修", "更换")
LIST, DEEP, SEARCH = "list fragment", "deep in the list", "two-character search"
CASE, UNCHANGED, REGISTERING = "case page", "unchanged fragment", "registering"
ARCHIVED = "/complaints/?state=archived"
FRAGMENT = {"HX-Request": "true", "HX-Target": "case-list"}  # what htmx sends when the list asks for itself
Headers = dict[str, str]
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


@dataclass
class Visitor:
    """A browser that is logged in at the measured portal."""

    server: Server
    cookie: str = ""
    token: str = ""

    def log_in(self, username: str = "desk1") -> None:
        """As a person does: fetch the form, send it, keep the cookie."""
        steps = self.logging_in(username)
        answer: bytes | None = None
        with suppress(StopIteration):
            while True:
                asked = next(steps) if answer is None else steps.send(answer)
                answer = clients.once(self.server.port, asked)

    def logging_in(self, username: str) -> Generator[bytes, bytes, None]:
        """What that asks for, step by step; each wants its answer before the next."""
        page = yield clients.request("GET", "/login", {})
        self._keep(page)
        typed = {"username": username, "password": PASSWORD, "csrf_token": token(page)}
        answer = yield self.asks("POST", "/login", body=urlencode(typed).encode())
        if clients.status(answer) != 303:
            raise click.ClickException(f"the login answered {clients.status(answer)}")
        self._keep(answer)
        form = yield self.asks("GET", "/complaints/new")
        self._keep(form)  # the session's own token lies in it
        self.token = token(form)

    def asks(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> bytes:
        """The bytes of a request of this browser."""
        own = {"Cookie": self.cookie, "Accept-Language": "zh-CN"}
        return clients.request(method, path, own | (headers or {}), body)

    def gets(self, path: str, headers: Headers | None = None) -> bytes:
        """The whole answer to one request."""
        return clients.once(self.server.port, self.asks("GET", path, headers))

    def _keep(self, answer: bytes) -> None:
        if found := re.search(rb"\r\nset-cookie: (portal=[^;]+)", answer, re.IGNORECASE):
            self.cookie = found[1].decode()


def token(page: bytes) -> str:
    """The token against forged requests in a page's form."""
    found = TOKEN.search(page)
    if found is None:
        raise click.ClickException("the page has no csrf_token")
    return (found[1] or found[2]).decode()


@dataclass
class Target:
    """One thing that is measured, and what all rounds said about it."""

    name: str
    server: Server
    make: Callable[[], Iterator[bytes]]
    expected: int = 200
    runs: dict[int, list[Answers]] = field(default_factory=lambda: {1: [], CROWD: []})
    spent: list[float] = field(default_factory=list)  # milliseconds of processor a request, at 16 clients

    @property
    def cpu(self) -> float:
        """Milliseconds of processor time that the web processes need for a request; the median of the rounds."""
        return statistics.median(self.spent)

    def rate(self, crowd: int) -> float:
        """Answers a second; the median of the rounds."""
        return statistics.median(run.rate for run in self.runs[crowd])

    def within(self, crowd: int, share: int) -> float:
        """The median of the rounds' percentiles, in milliseconds."""
        return statistics.median(run.percentile(share) for run in self.runs[crowd])

    def measure(self, seconds: float) -> None:
        """One round: a little warm-up, one client, then the crowd with its processor time."""
        port = self.server.port
        clients.drive(port, self.make(), 2, 0.1)
        self.runs[1].append(clients.drive(port, self.make(), 1, seconds))
        before = self.server.cpu()
        crowd = clients.drive(port, self.make(), CROWD, seconds)
        self.spent.append((self.server.cpu() - before) / len(crowd.latencies) * 1000)
        self.runs[CROWD].append(crowd)
        wrong = {code: n for code, n in crowd.statuses.items() if code != self.expected}
        # With a new minute a tag is out of date and the page is drawn in full.
        if wrong and not (self.expected == 304 and set(wrong) == {200}):
            raise click.ClickException(f"{self.name}: answers {wrong} instead of {self.expected}")


def bare(server: Server) -> Target:
    """H, the measure of everything."""
    return Target("bare Flask (H)", server, lambda: itertools.repeat(clients.request("GET", "/", {})))


def listing(visitor: Visitor) -> Target:
    """The list as the page fetches it anew."""
    asked = visitor.asks("GET", "/complaints/", FRAGMENT)
    return Target(LIST, visitor.server, lambda: itertools.repeat(asked))


def writing(visitor: Visitor) -> Target:
    """Registering complaints, no two alike."""
    return Target(REGISTERING, visitor.server, lambda: registrations(visitor), expected=303)


def reading(visitor: Visitor, count: int) -> list[Target]:
    """Everything that changes nothing, on an instance with so many cases."""

    def always(path: str, headers: Headers) -> Callable[[], Iterator[bytes]]:
        return lambda: itertools.repeat(visitor.asks("GET", path, headers))

    def searching() -> Iterator[bytes]:
        asked = [visitor.asks("GET", f"/complaints/?words={quote(word)}", FRAGMENT) for word in WORDS]
        return itertools.cycle(asked)

    def unchanged() -> Iterator[bytes]:
        tag = re.search(rb'\r\netag: ("[^"]+")', visitor.gets("/complaints/", FRAGMENT), re.IGNORECASE)
        headers = {"If-None-Match": tag[1].decode()} if tag else {}
        return itertools.repeat(visitor.asks("GET", "/complaints/", FRAGMENT | headers))

    server, newest = visitor.server, newest_in(visitor.gets(ARCHIVED, FRAGMENT))
    return [
        listing(visitor),
        Target(DEEP, server, always(f"/complaints/?before={count // 2}", FRAGMENT)),
        Target("list filtered", server, always(f"{ARCHIVED}&department=tech", FRAGMENT)),
        Target(SEARCH, server, searching),
        Target(CASE, server, always(f"/complaints/{newest}", {})),
        Target(UNCHANGED, server, unchanged, expected=304),
    ]


def newest_in(page: bytes) -> str:
    """The number of the first case of a list."""
    found = re.search(rb"<tr><td><a href=(TS-\d{8}-\d{4,})", page)
    if found is None:
        raise click.ClickException("the list shows no case")
    return found[1].decode()


def registrations(visitor: Visitor) -> Iterator[bytes]:
    """Complaints as the form sends them."""
    while True:
        yield visitor.asks("POST", "/complaints/new", body=urlencode(typed(visitor.token)).encode())


def typed(csrf_token: str) -> dict[str, str]:
    """The fields of a new complaint with words of its own."""
    return {
        "csrf_token": csrf_token,
        "idempotency_key": secrets.token_hex(16),
        "kind": "complaint",
        "channel": "phone",
        "category": "product",
        "urgency": "normal",
        "content": f"门锁一体机识别不了指纹，孩子在门外等了两个小时。登记编码 {secrets.token_hex(8)}",
        "demand": "尽快更换，并说明原因。",
        "customer_name": "陈桂芳",
        "customer_phone": "19900001001",
        "customer_address": "云汀市鹭洲区梧桐里22号",
        "read_back": "yes",
    }
