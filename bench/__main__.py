"""python -m bench [N]: measure list, search, case page, registering and polls with N cases, beside a bare Flask page."""

from __future__ import annotations

import itertools
import re
import secrets
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

import click
from flask.testing import FlaskClient

from bench import clients, data, servers
from bench.clients import Answers
from bench.inside import FRAGMENT, Inside
from bench.servers import Server
from portal.demo import PASSWORD

CROWD = 16
WORDS = ("门锁", "发票", "师傅", "报修", "更换")
Headers = dict[str, str]
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


@dataclass
class Visitor:
    """A browser that is logged in at the measured portal."""

    port: int
    cookie: str = ""
    token: str = ""

    def log_in(self) -> None:
        """As a person does: fetch the form, send it, keep the cookie."""
        page = clients.once(self.port, clients.request("GET", "/login", {}))
        self._keep(page)
        typed = {"username": "desk1", "password": PASSWORD, "csrf_token": _token(page)}
        answer = clients.once(self.port, self.asks("POST", "/login", body=urlencode(typed).encode()))
        if clients.status(answer) != 303:
            raise click.ClickException(f"the login answered {clients.status(answer)}")
        self._keep(answer)
        form = clients.once(self.port, self.asks("GET", "/complaints/new"))
        self._keep(form)  # the session's own token lies in it
        self.token = _token(form)

    def asks(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> bytes:
        """The bytes of a request of this browser."""
        return clients.request(
            method, path, {"Cookie": self.cookie, "Accept-Language": "zh-CN"} | (headers or {}), body
        )

    def _keep(self, answer: bytes) -> None:
        if found := re.search(rb"\r\nset-cookie: (portal=[^;]+)", answer, re.IGNORECASE):
            self.cookie = found[1].decode()


def _token(page: bytes) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise click.ClickException("the page has no csrf_token")
    return (found[1] or found[2]).decode()


@dataclass
class Target:
    """One thing that is measured, and what all rounds said about it."""

    name: str
    goal: str
    make: Callable[[], Iterator[bytes]]
    expected: int = 200
    floor: float = 0.0  # share of H that is the goal, at 16 clients
    runs: dict[int, list[Answers]] = field(default_factory=lambda: {1: [], CROWD: []})
    cpu: list[float] = field(default_factory=list)  # milliseconds a request, at 16 clients

    def rate(self, crowd: int) -> float:
        """The median of the rounds."""
        return statistics.median(run.rate for run in self.runs[crowd])

    def within(self, crowd: int, share: int) -> float:
        """The median of the rounds' percentiles, in milliseconds."""
        return statistics.median(run.percentile(share) for run in self.runs[crowd])


@click.command()
@click.argument("count", type=click.IntRange(100, 10_000_000), default=20_000)
@click.option("--rounds", type=click.IntRange(1, 50), default=3, help="Medians are of so many rounds.")
@click.option("--seconds", type=float, default=1.5, help="How long each thing is measured in a round.")
@click.option("--fresh", is_flag=True, help="Make the data anew.")
def main(count: int, rounds: int, seconds: float, fresh: bool) -> None:
    """Measure the portal with COUNT cases."""
    folder = data.instance(count, fresh=fresh)
    with servers.running(servers.bare()) as bare, servers.running(servers.portal(folder)) as portal:
        started = (bare.started_in, portal.started_in)
        visitor = Visitor(portal.port)
        visitor.log_in()
        bottom, targets = _targets(visitor, Inside(folder), count)
        for _ in range(rounds):
            _measure(bottom, bare, seconds)
            for target in targets:
                _measure(target, portal, seconds)
        _print_rates(bottom, targets)
        memory = portal.memory()
    _print_rest(folder, started, memory)


def _targets(visitor: Visitor, inside: Inside, count: int) -> tuple[Target, list[Target]]:
    newest, number = inside.newest()
    middle = f"/complaints/?before={max(newest - count // 2, 60)}"

    def always(path: str, headers: Headers | None = None) -> Callable[[], Iterator[bytes]]:
        return lambda: itertools.repeat(visitor.asks("GET", path, headers))

    def searching() -> Iterator[bytes]:
        asked = [visitor.asks("GET", f"/complaints/?words={quote(word)}", FRAGMENT) for word in WORDS]
        return itertools.cycle(asked)

    def unchanged() -> Iterator[bytes]:
        answer = clients.once(visitor.port, visitor.asks("GET", "/complaints/", FRAGMENT))
        tag = re.search(rb'\r\netag: ("[^"]+")', answer, re.IGNORECASE)
        headers = {"If-None-Match": tag[1].decode()} if tag else {}
        return itertools.repeat(visitor.asks("GET", "/complaints/", FRAGMENT | headers))

    bottom = Target("bare Flask (H)", "", lambda: itertools.repeat(clients.request("GET", "/", {})))
    filtered = "/complaints/?state=archived&department=tech"
    return bottom, [
        Target("list fragment", "P1: 25 % of H", always("/complaints/", FRAGMENT), floor=0.25),
        Target("deep in the list", "P8: 1.3 x page one", always(middle, FRAGMENT)),
        Target("list filtered", "", always(filtered, FRAGMENT)),
        Target("two-character search", "P5: p95 6 x H (1 client)", searching),
        Target("case page", "P3: 30 % of H", always(f"/complaints/{number}"), floor=0.30),
        Target("registering", "P4: p99 5 x H", lambda: _registrations(visitor), expected=303),
        Target("unchanged fragment", "P10: 60 % of H", unchanged, expected=304, floor=0.60),
    ]


def _registrations(visitor: Visitor) -> Iterator[bytes]:
    """Complaints as the form sends them, no two alike."""
    while True:
        unique = secrets.token_hex(8)
        typed = {
            "csrf_token": visitor.token,
            "idempotency_key": secrets.token_hex(16),
            "kind": "complaint",
            "channel": "phone",
            "category": "product",
            "urgency": "normal",
            "content": f"门锁一体机识别不了指纹，孩子在门外等了两个小时。登记编码 {unique}",
            "demand": "尽快更换，并说明原因。",
            "customer_name": "陈桂芳",
            "customer_phone": "19900001001",
            "customer_address": "云汀市鹭洲区梧桐里22号",
            "read_back": "yes",
        }
        yield visitor.asks("POST", "/complaints/new", body=urlencode(typed).encode())


def _measure(target: Target, server: Server, seconds: float) -> None:
    """One round of one thing: a little warm-up, one client, then the crowd with its processor time."""
    clients.drive(server.port, target.make(), 2, 0.1)
    target.runs[1].append(clients.drive(server.port, target.make(), 1, seconds))
    before = server.cpu()
    crowd = clients.drive(server.port, target.make(), CROWD, seconds)
    target.cpu.append((server.cpu() - before) / len(crowd.latencies) * 1000)
    target.runs[CROWD].append(crowd)
    wrong = {code: n for code, n in crowd.statuses.items() if code != target.expected}
    # With a new minute or a registration between, a tag is out of date and the page is drawn in full.
    if wrong and not (target.expected == 304 and set(wrong) == {200}):
        raise click.ClickException(f"{target.name}: answers {wrong} instead of {target.expected}")


def _print_rates(bottom: Target, targets: list[Target]) -> None:
    columns = ("", "1: /s", "p50", "p95", "p99", "16: /s", "p50", "p95", "p99 ms", "CPU ms", "of H", "goal")
    click.echo("{:22}{:>8}{:>7}{:>7}{:>7}{:>9}{:>8}{:>8}{:>8}{:>8}{:>7}  {}".format(*columns))
    for target in (bottom, *targets):
        figures = [f"{target.name:22}"]
        for crowd, wide in ((1, 7), (CROWD, 8)):
            figures.append(f"{target.rate(crowd):{wide + 1}.0f}")
            figures += [f"{target.within(crowd, share):{wide}.2f}" for share in (50, 95, 99)]
        share = target.rate(CROWD) / bottom.rate(CROWD)
        figures += [f"{statistics.median(target.cpu):8.2f}", f"{share:7.0%}", f"  {target.goal}"]
        if target.floor:
            figures.append(": reached" if share >= target.floor else ": missed")
        click.echo("".join(figures))
    by_name = {target.name: target for target in targets}
    page, deep = by_name["list fragment"], by_name["deep in the list"]
    searched, taken = by_name["two-character search"], by_name["registering"]
    _told("P2", "list p95 at 16 clients", page.within(CROWD, 95) / bottom.within(CROWD, 95), 2, "x H")
    _told("P4", "registering p99 at 16 clients", taken.within(CROWD, 99) / bottom.within(CROWD, 99), 5, "x H")
    _told("P5", "search p95 at 1 client", searched.within(1, 95) / bottom.within(1, 95), 6, "x H")
    _told(
        "P8", "deep page, CPU", statistics.median(deep.cpu) / statistics.median(page.cpu), 1.3, "x page one"
    )


def _told(goal: str, what: str, found: float, most: float, unit: str) -> None:
    click.echo(
        f"{goal:4}{what:36}{found:10.2f} {unit:12} goal {most:g}: {'reached' if found <= most else 'missed'}"
    )


def _print_rest(folder: Path, started: tuple[float, float], memory: float) -> None:
    inside = Inside(folder)
    _, number = inside.newest()
    show, new = f"/complaints/{number}", next(_registrations(Visitor(0)))
    pages = {
        "list": (lambda c: c.get("/complaints/", headers=FRAGMENT), 4),
        "case": (lambda c: c.get(show), 6),
        "search": (lambda c: c.get(f"/complaints/?words={quote(WORDS[0])}", headers=FRAGMENT), 5),
    }
    for name, (call, most) in pages.items():
        _told("P9", f"statements of {name}", inside.statements(call), most, "")
    form = dict(_form_of(new)) | {"csrf_token": _token(inside.client.get("/complaints/new").data)}

    def register(client: FlaskClient) -> None:
        client.post("/complaints/new", data=form | {"idempotency_key": secrets.token_hex(16)})

    inside.statements(register)  # what is read once a process
    _told("P9", "statements of registering", inside.statements(register), 12, "")
    for name, path, fragment, most in (
        ("fragment of 50 rows", "/complaints/", True, 16),
        ("list, whole page", "/complaints/", False, 24),
        ("case page", show, False, 24),
    ):
        raw, packed = inside.weight(path, fragment=fragment)
        _told("P11", f"{name}, raw", raw / 1024, most, "KB")
        _told("P11", f"{name}, compressed", packed / 1024, 4, "KB")
    _told("P6", "index alone, two characters", inside.index(WORDS[0]), 1, "ms")
    _told("P12", "first answer after the start", started[1] / started[0], 1.5, "x H")
    _told("P12", "memory of the web processes", memory, 140, "MB")
    _told("P13", "Jinja, one row of the list", inside.template(), 12, "us")


def _form_of(request: bytes) -> list[tuple[str, str]]:
    return parse_qsl(request.partition(clients.END)[2].decode())


if __name__ == "__main__":
    main()
