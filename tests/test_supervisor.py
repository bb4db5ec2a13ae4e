"""`make run` stops cleanly, leaves nobody behind and says what went wrong, shown with small programs."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from portal import supervisor
from portal.config import BadSetting

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0

# A program reports to the test over a connection; however the program ends, the test sees that close.
PROGRAM = """
import http.server, os, signal, socket, sys

habits, listener, port = sys.argv[1].split(), int(sys.argv[2]), int(sys.argv[3])

def report(name):
    line = socket.create_connection(("127.0.0.1", listener))
    line.sendall(f"{name} {os.getpid()}\\n".encode())
    return line

class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass

if "stubborn" in habits:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "forking" in habits and os.fork() == 0:
    line = report("grandchild")
    while True:
        signal.pause()
server = http.server.HTTPServer(("127.0.0.1", port), Healthy) if "web" in habits else None
line = report(sys.argv[1])
if server:
    server.serve_forever()
while True:
    signal.pause()
"""

# The supervisor needs nothing of the portal but settings and names: the package without what its __init__ imports, as
# two seconds of that for every program here are as much as the tests themselves take.
RUNNER = """
import json, os, sys, types

sys.modules["portal"] = types.ModuleType("portal")
sys.modules["portal"].__path__ = ["portal"]
from portal import supervisor

supervisor.STOP_PATIENCE, supervisor.BACK_OFF = 1.0, (0.0,)
plan = supervisor.Plan(**json.loads(sys.argv[1]), environment=os.environ)
sys.exit(supervisor.Supervisor(plan).run())
"""


class Reporter:
    """Where the programs report; hands out who reported and waits for their end."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(PATIENCE)
        self.port: int = self.socket.getsockname()[1]
        self.lines: dict[str, tuple[int, socket.socket]] = {}

    def wait_for(self, *names: str) -> None:
        """Until each of `names` has reported; one that reports again takes the place of its former self."""
        waited = set(names)
        while waited:
            line, _ = self.socket.accept()
            line.settimeout(PATIENCE)
            name, pid = line.makefile().readline().rsplit(" ", 1)
            self.lines[name] = int(pid), line
            waited.discard(name)

    def kill(self, name: str) -> None:
        """End the program called `name` with no chance to tidy up, and see that it is gone."""
        os.kill(self.lines[name][0], signal.SIGKILL)
        self.see_ended(name)
        self.lines.pop(name)[1].close()

    def has_ended(self, line: socket.socket) -> bool:
        """True when the program at the other end of `line` is gone, asked without waiting."""
        return bool(select.select([line], [], [], 0)[0])

    def see_ended(self, *names: str) -> None:
        """Until the connection of each has closed; a program that lives on makes this fail."""
        for name in names or tuple(self.lines):
            assert self.lines[name][1].recv(1) == b"", f"{name} still talks"


class Run:
    """One supervisor at work, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], reporter: Reporter) -> None:
        self.process = process
        self.reporter = reporter

    def until_greeted(self) -> None:
        assert self.process.stdout
        assert [self.process.stdout.readline() for _ in range(2)] == ["Getting ready.\n", "It answers.\n"]

    def ended(self) -> tuple[int, str]:
        """Exit code and standard error, once it has ended."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


