"""People at once: each asks, waits for the whole answer, thinks, asks again; who is not at the desk registers nothing."""

from __future__ import annotations

from typing import cast

import pytest

from bench import people
from bench.clients import Client
from bench.people import Person
from bench.servers import Server
from bench.targets import Visitor
from tests.bench.test_clients import Hello, port  # noqa: F401


def test_everybody_works_until_the_time_is_over(port: int, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(people, "THINKING", 0.02)
    server = cast("Server", None)  # nobody is asked to log in
    names = ("desk1", "lead.tech", "emp.tech")
    everybody = [Person(Visitor(server, name), "TS-1", Client(port)) for name in names]
    answers = people.work(everybody, 0.3)
    told = sum(len(each.latencies) for each in answers.values())
    assert told == sum(sum(each.statuses.values()) for each in answers.values()) > len(names)
    assert set(answers["case list"].statuses) == {404}
    assert set(answers) <= {step[0] for step in (*people.READS, *people.WRITES)}
    assert {people._next_step(everybody[1].who)[0] for _ in range(200)} == {step[0] for step in people.READS}
