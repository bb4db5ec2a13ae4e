"""Which passwords will do; pure."""

from __future__ import annotations

SHORTEST = 10
FEWEST_SIGNS = 5  # different ones
# Long enough, and yet among the first that anybody tries.
COMMON = frozenset(
    [
        "1234567890",
        "12345678910",
        "0123456789",
        "9876543210",
        "0987654321",
        "1122334455",
        "1234512345",
        "123123123123",
        "123456789a",
        "a123456789",
        "qwertyuiop",
        "qwerty12345",
        "qwerty123456",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "zaq12wsxcde",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "p@ssw0rd123",
        "letmein1234",
        "welcome1234",
        "welcome12345",
        "admin12345",
        "administrator",
        "admin123456",
        "iloveyou123",
        "woaini1314",
        "woaini5201314",
        "woaini520520",
        "5201314520",
        "abc1234567",
        "abcd123456",
        "abc123abc123",
        "asdfghjkl123",
        "zxcvbnm123",
        "changeme123",
        "portal-demo",
        "portaldemo",
        "front-office",
        "frontoffice",
    ]
)


def against_password(password: str, username: str, name: str) -> str:
    """Why a new password will not do: `short`, `personal`, `common` or `monotonous`; empty when it will."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return "short"
    own = [word.casefold() for word in (username, name) if len(word) > 1]
    if any(word in plain and len(plain) - len(word) < 6 for word in own):
        return "personal"
    if plain in COMMON:
        return "common"
    if len(set(plain)) < FEWEST_SIGNS:
        return "monotonous"
    return ""
