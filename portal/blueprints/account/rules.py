"""Which passwords will do; pure but for the table of common ones."""

from __future__ import annotations

from collections.abc import Iterable

from portal.blueprints.account import common

SHORTEST = common.SHORTEST
FEWEST_SIGNS = 5  # different ones
OWN_SIGNS = 6  # so many must be left beside one's own name
REST_SIGNS = 8  # so many must be left beside the words that everybody here would try
# Long enough and tried early, by people who type Chinese.
COMMON = frozenset([
    "woaini1314", "woaini520520", "woaini5201314", "5201314520", "zaq12wsxcde", "changeme123", "letmein1234",
])  # fmt: skip
# What this program, its places and its people are called; the company's name comes from the settings. Listed in
# docs/security.md.
EXPECTED = (
    "front-office", "frontoffice", "front-desk", "frontdesk", "reception", "complaint", "portal", "office", "desk",
    "duty", "company", "welcome", "password", "passw0rd", "p@ssw0rd", "admin", "login", "letmein", "changeme", "demo",
    "qiantai", "menhu", "zhiban", "jiedai", "tousu", "gongsi", "huanying", "mima",
    "前台", "门户", "值班", "接待", "投诉", "总经办", "公司", "欢迎", "密码", "登录",
)  # fmt: skip


def against_password(password: str, username: str, name: str, company: str = "") -> str:
    """Why a new password will not do: `short`, `personal`, `monotonous`, `common` or `expected`; empty when it will."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return "short"
    if _mostly(plain, (username, name), OWN_SIGNS):
        return "personal"
    if len(set(plain)) < FEWEST_SIGNS:
        return "monotonous"
    if plain in COMMON or common.is_common(plain):
        return "common"
    if _mostly(plain, (company, *EXPECTED), REST_SIGNS):
        return "expected"
    return ""


def _mostly(plain: str, words: Iterable[str], fewest: int) -> bool:
    """True when a password has one of the words, and without all of them fewer signs than that are left."""
    rest = plain
    for word in words:
        if len(word) > 1:
            rest = rest.replace(word.casefold(), "")
    return rest != plain and len(rest) < fewest
