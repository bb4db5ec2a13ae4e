"""docs/security.md answers every requirement, names only tests that exist; and what holds for the whole portal."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal import cookies, logs
from portal.config import ROOT, Settings, keyed
from portal.kernel import sealing, sessions
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| L([123]) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
# Of ASVS 5.0.0: chapter -> how many requirements of level 1 and of level 2 it has.
COUNTS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3), 9: (4, 3),
    10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10), 16: (0, 16), 17: (0, 7),
}  # fmt: skip
ANSWERS = ("Test:", "Code:", "Document:", "Operator:", "Does not apply:", "In part:", "Not met:")


def test_every_requirement_of_both_levels_has_its_row_once() -> None:
    rows = ROW.findall(PAGE)
    numbers = [tuple(map(int, row[:3])) for row in rows]
    assert numbers == sorted(set(numbers)), "a number is there twice, or out of order"
    found = Counter((int(chapter), level) for chapter, _, _, level, _, _ in rows)
    assert {chapter: (found[chapter, "1"], found[chapter, "2"]) for chapter in COUNTS} == COUNTS
    assert sum(found.values()) == sum(map(sum, COUNTS.values())) == 253
    assert len(re.findall(r"^\| \d+\.\d+\.\d+ \|", PAGE, re.MULTILINE)) == 253, "a row that cannot be read"


def test_every_answer_is_of_a_known_kind_and_the_sums_are_right() -> None:
    kinds: Counter[str] = Counter()
    for *number, _level, _asked, answer in ROW.findall(PAGE):
        kind = next((kind for kind in ANSWERS if answer.startswith(kind)), None)
        assert kind, f"{'.'.join(number)}: begin with one of {', '.join(ANSWERS)}"
        kinds[kind] += 1
        if kind == "Test:":
            assert NAMED.search(answer), f"{'.'.join(number)}: name the test"
    for kind, count in kinds.items():
        assert f"| {kind[:-1]} | {count} |" in PAGE, f"{kind} {count}: say so in the table of sums"


def test_every_test_and_file_that_is_named_exists() -> None:
    tests: dict[str, set[str]] = {}
    for path, name in NAMED.findall(PAGE):
        if path not in tests:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            tests[path] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in tests[path], f"{path}::{name}"
    assert len(re.findall(r"`tests/[^`]*::", PAGE)) == len(NAMED.findall(PAGE))
    files = set(re.findall(r"`((?:portal|deploy|docs|tests)/[\w./-]+)`", PAGE))
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []


def test_behind_tls_every_cookie_belongs_to_this_host_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in Settings(secure_cookies=True).for_flask().items():
        if name.startswith("SESSION_COOKIE"):
            monkeypatch.setitem(app.config, name, value)
    answer = Response()
    with app.test_request_context("/", base_url="https://portal.example"):
        cookies.keep(answer, "kiosk", "x", lasts=60, path="/reception/kiosk", samesite="Strict")
        cookies.drop(answer, "kiosk", path="/reception/kiosk")
        spoken = app.test_client().post("/language", base_url="https://portal.example")
    sent = answer.headers.getlist("Set-Cookie")
    page = app.test_client().get("/login", base_url="https://portal.example")
    sent += page.headers.getlist("Set-Cookie")
    assert len(sent) == 3
    for cookie in sent:
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "SameSite=" in cookie
    for response in (page, spoken):
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_what_a_browser_brings_back_is_signed_by_sha_256(app: Flask) -> None:
    with app.test_request_context():
        cookie: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # guards.Cookies
        marks: Any = sealing.signer("x")
        for ours, salt, derived in ((cookie, "cookie-session", "hmac"), (marks, "x", "django-concat")):
            strong, weak = (
                URLSafeTimedSerializer(
                    keyed(app), salt, signer_kwargs={"key_derivation": derived, "digest_method": digest}
                )
                for digest in (hashlib.sha256, hashlib.sha1)
            )
            assert ours.loads(strong.dumps([1])) == [1]
            with pytest.raises(BadSignature):
                ours.loads(weak.dumps([1]))


@pytest.fixture
def told(capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """What stands in the log, a dictionary a line; afterwards it is text again."""
    logs.speak("json")
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    logs.speak("text")


def test_what_concerns_security_leaves_a_line_that_tells_no_secret(app: Flask, as_: As, told: Any) -> None:
    desk, someone = as_("desk1"), app.test_client()
    assert isinstance(someone, CarefulClient)
    who = factories.id_of(app, "desk1")
    someone.get("/login")
    steps: list[tuple[Any, tuple[Any, ...]]] = [
        (lambda: someone.send("/login", username="my-password", password="x"), ("account", 422, None)),
        (lambda: someone.send("/login", username="desk1", password="my-password"), ("account", 422, who)),
        (
            lambda: someone.send("/login", username="desk1", password=factories.PASSWORD),
            ("account", 303, who),
        ),
        (lambda: desk.get("/office/"), ("refused", 403, who)),
        (lambda: desk.get("/complaints/TS-20260302-0999"), ("not found", 404, who)),
        (lambda: desk.post("/complaints/new"), ("bad request", 400, who)),
        (lambda: desk.post("/logout", headers={"Origin": "https://evil.example"}), ("account", 403, who)),
        (lambda: someone.post("/complaints/intake", json={}), ("no token", 401, None)),
        (lambda: desk.send("/logout"), ("account", 303, who)),
        (lambda: desk.get("/"), ()),
        (lambda: desk.get("/", headers={"HX-Request": "true"}), ()),
    ]
    for ask, expected in steps:
        told()
        ask()
        lines = [line for line in told() if line["logger"] == "portal.events"]
        assert [(line["message"], line["status"], line["person"]) for line in lines] == (
            [expected] if expected else []
        )
        assert all(line["from"] == "127.0.0.1" and len(line["request"]) == 16 for line in lines)
        assert "my-password" not in json.dumps(lines)
        assert "TS-2026" not in json.dumps(lines)


def test_whole_lists_leave_only_so_often(app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "EXPORTS", 2)
    asked = ("/complaints/export.xlsx", "/reception/visits/export", "/complaints/export.xlsx")
    assert [as_("office1").get(address).status_code for address in asked] == [200, 200, 429]
    assert as_("desk1").get(asked[0]).status_code == 200, "each person has turns of their own"
