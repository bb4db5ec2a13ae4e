"""python -m bench.soak [MINUTES]: people at work on every kind of page; what they were answered, how memory grew.

A person opens pages by the links of the pages before, each kind as often as another, and now and then records
something or touches a verb. Without a pause that is 200 people who never lift their hands; with one, an hour's work.
"""

from __future__ import annotations

import heapq
import html
import os
import random
import re
import secrets
import selectors
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import click

from bench import clients, data, report, servers, targets
from bench.clients import Answers, Client
from bench.servers import Server
from bench.targets import Visitor
from portal.demo import ACCOUNTS

CASES = 1_000  # that are there before, unless chosen otherwise
SLOWEST = 12  # sorts of address that are told at the end
MOST = 5  # addresses of one kind that a person remembers
WRITES = 0.1  # share of what is sent that changes something
WARM = 5  # minutes after which caches are full; growth is reckoned from then on
GROWTH = 0.05  # the goal
LONG = 5.0  # seconds after which no answer at the end is a fault
LINK = re.compile(rb'href="?(/[^"#> ]*)')
PARTICULAR = re.compile(r"\d+|(?<==)[^&]*")
NUMBER = re.compile(rb"location: \S*((?:TS|LF)-\d{8}-\d{4,})", re.IGNORECASE)
# What may be touched on a case; whether it may is for the portal to say.
TOUCHES: tuple[tuple[str, dict[str, str]], ...] = (
    ("note", {"note": "已电话联系客户。"}),
    ("route", {}),
    ("accept", {"handler": "emp.tech"}),
    ("contact", {"note": "已说明进度。"}),
    ("propose", {"findings": "墨盒开裂", "finding": "mistake", "solution": "换新墨盒"}),
    ("approve", {"note": "同意"}),
    ("resolve", {"result": "已更换"}),
    ("report", {"answer": "已修好，请您放心使用。"}),
)
Life = Generator[bytes, bytes, None]


@dataclass
class Town:
    """What is known of all that happened: answers of the present minute and of all of them, cases that were recorded."""

    minute: Answers = field(default_factory=Answers)
    whole: Answers = field(default_factory=Answers)
    kinds: dict[str, Answers] = field(
        default_factory=lambda: defaultdict(Answers)
    )  # by method and sort of address
    wrong: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    waiting: set[Seat] = field(default_factory=set)  # who has asked and has no answer yet
    inside: int = 0  # people who are logged in


@dataclass
class Person(Visitor):
    """One browser, who has it, and the addresses it has seen by their kind."""

    town: Town = field(default_factory=Town)
    chance: random.Random = field(default_factory=random.Random)
    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def life(self, username: str) -> Life:
        """Log in, then work for ever: what is asked goes out, what is answered comes in."""
        yield from self.logging_in(username)
        self.town.inside += 1
        self.seen["/"] = ["/"]
        while True:
            if self.chance.random() < WRITES:
                yield from self._write()
                continue
            path = self.chance.choice(self.seen[self.chance.choice(list(self.seen))])
            answer = yield self.asks("GET", path)
            if clients.status(answer) == 200 and b"text/html" in answer[:2000]:
                self._remember(answer)

    def _remember(self, page: bytes) -> None:
        for found in LINK.findall(page):
            path = html.unescape(found.decode())
            if path.startswith("/static/"):
                continue
            kept = self.seen[PARTICULAR.sub("", path)]
            if path not in kept:
                del kept[: max(0, len(kept) - MOST + 1)]
                kept.append(path)

    def _write(self) -> Life:
        match self.chance.randrange(4):
            case 0:
                answer = yield self._posts("/complaints/new", targets.typed(self.token))
                if found := NUMBER.search(answer):
                    self.town.cases.append(found[1].decode())
            case 1:
                form = {
                    "category": "B",
                    "visitor_name": "王建国",
                    "party_size": "1",
                    "idempotency_key": secrets.token_hex(16),
                }
                answer = yield self._posts("/reception/visits/new", form)
                if found := NUMBER.search(answer):
                    for verb in ("leave", "check"):
                        yield self._posts(f"/reception/visits/{found[1].decode()}/{verb}", {})
            case _ if self.town.cases:
                verb, form = self.chance.choice(TOUCHES)
                yield self._posts(f"/complaints/{self.chance.choice(self.town.cases[-40:])}/{verb}", form)

    def _posts(self, path: str, form: dict[str, str]) -> bytes:
        return self.asks("POST", path, body=urlencode({"csrf_token": self.token} | form).encode())


