"""`make run`: the database made ready, then web server and worker side by side until Ctrl-C."""

from __future__ import annotations

import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.config import LOOPBACK, ROOT, BadSetting, Settings
from portal.demo import ACCOUNTS, PASSWORD

Command = tuple[str, ...]

TICK = 0.1  # seconds between two looks at the children
STOP_PATIENCE = 5.0  # seconds from SIGTERM to SIGKILL
START_PATIENCE = 90.0  # seconds until /healthz must have answered
BACK_OFF = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before the worker is started again
STEADY = 60.0  # seconds a worker must have lived for the back-off to begin anew
MOST_WEB_WORKERS = 8  # a company of some hundred keeps no more busy, and each takes its memory

FIRST_START = (
    "Getting ready. The first start makes the demo's people and a year of cases: about half a minute."
)

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # <sys/prctl.h>


@dataclass(frozen=True)
class Plan:
    """All that one run starts; the tests put small programs in the places of the real ones."""

    prepare: tuple[Command, ...]  # one after the other, before the port opens
    web: Command
    worker: Command
    host: str
    port: int
    greeting: str
    environment: Mapping[str, str]
    preface: str = ""  # what is printed before it all: nobody should wait before a dumb screen


def main() -> int:
    """Run the portal as the environment says: 0 after Ctrl-C, 1 on failure, 2 for a setting it cannot use."""
    if "MAKELEVEL" in os.environ:
        tied_to(os.getppid())()  # a make that is killed takes the portal with it
    environment = {"PORTAL_DEMO": "1"} | os.environ
    try:
        plan = planned(environment)
    except BadSetting as error:
        _complain(str(error))
        return 2
    return Supervisor(plan).run()


def planned(environment: Mapping[str, str]) -> Plan:
    """What the environment asks for; BadSetting names the variable that cannot be used."""
    settings, port = Settings.from_env(environment), _port(environment.get("PORT") or "8000")
    if not settings.base_url and not settings.is_demo and settings.host in LOOPBACK:
        # Nobody but this machine reaches it, and by this address.
        environment = {**environment, "PORTAL_BASE_URL": _address(settings.host, port).rstrip("/")}
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    web = (
        *(sys.executable, "-m", "portal.web", "--interface", "wsgi", "wsgi:app"),
        *("--host", settings.host.strip("[]"), "--port", str(port)),
        *(
            "--workers",
            str(min(_cores(), MOST_WEB_WORKERS)),
            "--respawn-failed-workers",
            "--respawn-interval",
            "0.5",
        ),
        # A second thread would wait for SQLite's one writer, or take the core that PostgreSQL needs beside it.
        *("--blocking-threads", "1"),
        # Every open tab holds a connection, so this is about people, not about work done at once.
        *("--backlog", "1024", "--backpressure", "512"),
        *("--http", "1", "--no-ws", "--no-access-log", "--log-level", "warning"),
    )
    return Plan(
        prepare=((*flask, "init-db"), *([(*flask, "demo")] if settings.is_demo else [])),
        web=web,
        worker=(*flask, "worker"),
        host=settings.host.strip("[]"),
        port=port,
        greeting=greeting(_address(settings.host, port), demo=settings.is_demo),
        preface=FIRST_START if settings.is_demo else "",
        # One heap a process: the server's own threads would each be given one, of which most stays empty.
        environment={"MALLOC_ARENA_MAX": "1", **environment},
    )


def greeting(address: str, *, demo: bool) -> str:
    """What is printed once the portal answers: its address and, in demo mode, who can log in."""
    lines = ["", f"The Front Office Portal answers at {address}"]
    if demo:
        width = max(len(names) for names, _ in ACCOUNTS)
        lines += ["", f"Demo accounts, all with the password {PASSWORD}:"]
        lines += [f"  {names:<{width}}  {what}" for names, what in ACCOUNTS]
    return "\n".join([*lines, "", "Ctrl-C stops it.", ""])


