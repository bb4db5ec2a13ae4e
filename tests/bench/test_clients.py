"""The cheap client knows where an answer ends, and counts what came."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import clients
from bench.clients import Answers


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", False),
        (b"HTTP/1.1 200 OK\r\nContent-Len", False),
        (b"HTTP/1.1 304 NOT MODIFIED\r\ncontent-length: 9000\r\n\r\n", True),
        (b"HTTP/1.1 204 NO CONTENT\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", False),
    ],
)
def test_an_answer_is_complete_with_its_last_byte(answer: bytes, whole: bool) -> None:
    assert clients.complete(answer) is whole


def test_percentiles_are_in_milliseconds_and_in_order() -> None:
    answers = Answers(seconds=2.0, latencies=[n / 1000 for n in range(100, 0, -1)])
    assert (answers.percentile(50), answers.percentile(99)) == (51.0, 100.0)
    assert answers.rate == 50.0
    assert (Answers().percentile(95), Answers().rate) == (0.0, 0.0)


class Hello(BaseHTTPRequestHandler):
    """Keeps its connections open, as the measured servers do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def test_every_question_begun_is_answered_and_counted(port: int) -> None:
    asked = 0

    def questions() -> Iterator[bytes]:
        nonlocal asked
        for path in itertools.cycle(("/", "/nowhere")):
            asked += 1
            yield clients.request("GET", path, {})

    answers = clients.drive(port, questions(), 3, 0.1)
    assert len(answers.latencies) == sum(answers.statuses.values()) == asked
    assert set(answers.statuses) == {200, 404}
    assert answers.seconds >= 0.1
