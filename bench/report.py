"""What a run found, as a table and as lines beside the goals."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import quote

import click
from flask.testing import FlaskClient

from bench import phrases, targets
from bench.inside import Inside
from bench.targets import CASE, CROWD, DEEP, FRAGMENT, LIST, REGISTERING, SEARCH, UNCHANGED, WORDS, Target

COLUMNS = ("", "1: /s", "p50", "p95", "p99", "16: /s", "p50", "p95", "p99 ms", "CPU ms", "of H")
TURNS = 20  # between the one instance and the other
# Shares of H that are goals, at 16 clients.
FLOORS = {LIST: ("P1", 0.25), CASE: ("P3", 0.30), UNCHANGED: ("P10", 0.60)}


def disturbance() -> None:
    """Say so when others keep the machine busy: rates suffer most then, processor times least."""
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    if busy > cores / 2:
        click.echo(f"Note: the machine is busy (load {busy:.1f} on {cores} cores); rates will be too low.")


def rates(bottom: Target, groups: Mapping[str, Iterable[Target]]) -> None:
    """A line for each target: rates and percentiles for one client and for the crowd, processor time, share of H."""
    click.echo("{:22}{:>8}{:>7}{:>7}{:>7}{:>9}{:>8}{:>8}{:>8}{:>8}{:>7}".format(*COLUMNS))
    click.echo(_figures(bottom, bottom))
    for title, group in groups.items():
        click.echo(title)
        for target in group:
            click.echo(_figures(target, bottom))


def _figures(target: Target, bottom: Target) -> str:
    figures = [f"{target.name:22}"]
    for crowd, wide in ((1, 7), (CROWD, 8)):
        figures.append(f"{target.rate(crowd):{wide + 1}.0f}")
        figures += [f"{target.within(crowd, share):{wide}.2f}" for share in (50, 95, 99)]
    figures += [f"{target.cpu:8.2f}", f"{target.rate(CROWD) / bottom.rate(CROWD):7.0%}"]
    return "".join(figures)


def ratios(bottom: Target, measured: Iterable[Target]) -> None:
    """What is a share of H's rate, or a multiple of its time or of page one's."""
    found = {target.name: target for target in measured}
    for name, (goal, floor) in FLOORS.items():
        share = found[name].rate(CROWD) / bottom.rate(CROWD) * 100
        told(goal, f"{name} at 16 clients", share, floor * 100, "% of H", at_least=True)
    page, deep, searched, taken = (found[name] for name in (LIST, DEEP, SEARCH, REGISTERING))
    told("P2", "list p95 at 16 clients", page.within(CROWD, 95) / bottom.within(CROWD, 95), 2, "x H")
    told("P4", "registering p99 at 16 clients", taken.within(CROWD, 99) / bottom.within(CROWD, 99), 5, "x H")
    told("P5", "search p95 at 1 client", searched.within(1, 95) / bottom.within(1, 95), 6, "x H")
    told("P8", "deep page, CPU", deep.cpu / page.cpu, 1.3, "x page one")


def shares(sqlite: Iterable[Target] = (), postgres: Iterable[Target] = ()) -> None:
    """PostgreSQL's rates beside SQLite's, with the same data."""
    for own, other in zip(sqlite, postgres, strict=True):
        share = other.rate(CROWD) / own.rate(CROWD) * 100
        told("P14", f"{own.name}, PostgreSQL", share, 60, "% of SQLite", at_least=True)


def growth(own: Inside, few: Inside, count: int) -> None:
    """What a request costs beside the same with `count` cases: the quickest of many, asked in turn."""
    measured: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(TURNS):
        for name in (LIST, CASE, SEARCH):
            measured[name].append((own.cost(name), few.cost(name)))
    for name, costs in measured.items():
        ours, theirs = map(min, zip(*costs, strict=True))
        told("P7", f"{name}, {ours:.2f} ms CPU", ours / theirs, 1.25, f"x at {count}")


def process(started: tuple[float, float], memory: float) -> None:
    """Start and memory of the web processes."""
    told("P12", "first answer after the start", started[1] / started[0], 1.5, "x H")
    told("P12", "memory of the web processes", memory, 140, "MB")


def inside(measured: Inside) -> None:
    """Statements, bytes, template and index, before anything is registered."""
    show = f"/complaints/{measured.newest()}"
    pages = {
        "list": (lambda c: c.get("/complaints/", headers=FRAGMENT), 4),
        "case": (lambda c: c.get(show), 6),
        "search": (lambda c: c.get(f"/complaints/?words={quote(WORDS[0])}", headers=FRAGMENT), 5),
    }
    for name, (call, most) in pages.items():
        told("P9", f"statements of {name}", measured.statements(call), most)
    for name, path, fragment, most in (
        ("fragment of 50 rows", "/complaints/", True, 16),
        ("list, whole page", "/complaints/", False, 24),
        ("case page", show, False, 24),
    ):
        raw, packed = measured.weight(path, fragment=fragment)
        told("P11", f"{name}, raw", raw / 1024, most, "KB")
        told("P11", f"{name}, compressed", packed / 1024, 4, "KB")
    last_year = date.today() - timedelta(days=365)  # noqa: DTZ011  # any day does
    for name, path in (("board", "board"), ("report of a year", f"reports?since={last_year}")):
        told("P16", name, measured.seconds(f"/complaints/{path}"), 1, "s")
    told("P6", "index alone, two characters", measured.index(WORDS[0]), 1, "ms")
    told("P13", "Jinja, one row of the list", measured.template(), 12, "us")


def checking() -> None:
    """The check of a text for customers."""
    check, _ = phrases.milliseconds()
    told("P15", f"{phrases.RULES} rules over {phrases.CHARACTERS} characters", check, 5, "ms")


def registering(measured: Inside) -> None:
    """Statements of registering a case; it registers two."""
    token = targets.token(measured.client.get("/complaints/new").data)

    def register(client: FlaskClient) -> None:
        client.post("/complaints/new", data=targets.typed(token))

    measured.statements(register)  # what is read once a process
    told("P9", "statements of registering", measured.statements(register), 12)


def board(measured: Inside) -> None:
    """Reception's board asks again every 15 s; last, for it fills the day with visits."""
    told("P10", "poll of a board of 300 visits", measured.poll(), 2, "x bare page")


def told(goal: str, what: str, found: float, limit: float, unit: str = "", *, at_least: bool = False) -> None:
    """One figure beside its goal."""
    reached = found >= limit if at_least else found <= limit
    said = "reached" if reached else "missed"
    click.echo(f"{goal:4}{what:36}{found:10.2f} {unit:12} goal {limit:g}: {said}")
