"""Servers on loopback that take messages, or refuse them in every way there is."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd import smtp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FINE = {"errcode": 0, "errmsg": "ok", "code": 0, "StatusCode": 0}
WAY = {"wecom": "/cgi-bin/webhook/send?key=k1", "dingtalk": "/robot/send?access_token=t1"}
WAY["feishu"] = "/open-apis/bot/v2/hook/h1"


@dataclass
class Answer:
    """What a robot's server says: a JSON body, or bytes; `hang` says nothing until the test is over."""

    status: int = 200
    body: Any = field(default_factory=lambda: FINE)
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False


@dataclass
class Chat:
    """A chat service: what it was sent, and what it answers, the last answer for ever."""

    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    asked: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def address(self, kind: str, scheme: str = "http", host: str = "127.0.0.1") -> str:
        """Where a robot of that vendor is found here."""
        return f"{scheme}://{host}:{self.port}{WAY[kind]}"

    def texts(self) -> list[str]:
        """What was said, of whichever vendor."""
        return [(each["body"].get("text") or each["body"]["content"]).get("content") or
                each["body"]["content"]["text"] for each in self.asked]  # fmt: skip


@contextmanager
def chat(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Chat]:
    """A chat service that answers so."""
    found = Chat(list(answers) or [Answer()])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            query = {name: texts[0] for name, texts in parse_qs(urlsplit(self.path).query).items()}
            asked = {
                "path": self.path,
                "query": query,
                "host": self.headers["Host"],
                "body": json.loads(body),
            }
            found.asked.append(asked)
            answer = found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]
            if answer.hang:
                found.over.wait(5)
                return
            said = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(said)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Nothing in the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hangs up in the middle is no fault here
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        server.server_close()


@dataclass
class Post:
    """A mail server: what it took, and how it answers to a recipient and to a mail."""

    taken: list[Any] = field(default_factory=list)
    rcpt: str = "250 OK"
    data: str = "250 taken"
    after_data: Callable[[], None] = lambda: None
    port: int = 0

    @property
    def where(self) -> str:
        """As the setting names it."""
        return f"127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802  # as the library calls it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # as above
        if self.data == "hang up":
            server.transport.close()
            return ""
        if self.data.startswith("250"):
            self.taken.append(envelope)
        self.after_data()
        return self.data


def _lets_in(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> smtp.AuthResult:
    return smtp.AuthResult(success=(data.login, data.password) == (b"portal", b"secret"), handled=False)


@contextmanager
def post(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, auth: bool = False
) -> Iterator[Post]:
    """A mail server, encrypted from the start, on demand, or not at all."""
    found = Post()

    def speak() -> smtp.SMTP:
        return smtp.SMTP(
            found,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=_lets_in if auth else None,
            auth_required=auth,
            auth_require_tls=False,
            hostname="mail.test",
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(speak, "127.0.0.1", 0, ssl=tls))
    found.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()  # only now: a connection that ends in the loop's thread does the same
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@dataclass(frozen=True)
class Certificate:
    """A certificate that is its own authority: for the server, and for those who shall trust it."""

    server: ssl.SSLContext
    authority: Path


def certificate(folder: Path, *names: str) -> Certificate:
    """One for these names and numbers."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = dt.datetime.now(dt.UTC)
    known: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(each)) if each[0].isdigit() else x509.DNSName(each)
        for each in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{names[0]}.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = folder / f"{names[0]}.key"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return Certificate(context, pem)