@dataclass(eq=False)
class Seat:
    """A person at a connection."""

    client: Client
    life: Life
    asked: bytes

    @property
    def title(self) -> str:
        """What was asked last, as method and address."""
        return self.asked.partition(b" HTTP")[0].decode()

    def ask(self, watch: selectors.BaseSelector) -> None:
        """Send what comes next; the server may have closed a connection that was long unused."""
        try:
            self.client.ask(self.asked)
        except OSError:
            self.again(watch)

    def again(self, watch: selectors.BaseSelector) -> None:
        """The same once more, on a new connection."""
        if self.client.socket in watch.get_map():
            watch.unregister(self.client.socket)
        self.client.socket.close()
        self.client = Client(self.client.port)
        watch.register(self.client.socket, selectors.EVENT_READ, self)
        self.client.ask(self.asked)


def work(server: Server, town: Town, people: int, pause: float, seed: int) -> Iterator[float]:
    """Let so many people work, with that many seconds between an answer and the next; yields whenever nobody waits."""
    watch, chance = selectors.DefaultSelector(), random.Random(seed)
    names = [name for line, _ in ACCOUNTS for name in line.split(", ")]
    due: list[tuple[float, int, Seat]] = []
    for n in range(people):
        life = Person(server, town=town, chance=random.Random(seed + n)).life(names[n % len(names)])
        seat = Seat(Client(server.port), life, next(life))
        watch.register(seat.client.socket, selectors.EVENT_READ, seat)
        heapq.heappush(due, (time.perf_counter() + pause * chance.random(), n, seat))
    count = people
    while True:
        now = time.perf_counter()
        yield now
        while due and due[0][0] <= now:
            seat = heapq.heappop(due)[2]
            town.waiting.add(seat)
            seat.ask(watch)
        for key, _ in watch.select(min(1.0, max(0.0, due[0][0] - now) if due else 1.0)):
            seat = key.data
            try:
                answer = seat.client.read()
            except ConnectionError:
                if seat not in town.waiting:
                    watch.unregister(seat.client.socket)  # a connection at rest; asking makes a new one
                    seat.client.socket.close()
                else:
                    seat.again(watch)
                continue
            if answer is None:
                continue
            town.waiting.discard(seat)
            note(town, seat, answer)
            seat.asked = seat.life.send(answer)
            count += 1
            again = time.perf_counter() + pause * chance.uniform(0.5, 1.5)
            heapq.heappush(due, (again, count, seat))


def note(town: Town, seat: Seat, answer: bytes) -> None:
    """Count one answer."""
    took, code = time.perf_counter() - seat.client.sent_at, clients.status(answer)
    method, path, *_ = seat.asked.split(b" ", 2)
    kind = f"{method.decode()} {PARTICULAR.sub('#', path.decode())}"
    for answers in (town.minute, town.whole, town.kinds[kind]):
        answers.latencies.append(took)
        answers.statuses[code] += 1
    if code >= 500:
        town.wrong.append(f"{code} {seat.title}")


def note_unanswered(town: Town) -> None:
    """Whoever has waited for long counts as wrong, the first to ask first: others may only wait for the same process."""
    now = time.perf_counter()
    for seat in sorted(town.waiting, key=lambda seat: seat.client.sent_at):
        if (waited := now - seat.client.sent_at) > LONG:
            town.wrong.append(f"no answer within {waited:.0f} s: {seat.title}")