@pytest.fixture
def reporter() -> Iterator[Reporter]:
    reporter = Reporter()
    yield reporter
    reporter.socket.close()
    for pid, line in reporter.lines.values():
        with line, suppress(ProcessLookupError):
            if not reporter.has_ended(line):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def start(reporter: Reporter, port: int) -> Iterator[Callable[..., Run]]:
    started: list[subprocess.Popen[str]] = []

    def program(habits: str) -> list[str]:
        return [sys.executable, "-c", PROGRAM, habits, str(reporter.port), str(port)]

    def start(web: str = "web", worker: str = "worker", **chosen: Any) -> Run:
        plan: dict[str, Any] = {
            "prepare": [],
            "web": program(web),
            "worker": program(worker),
            "host": "127.0.0.1",
        }
        plan |= {"port": port, "greeting": "It answers.", "preface": "Getting ready."} | chosen
        process = subprocess.Popen(
            [sys.executable, "-c", RUNNER, json.dumps(plan)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        started.append(process)
        return Run(process, reporter)

    yield start
    # Nothing is read here: a program that wrongly lives on would hold the pipes open.
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            assert pipe
            pipe.close()


def test_ctrl_c_pressed_again_and_again_stops_both_and_exits_0(
    start: Callable[..., Run], reporter: Reporter
) -> None:
    run = start()
    reporter.wait_for("web", "worker")
    run.until_greeted()

    for _ in range(3):
        os.killpg(run.process.pid, signal.SIGINT)

    assert run.ended() == (0, "")
    reporter.see_ended("web", "worker")


def test_a_termination_stops_both_and_exits_0(start: Callable[..., Run], reporter: Reporter) -> None:
    run = start()
    reporter.wait_for("web", "worker")
    run.until_greeted()

    run.process.terminate()

    assert run.ended() == (0, "")
    reporter.see_ended("web", "worker")


def test_a_child_that_will_not_stop_is_killed(start: Callable[..., Run], reporter: Reporter) -> None:
    run = start(worker="stubborn worker")
    reporter.wait_for("web", "stubborn worker")
    run.until_greeted()

    run.process.terminate()

    code, errors = run.ended()
    assert code == 0
    assert "did not stop within 1 s and was killed" in errors
    reporter.see_ended("web", "stubborn worker")


def test_a_worker_that_dies_is_started_again(start: Callable[..., Run], reporter: Reporter) -> None:
    run = start()
    reporter.wait_for("web", "worker")
    first = reporter.lines["worker"][0]

    reporter.kill("worker")
    reporter.wait_for("worker")

    assert reporter.lines["worker"][0] != first
    run.process.terminate()
    code, errors = run.ended()
    assert code == 0
    assert "The worker ended unasked (signal 9); starting it again" in errors
    reporter.see_ended("web", "worker")


def test_a_web_server_that_dies_ends_the_run_and_what_it_left_behind(
    start: Callable[..., Run], reporter: Reporter
) -> None:
    run = start(web="forking web")
    reporter.wait_for("forking web", "grandchild", "worker")

    reporter.kill("forking web")

    code, errors = run.ended()
    assert code == 1
    assert "The web server ended unasked (signal 9)" in errors
    reporter.see_ended("grandchild", "worker")


def test_a_supervisor_that_is_killed_takes_its_children_with_it(
    start: Callable[..., Run], reporter: Reporter
) -> None:
    run = start()
    reporter.wait_for("web", "worker")

    run.process.kill()

    reporter.see_ended("web", "worker")


def test_a_failing_preparation_shows_its_output_and_opens_nothing(start: Callable[..., Run]) -> None:
    failing = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
    quiet = [sys.executable, "-c", "print('all is well')"]

    code, errors = start(prepare=[quiet, failing]).ended()

    assert code == 1
    assert "no such table" in errors
    assert "failed (exit code 3); nothing was started" in errors
    assert "all is well" not in errors


def test_ctrl_c_during_the_preparation_stops_it(start: Callable[..., Run], reporter: Reporter) -> None:
    run = start(prepare=[[sys.executable, "-c", PROGRAM, "preparation", str(reporter.port), "0"]])
    reporter.wait_for("preparation")

    os.killpg(run.process.pid, signal.SIGINT)

    assert run.ended() == (0, "")
    reporter.see_ended("preparation")


def test_a_port_in_use_is_said_with_the_way_out(start: Callable[..., Run], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        code, errors = start().ended()

    assert code == 1
    assert errors == f"Port {port} is in use by another program; choose another: make run PORT={port + 1}\n"


def test_the_plan_is_a_demo_on_the_loopback_unless_told_otherwise() -> None:
    plan = supervisor.planned({"PORTAL_DEMO": "1"})

    assert (plan.host, plan.port) == ("127.0.0.1", 8000)
    assert [command[-1] for command in plan.prepare] == ["init-db", "demo"]
    assert "first start" in plan.preface
    assert "desk1, desk2" in plan.greeting
    assert "portal-demo" in plan.greeting


def test_without_demo_nothing_is_said_of_demo_accounts() -> None:
    plan = supervisor.planned({"PORT": "8123", "HOST": "0.0.0.0"})  # noqa: S104 -- nothing is opened

    assert [command[-1] for command in plan.prepare] == ["init-db"]
    assert "http://0.0.0.0:8123/" in plan.greeting
    assert "portal-demo" not in plan.greeting
    assert plan.preface == ""


@pytest.mark.parametrize("database", ["sqlite:////tmp/portal.db", "postgresql+psycopg://localhost/portal"])
def test_a_worker_does_one_thing_at_a_time(database: str) -> None:
    web = supervisor.planned({"PORTAL_DATABASE_URL": database}).web

    assert web[web.index("--blocking-threads") + 1] == "1"


def test_the_web_server_loads_the_portal_before_it_forks() -> None:
    preparing = "import gc, multiprocessing, sys; import granian.cli; granian.cli.cli = lambda: print("
    asked = (
        preparing
        + "'wsgi' in sys.modules, multiprocessing.get_start_method(), gc.isenabled()); "
        + "from portal import web; web.main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True,
        env=os.environ | {"PORTAL_DEMO": "1"},
    )  # fmt: skip

    method = "fork" if sys.platform == "linux" else "spawn"
    assert told.stdout.split() == ["True", method, "True"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", "８０００", "80.5"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    with pytest.raises(BadSetting, match="PORT="):
        supervisor.planned({"PORT": port})


def test_an_address_that_is_not_this_machines_is_refused() -> None:
    nobody = 64 * "x"  # too long for a name, so that nobody is asked for it
    assert supervisor.port_trouble(nobody, 8000) == f"HOST={nobody} is no address of this machine."
    assert "cannot listen at 192.0.2.1" in supervisor.port_trouble("192.0.2.1", 8000)
