"""Many clients in one cheap loop: keep-alive sockets, requests made before, answers read only as far as needed."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 30.0  # seconds without any answer until a measurement is given up
END = b"\r\n\r\n"


@dataclass
class Answers:
    """What came back: seconds from sending to the last byte, and how often which status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: int) -> float:
        """Milliseconds within which that share (in percent) of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000 if ordered else 0.0


class Client:
    """One connection that asks again as soon as it was answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connected()
        self.got = b""
        self.sent_at = 0.0

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def ask(self, request: bytes) -> None:
        """Send one request; a connection that the server has closed is made anew."""
        self.got, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bytes | None:
        """The whole answer once it is there, else None. ConnectionError when the server hangs up."""
        some = self.socket.recv(262144)
        if not some:
            raise ConnectionError("the server closed the connection")
        self.got += some
        return self.got if complete(self.got) else None


def complete(answer: bytes) -> bool:
    """Is this the whole of one HTTP answer?"""
    head, found, body = answer.partition(END)
    if not found:
        return False
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return body.endswith(b"0\r\n\r\n")
    place = lowered.find(b"\r\ncontent-length:")
    if place < 0:
        return True  # 204 and 304 have no body
    length = int(lowered[place + 17 :].partition(b"\r\n")[0])
    return status(answer) == 304 or len(body) >= length


def status(answer: bytes) -> int:
    """The status of an answer."""
    return int(answer[9:12])


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + END + body


def once(port: int, asked: bytes) -> bytes:
    """One request on a connection of its own, and its whole answer."""
    client = Client(port)
    with client.socket:
        client.ask(asked)
        while (answer := client.read()) is None:
            pass
        return answer


def drive(port: int, asked: Iterator[bytes], clients: int, seconds: float) -> Answers:
    """Let that many clients ask without pause for so long; every question begun is answered."""
    answers, watch = Answers(), selectors.DefaultSelector()
    everybody = [Client(port) for _ in range(clients)]
    began = time.perf_counter()
    for client in everybody:
        watch.register(client.socket, selectors.EVENT_READ, client)
        client.ask(next(asked))
    waiting = len(everybody)
    while waiting:
        ready = watch.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
        for key, _ in ready:
            asking: Client = key.data
            if (answer := asking.read()) is None:
                continue
            now = time.perf_counter()
            answers.latencies.append(now - asking.sent_at)
            answers.statuses[status(answer)] += 1
            if now - began < seconds:
                asking.ask(next(asked))
            else:
                waiting -= 1
                watch.unregister(asking.socket)
    answers.seconds = time.perf_counter() - began
    for client in everybody:
        client.socket.close()
    return answers
