"""The company's login service by OpenID Connect: where to send somebody, and who came back. No database, no Flask.

The code flow with PKCE; only the identity token is read, checked against the service's published keys, and thrown away.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from portal.signin import checks, mapping
from portal.signin.mapping import Entry

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

    from portal.signin.settings import SigninSettings

log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds for a connection, and for each piece of an answer
WHOLE = 10.0  # seconds for an answer
LARGEST = 512 * 1024  # bytes of an answer
KEPT = 3600.0  # seconds for which what the service tells of itself is not asked again
REST = 30.0  # seconds in which a service that did not answer is left alone
LEEWAY = 60  # seconds by which two clocks may differ
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_known: dict[str, tuple[float, dict[str, Any]]] = {}  # address -> until when, what was answered there
_asleep: dict[str, float] = {}


class Failed(Exception):
    """Nobody was logged in; `code` says why, for the login page: `away`, `refused` or `untrusted`."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(why)


@dataclass(frozen=True)
class Service:
    """The login service that the settings name; `back` is the portal's address to which it sends people."""

    settings: SigninSettings
    back: str

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send somebody who wants to log in. Failed when the service does not answer."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        sent: str = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            client_id=self.settings.oidc_client_id,
            response_type="code",
            redirect_uri=self.back,
            scope=self.settings.oidc_scopes,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return sent

    def came_back(self, answer: Mapping[str, str], *, nonce: str, verifier: str, now: datetime) -> Entry:
        """Who logged in, by the service's answer to a login whose state was compared. Failed."""
        told = self._metadata()
        named = answer.get("iss")
        if named != self.settings.oidc_issuer and (
            named is not None or told.get("authorization_response_iss_parameter_supported")
        ):
            raise Failed("untrusted", "the answer came from another service")
        if "code" not in answer or "error" in answer:
            raise Failed("refused", f"the service said {answer.get('error', 'nothing')[:80]!r}")
        given = self._token(answer["code"], verifier, told)
        return self._entry(self._claims(given, nonce, now))

    def farewell(self, back: str) -> str:
        """Where a login ends at the service itself; empty when it offers no such place. Failed."""
        if not self._metadata().get("end_session_endpoint"):
            return ""
        given = {"client_id": self.settings.oidc_client_id, "post_logout_redirect_uri": back}
        address = self._endpoint("end_session_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(given)}"

    def _entry(self, claims: dict[str, Any]) -> Entry:
        s = self.settings
        username = next(iter(mapping.texts(claims.get(s.oidc_username_claim))), "")
        return Entry(
            subject=claims["sub"],
            username=username,
            name=next(iter(mapping.texts(claims.get("name"))), ""),
            mail=next(iter(mapping.texts(claims.get("email"))), ""),
            departments=mapping.texts(claims.get(s.oidc_department_claim)),
            groups=mapping.texts(claims.get(s.oidc_role_claim)),
        )

    def _token(self, code: str, verifier: str, told: dict[str, Any]) -> str:
        """The identity token for a code; the service takes each code once."""
        s = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": verifier,
            "client_id": s.oidc_client_id,
        }
        auth = None
        if s.oidc_client_secret:
            ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in ways:
                auth = (quote(s.oidc_client_id, safe=""), quote(s.oidc_client_secret, safe=""))
            else:
                form["client_secret"] = s.oidc_client_secret
        answer = self._ask("POST", self._endpoint("token_endpoint"), data=form, auth=auth)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Failed("untrusted", "there is no identity token in the answer")
        return token

    def _claims(self, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """What an identity token says, once its signature, issuer, audience, time and nonce are right."""
        from joserfc.errors import JoseError
        from joserfc.jwt import JWTClaimsRegistry

        s = self.settings
        registry = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": s.oidc_issuer},
            aud={"essential": True, "value": s.oidc_client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            azp={"value": s.oidc_client_id},
        )
        claims = self._signed(token)
        try:
            registry.validate(claims)
        except JoseError as error:
            raise Failed("untrusted", f"the identity token: {error}") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several and "azp" not in claims) or len(claims["sub"]) > 255:
            raise Failed("untrusted", "the identity token was made out for others, too, or names nobody")
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims of a token signed by a key of the service; its keys are asked for anew when none fits."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        last: Exception | None = None
        for fresh in (False, True):
            try:
                found: dict[str, Any] = jwt.decode(token, self._keys(fresh), algorithms=SIGNED_BY).claims
            except (JoseError, ValueError) as error:
                last = error
            else:
                return found
        raise Failed("untrusted", f"the identity token's signature: {last}")

    def _keys(self, fresh: bool) -> KeySet:
        from joserfc.errors import JoseError
        from joserfc.jwk import JWKRegistry, KeySet

        told = self._kept(self._endpoint("jwks_uri"), fresh=fresh).get("keys")
        keys = []
        for one in told if isinstance(told, list) else ():
            try:
                keys.append(JWKRegistry.import_key(one))
            except (JoseError, ValueError, TypeError, KeyError):
                log.info("a key of the login service is of an unknown kind")
        if not keys:
            raise Failed("untrusted", "the service publishes no key")
        return KeySet(keys)

    def _metadata(self) -> dict[str, Any]:
        issuer = self.settings.oidc_issuer
        told = self._kept(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise Failed("untrusted", f"the service calls itself {told.get('issuer')!r}")
        return told

    def _endpoint(self, name: str) -> str:
        address = self._metadata().get(name)
        if not isinstance(address, str) or not checks.secure(address):
            raise Failed("untrusted", f"the service's {name} is no https address")
        return address

    def _kept(self, address: str, *, fresh: bool = False) -> dict[str, Any]:
        until, told = _known.get(address, (0.0, {}))
        if fresh or until < time.monotonic():
            told = self._ask("GET", address)
            _known[address] = time.monotonic() + KEPT, told
        return told

    def _ask(self, method: str, address: str, **given: Any) -> dict[str, Any]:
        """What the service answers, as JSON: in time, not too long, and no redirect followed."""
        import requests

        if _asleep.get(self.settings.oidc_issuer, 0.0) > time.monotonic():
            raise Failed("away", f"{self.settings.oidc_issuer} did not answer a moment ago")
        try:
            with requests.request(
                method,
                address,
                timeout=PATIENCE,
                allow_redirects=False,
                stream=True,
                verify=self.settings.oidc_ca_file or True,
                headers={"Accept": "application/json"},
                **given,
            ) as response:
                body = _body(response.iter_content, time.monotonic() + WHOLE)
        except requests.RequestException as error:
            _asleep[self.settings.oidc_issuer] = time.monotonic() + REST
            raise Failed("away", f"{address}: {type(error).__name__}") from error
        if response.status_code != 200:
            code = "refused" if method == "POST" and response.status_code in {400, 401} else "away"
            raise Failed(code, f"{address} answered {response.status_code}")
        try:
            told = json.loads(body)
        except ValueError as error:
            raise Failed("untrusted", f"{address} answered no JSON") from error
        if not isinstance(told, dict):
            raise Failed("untrusted", f"{address} answered no object")
        return told


def _body(pieces: Callable[[int], Any], last: float) -> bytes:
    body = b""
    for piece in pieces(16 * 1024):
        body += piece
        if len(body) > LARGEST or time.monotonic() > last:
            raise Failed("away", "the answer is too long or too slow")
    return body
