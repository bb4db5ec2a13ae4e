"""The proxy's file before a running portal: TLS, whose headers count, how much may be sent, by which name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import Message
from http.client import HTTPConnection

import pytest

from portal import create_app
from portal.config import Settings
from tests import throwaway_nginx
from tests.conftest import Ground
from tests.pages.live import LiveServer
from tests.throwaway_nginx import NAME, Nginx

HOME = f"https://{NAME}"


@dataclass(frozen=True)
class Proxied:
    """The portal as people reach it."""

    proxy: Nginx
    settings: Settings

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
        """Status, headers and body of what it answers by TLS under its name, unless `Host` says another."""
        tls = ssl.create_default_context(cafile=str(self.proxy.authority))
        plain = socket.create_connection(("127.0.0.1", self.proxy.tls_port), timeout=10)
        with closing(HTTPConnection(NAME)) as connection:
            connection.sock = tls.wrap_socket(plain, server_hostname=NAME)
            connection.putrequest(method, path, skip_host=True)
            for name, value in {"Host": NAME, **headers}.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()


@pytest.fixture(scope="module")
def proxied(sqlite_ground: Ground) -> Iterator[Proxied]:
    """An installation behind nginx, with the settings of deploy/portal.env.example."""
    sqlite_ground.fresh()
    settings = replace(sqlite_ground.settings, base_url=HOME, trusted_proxies=1, secure_cookies=True)
    with LiveServer(create_app(settings)).running() as server:
        port = int(server.url.rpartition(":")[2])
        for proxy in throwaway_nginx.KIND.for_tests(lambda: throwaway_nginx.running(port)):
            yield Proxied(proxy, settings)
    sqlite_ground.close()


def test_a_page_comes_by_tls_with_the_portal_s_headers(proxied: Proxied) -> None:
    status, headers, body = proxied.ask("/login")
    assert (status, b'name="username"' in body) == (200, True)
    assert headers["Strict-Transport-Security"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Set-Cookie"].startswith("__Host-portal=")
    assert "; Secure" in headers["Set-Cookie"]
    assert headers["Server"] == "nginx", "and not its version"
    assert len(headers["X-Request-ID"]) == 32, "the proxy's own"


@pytest.mark.parametrize(
    ("sent", "status", "location"),
    [
        ({}, 308, f"{HOME}/complaints/"),
        ({"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "http"}, 308, f"{HOME}/complaints/"),
        ({"Host": "evil.example"}, 421, None),
        ({"Host": "localhost"}, 421, None),
    ],
)
def test_nobody_leads_people_elsewhere(
    proxied: Proxied, sent: dict[str, str], status: int, location: str | None
) -> None:
    found, headers, _body = proxied.ask("/complaints", **sent)
    assert (found, headers["Location"]) == (status, location)


def test_what_is_for_this_machine_does_not_go_through(proxied: Proxied) -> None:
    for path, status in (("/metrics", 404), ("/duty/wall", 404), ("/readyz", 200)):
        assert proxied.ask(path, X_Forwarded_For="127.0.0.1")[0] == status


def test_what_is_too_large_is_refused_before_it_is_sent(proxied: Proxied) -> None:
    limit = 110 * 1024 * 1024
    assert proxied.ask("/login", "POST", Content_Length=str(limit + 1))[0] == 413


def test_by_http_everybody_is_led_to_the_name(proxied: Proxied) -> None:
    with socket.create_connection(("127.0.0.1", proxied.proxy.plain_port), timeout=10) as plain:
        plain.sendall(b"GET /login?next=/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        answer = plain.makefile("rb").read().decode()
    assert "301" in answer.splitlines()[0]
    assert f"Location: {HOME}/login?next=/\r\n" in answer