class Supervisor:
    """Starts the plan's programs, watches them, and leaves none behind."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stopping = False
        self.running: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        """0 when asked to stop, 1 when something failed; every child has ended on return."""
        if trouble := port_trouble(self.plan.host, self.plan.port):
            _complain(trouble)
            return 1
        with self._signals():
            _adopt_orphans()
            try:
                return self._run()
            finally:
                self._stop_all()

    def _run(self) -> int:
        if self.plan.preface:
            print(self.plan.preface, flush=True)
        for command in self.plan.prepare:
            if not self._prepared(command):
                return 0 if self.stopping else 1
        web = self._start(self.plan.web)
        worker = Restarted(lambda: self._start(self.plan.worker))
        opened = time.monotonic()
        greeted = False
        while not self.stopping:
            if web.poll() is not None:
                _complain(f"The web server ended unasked ({_ending(web)}); its last words are above.")
                return 1
            worker.look_after()
            if not greeted and (greeted := answers(self.plan.host, self.plan.port)):
                print(self.plan.greeting, flush=True)
            if not greeted and time.monotonic() > opened + START_PATIENCE:
                _complain(f"The web server did not answer /healthz within {START_PATIENCE:.0f} s.")
                return 1
            time.sleep(TICK)
        return 0

    def _prepared(self, command: Command) -> bool:
        """Run one command to its end; its output is shown only when it fails."""
        with tempfile.TemporaryFile() as output:
            child = self._start(command, output=output.fileno())
            while child.poll() is None and not self.stopping:
                time.sleep(TICK)
            if child.returncode is None or child.returncode == 0:
                return not self.stopping
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace"))
        _complain(f"`{' '.join(command[1:])}` failed ({_ending(child)}); nothing was started.")
        return False

    def _start(self, command: Command, output: int | None = None) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.plan.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=_in_child(),  # noqa: PLW1509 -- this process has one thread
        )
        self.running.append(child)
        return child

    def _stop_all(self) -> None:
        """SIGTERM once to each child, SIGKILL to what is left after STOP_PATIENCE, and to its orphans."""
        alive = [child for child in self.running if child.poll() is None]
        for child in alive:
            child.terminate()
        last = time.monotonic() + STOP_PATIENCE
        for child in alive:
            try:
                child.wait(max(0.0, last - time.monotonic()))
            except subprocess.TimeoutExpired:
                _complain(f"Process {child.pid} did not stop within {STOP_PATIENCE:.0f} s and was killed.")
                child.kill()
                child.wait()
        while orphans := list(_children_of(os.getpid())):
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Signals only set a flag, so any number of them, at any moment, means one orderly stop."""

        def ask(*_: object) -> None:
            self.stopping = True

        wanted = [signal.SIGINT, signal.SIGTERM]
        # Under nohup a closed terminal is no reason to stop.
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        before = {number: signal.signal(number, ask) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Restarted:
    """A child that is started again when it ends, after a growing pause."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.start = start
        self.failures = 0
        self.due: float | None = None
        self._begin()

    def look_after(self) -> None:
        """One look: note an end, or start again when the pause is over."""
        now = time.monotonic()
        if self.due is not None:
            if now >= self.due:
                self._begin()
        elif self.child.poll() is not None:
            self.failures = 0 if now - self.began > STEADY else self.failures
            pause = BACK_OFF[min(self.failures, len(BACK_OFF) - 1)]
            self.failures += 1
            self.due = now + pause
            _complain(
                f"The worker ended unasked ({_ending(self.child)}); starting it again in {pause:.0f} s."
            )

    def _begin(self) -> None:
        self.due = None
        self.began = time.monotonic()
        self.child = self.start()


def port_trouble(host: str, port: int) -> str:
    """Why the web server could not listen there, as a sentence that says what to do; empty when it can."""
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):  # the latter for a name that is too long
        return f"HOST={host} is no address of this machine."
    for family, kind, protocol, _, place in places:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(place)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return (
                        f"Port {port} is in use by another program; choose another: make run PORT={port + 1}"
                    )
                return f"The portal cannot listen at {host}, port {port}: {error.strerror}"
    return ""


def answers(host: str, port: int) -> bool:
    """True when /healthz answers 200 there; a listener on every address is asked on the loopback one."""
    nearby = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(nearby, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def tied_to(parent: int, how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A function that has the kernel send `how` to its caller when `parent` dies (Linux; elsewhere nothing).

    Made before a fork and called in the child, where loading a library is no longer safe.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:  # it died before the tie was made
            os.kill(os.getpid(), how)

    return tie


def _in_child() -> Callable[[], None] | None:
    """What a child does before it becomes its program: end with this process, leave Ctrl-C to it."""
    if sys.platform == "win32":
        return None
    tie = tied_to(os.getpid())

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        tie()

    return prepare


def _adopt_orphans() -> None:
    """When the web server is killed outright, its workers become children of this process, to be ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _children_of(parent: int) -> Iterator[int]:
    """Process ids whose parent is `parent`, by /proc; none where there is no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may itself hold spaces and brackets; state and parent follow the last one.
            ppid = stat.read_text(errors="replace").rpartition(")")[2].split()[1]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if int(ppid) == parent:
            yield int(stat.parent.name)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadSetting(f"PORT={text!r} cannot be used: write a number from 1 to 65535")
    return int(text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _address(host: str, port: int) -> str:
    bare = host.strip("[]")
    return f"http://[{bare}]:{port}/" if ":" in bare else f"http://{bare}:{port}/"


def _ending(child: subprocess.Popen[bytes]) -> str:
    code = child.returncode
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