@contextmanager
def portal(instance: Path) -> Iterator[Server]:
    """The portal as `make run` starts it, web server and worker."""
    port = servers.free_port()
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    own = {"PORTAL_INSTANCE": str(instance), "PORTAL_DEMO": "1", "PORT": str(port)}
    started = (sys.executable, "-m", "portal.supervisor"), others | own, port
    with servers.running(started, patience=600) as server:
        yield server


@click.command()
@click.argument("minutes", type=click.FloatRange(min=0.1), default=1.0)
@click.option("--people", type=click.IntRange(min=1), default=200, help="How many there are.")
@click.option("--pause", type=float, default=0.0, help="Seconds from an answer to that person's next click.")
@click.option(
    "--cases", type=click.IntRange(100, 10_000_000), default=CASES, help="How many are there before."
)
@click.option("--seed", type=int, default=1, help="Which way they go.")
def main(minutes: float, people: int, pause: float, cases: int, seed: int) -> None:
    """Work for MINUTES; fails on an answer of 500 or above, on none, on memory that grew by more than a twentieth."""
    report.disturbance()
    town = Town()
    weighed: list[tuple[float, float]] = []
    with data.copied(data.instance(cases)) as instance, portal(instance) as server:
        began = ends = 0.0
        for now in work(server, town, people, pause, seed):
            if not began:
                if town.inside < people:
                    continue
                began, ends = now, now + minutes * 60
                click.echo(f"{people} people are logged in")
                click.echo(
                    f"{'minute':>6}{'answers':>9}{'p50':>7}{'p95':>8}{'p99':>8} ms{'web':>8}{'worker':>8} MB  statuses"
                )
                town.minute, town.whole = Answers(), Answers()
                town.kinds.clear()
            if now >= min(began + (len(weighed) + 1) * 60, ends):
                weighed.append(servers_memory(server))
                _tell(len(weighed), town.minute, weighed[-1])
                town.minute = Answers()
            if now >= ends:
                note_unanswered(town)
                break
    whole = town.whole
    click.echo(f"{len(whole.latencies)} answers: {dict(sorted(whole.statuses.items()))}")
    _tell_slowest(town)
    grown = _growth(weighed)
    if grown is not None:
        report.told("soak", f"memory, minute {WARM} to {len(weighed)}", grown * 100, GROWTH * 100, "% more")
    for line in town.wrong[:20]:
        click.echo(line, err=True)
    sys.exit(1 if town.wrong or (grown or 0) > GROWTH else 0)


def servers_memory(server: Server) -> tuple[float, float]:
    """Megabytes of the web processes and of the worker."""
    worker = [pid for pid in server.pids() if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    theirs = server.memory(worker)
    return server.memory() - theirs, theirs


def _tell(minute: int, answers: Answers, memory: tuple[float, float]) -> None:
    waits = "".join(f"{answers.percentile(share):{wide}.0f}" for share, wide in ((50, 7), (95, 8), (99, 8)))
    statuses = " ".join(f"{code}: {n}" for code, n in sorted(answers.statuses.items()))
    click.echo(
        f"{minute:6}{len(answers.latencies):9}{waits}   {memory[0]:8.1f}{memory[1]:8.1f}     {statuses}"
    )


def _tell_slowest(town: Town) -> None:
    often = {kind: each for kind, each in town.kinds.items() if len(each.latencies) >= 20}
    for kind in sorted(often, key=lambda kind: -often[kind].percentile(50))[:SLOWEST]:
        answers = often[kind]
        click.echo(
            f"{len(answers.latencies):6}{answers.percentile(50):7.0f}{answers.percentile(95):8.0f} ms  {kind}"
        )


def _growth(weighed: list[tuple[float, float]]) -> float | None:
    """By what share web and worker together have grown since they were warm; nothing for a short run."""
    if len(weighed) <= WARM:
        return None
    before, after = sum(weighed[WARM - 1]), sum(weighed[-1])
    return after / before - 1


if __name__ == "__main__":
    main()
