"""python -m bench.people [N]: a company at its desks: so many people at once, each thinking before the next step."""

from __future__ import annotations

import heapq
import itertools
import random
import selectors
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import click

from bench import clients, data, postgres, report, servers, targets
from bench.clients import Answers, Client
from bench.servers import Server
from bench.targets import FRAGMENT, WORDS, Visitor

THINKING = 6.0  # seconds between an answer and the next step, on average
# Who sits there; each person has a session of their own.
DESKS, OTHERS = (
    ("desk1", "desk2"),
    ("lead.tech", "lead.market", "emp.tech", "emp.impl", "emp.admin", "office1", "gm"),
)
DESK_SHARE = 4  # every so many is at the front desk, and registers
FINE = (200, 303, 304)
MOST_ON_POSTGRES = 100_000  # cases; more take too long to make for each run
CHANCE = random.Random(7)


@dataclass(frozen=True)
class Person:
    """A browser, the newest case that this person may see, a connection of its own."""

    who: Visitor
    case: str
    client: Client


Step = tuple[str, Callable[[Person], bytes], int]  # what, its request, how often in a hundred
READS: tuple[Step, ...] = (
    ("case list", lambda one: one.who.asks("GET", "/complaints/", FRAGMENT), 25),
    ("case page", lambda one: one.who.asks("GET", f"/complaints/{one.case}"), 25),
    ("search", lambda one: one.who.asks("GET", f"/complaints/?words={quote(CHANCE.choice(WORDS))}", FRAGMENT), 15),
    ("search everywhere", lambda one: one.who.asks("GET", f"/search?q={quote(CHANCE.choice(WORDS))}"), 5),
    ("my day", lambda one: one.who.asks("GET", "/"), 15),
    ("visitors", lambda one: one.who.asks("GET", "/reception/visits/"), 10),
)  # fmt: skip
WRITES: tuple[Step, ...] = (
    ("registering", lambda one: one.who.asks("POST", "/complaints/new", body=_typed(one.who)), 20),
)


@click.command()
@click.argument("count", type=click.IntRange(100, 10_000_000), default=20_000)
@click.option("--people", type=click.IntRange(1, 2000), default=200)
@click.option("--seconds", type=float, default=60)
def main(count: int, people: int, seconds: float) -> None:
    """Let PEOPLE work for SECONDS on COUNT cases: on SQLite, and on PostgreSQL where there is one."""
    report.disturbance()
    with ExitStack() as stack:
        folder = stack.enter_context(data.copied(data.instance(count)))
        _told("SQLite", stack.enter_context(servers.running(servers.portal(folder))), people, seconds)
    if count > MOST_ON_POSTGRES:
        return
    with ExitStack() as stack:
        if (found := stack.enter_context(postgres.instance(count))) is not None:
            _told("PostgreSQL", stack.enter_context(servers.running(servers.portal(*found))), people, seconds)


def _told(name: str, server: Server, people: int, seconds: float) -> None:
    everybody = list(_logged_in(server, people))
    before = server.cpu()
    answers = work(everybody, seconds)
    spent, asked = server.cpu() - before, sum(len(each.latencies) for each in answers.values())
    click.echo(
        f"{people} people on {name}: {asked / seconds:.0f} requests a second, {spent / seconds:.2f} cores"
    )
    for what, each in answers.items():
        wrong = {code: n for code, n in each.statuses.items() if code not in FINE}
        p50, p95, p99 = (each.percentile(share) for share in (50, 95, 99))
        click.echo(
            f"  {what:20}{len(each.latencies):7}{p50:9.1f}{p95:9.1f}{p99:9.1f} ms{f'  {wrong}' if wrong else ''}"
        )
    click.echo(f"  memory {server.memory():.0f} MB")


def _logged_in(server: Server, people: int) -> Iterator[Person]:
    desks, others = itertools.cycle(DESKS), itertools.cycle(OTHERS)
    for place in range(people):
        who = Visitor(server, next(others) if place % DESK_SHARE else next(desks))
        who.log_in()
        yield Person(who, targets.newest_in(who.gets("/complaints/", FRAGMENT)), Client(server.port))


def work(everybody: list[Person], seconds: float) -> dict[str, Answers]:
    """What came back, by what was asked; latencies hold what a person waits, the server's queue included."""
    answers: defaultdict[str, Answers] = defaultdict(Answers)
    watch, order = selectors.DefaultSelector(), itertools.count()  # the latter between two of the same moment
    began = time.perf_counter()
    ends = began + seconds
    thinking = [(began + CHANCE.uniform(0, THINKING), next(order), one) for one in everybody]
    heapq.heapify(thinking)
    while watch.get_map() or thinking[0][0] < ends:
        now = time.perf_counter()
        while thinking and thinking[0][0] < min(now, ends):
            *_, one = heapq.heappop(thinking)
            what, request = _next_step(one.who)
            one.client.ask(request(one))
            watch.register(one.client.socket, selectors.EVENT_READ, (one, what))
        pause = thinking[0][0] - now if thinking and thinking[0][0] < ends else clients.PATIENCE
        for key, _ in watch.select(max(0.0, pause)):
            one, what = key.data
            if (answer := one.client.read()) is None:
                continue
            now = time.perf_counter()
            answers[what].latencies.append(now - one.client.sent_at)
            answers[what].statuses[clients.status(answer)] += 1
            watch.unregister(one.client.socket)
            heapq.heappush(thinking, (now + CHANCE.expovariate(1 / THINKING), next(order), one))
    for one in everybody:
        one.client.socket.close()
    return dict(answers)


def _next_step(who: Visitor) -> tuple[str, Callable[[Person], bytes]]:
    steps = (*READS, *WRITES) if who.username in DESKS else READS
    return CHANCE.choices([step[:2] for step in steps], [step[2] for step in steps])[0]


def _typed(who: Visitor) -> bytes:
    return urlencode(targets.typed(who.token)).encode()


if __name__ == "__main__":
    main()
