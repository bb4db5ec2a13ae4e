"""Secrets that the database keeps for later use, sealed with a key that is not in it: a copy alone opens nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import current_app
from itsdangerous import URLSafeTimedSerializer

from portal.config import keyed

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Unreadable(Exception):
    """Sealed with another secret key, for another purpose, too long ago, or by nobody of ours."""


def seal(purpose: str, text: str) -> str:
    """The text as only this installation can read it, and only for this purpose."""
    return _box(keyed(current_app), purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str, *, within: int | None = None) -> str:
    """What was sealed, at most `within` seconds ago when given. Raises Unreadable."""
    from cryptography.fernet import InvalidToken

    try:
        return _box(keyed(current_app), purpose).decrypt(sealed.encode(), ttl=within).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unreadable(purpose) from error


def signer(purpose: str) -> URLSafeTimedSerializer:
    """Signs what a browser brings back, where it may be read and must not be changed; for this purpose alone."""
    return URLSafeTimedSerializer(
        keyed(current_app), salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
    )


@lru_cache(maxsize=16)
def _box(key: str, purpose: str) -> Fernet:
    """A key of its own for each purpose, so that what is sealed for one opens nothing of another."""
    # Loaded late: most processes seal nothing.
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))
