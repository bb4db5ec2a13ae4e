"""A login service on this machine that logs in whomever the test says, and cheats where the test asks for it."""

from __future__ import annotations

import json
import threading
import warnings
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT, SECRET = "portal", "a secret: of/the portal"


@dataclass
class Provider:
    """What it says of the next person, and how it cheats."""

    now: int  # seconds, as the portal's clock has them
    url: str = ""
    claims: dict[str, Any] = field(
        default_factory=dict
    )  # of the person, and whatever else the token is to say
    metadata: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "first"}))
    alg: str = "ES256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> str:
        """What a browser is sent back to after somebody logged in at `address`."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = f"code {len(self.codes)}"
        self.codes[code] = asked
        return (
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"
        )

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code: once only, to the right client with the right verifier."""
        known = (
            b64decode(authorization.removeprefix("Basic ")).decode()
            == "portal:a%20secret%3A%20of%2Fthe%20portal"
        )
        asked = self.codes.pop(form["code"], None)
        if not known or asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if create_s256_code_challenge(form["code_verifier"]) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
        }
        return 200, {
            "access_token": "unused",
            "token_type": "Bearer",
            "id_token": self.signed(claims | self.claims),
        }

    def signed(self, claims: dict[str, Any]) -> str:
        """A token, honestly signed or not."""
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.alg == "none":
            with warnings.catch_warnings(action="ignore"):  # which is what the test is about
                return jwt.encode({"alg": "none"}, claims, OctKey.import_key("x" * 16), algorithms=["none"])
        if self.alg == "HS256":  # by what everybody can read
            shared = OctKey.import_key(json.dumps(self.key.as_dict(private=False)))
            return jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, shared, algorithms=["HS256"])
        return jwt.encode({"alg": self.alg, "kid": self.key.kid}, claims, self.key, algorithms=[self.alg])

    def told(self) -> dict[str, Any]:
        """What it publishes of itself."""
        places = {
            f"{name}_endpoint": f"{self.url}/{name}" for name in ("authorization", "token", "end_session")
        }
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **places, **self.metadata}


@contextmanager
def running(now: int) -> Iterator[Provider]:
    """A login service for the length of the block."""
    provider = Provider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/keys":
                self.answer(200, dict(KeySet([provider.key]).as_dict(private=False)))
            else:
                self.answer(200, provider.told())

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            self.answer(*provider.token(form, self.headers.get("Authorization", "")))

        def answer(self, code: int, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test says what happened."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    provider.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
