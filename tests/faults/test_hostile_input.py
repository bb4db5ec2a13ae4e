"""Whatever arrives in whatever field: never a fault of ours, a message beside the field, and the typed text kept."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, quote_plus
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]  # ships no types

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.workflow import CASE
from tests import factories
from tests.client import CarefulClient
from tests.complaints.test_reach import somewhere_open
from tests.conftest import As, client_of

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
SAMPLES = 20_000 if WHOLE else 500
MARK = "所打的字7391"
VALUES: tuple[bytes, ...] = tuple(
    text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    for text in (
        "", "   ", "\r\n\t", "x" * 1_000_000, "字" * 300_000, "a\x00b", "\x1b[31m", "a\ud800b", "\ufffe", b"\xff\xfe\x80",
        "😀" * 40, "é" * 3, "2026-02-30", "2026-02-30T25:61", "0000-00-00T00:00", "9999-12-31T23:59", "9" * 400, "-1",
        "1e308", "NaN", "０", "<script>alert(1)</script>", "{{7*7}}%(x)s%s", "' OR 1=1 --", '"><img src=x onerror=x>',
        "../../etc/passwd", "null", "[]", "true", "yes", "desk1", "陈桂芳" * 60, "\u202eabc", "TS-20260302-0001",
        "0 wd, -5 %",
    )
)  # fmt: skip
# What a person would type where the page is drawn empty; other texts get MARK.
TYPED = {
    "handler": "emp.tech", "reporter": "desk1", "department": "tech", "due_at": "2026-03-02T16:00",
    "until": "2026-03-09T16:00", "finding": "mistake", "outcome": "satisfied", "kind": "", "category": "product",
    "limit": "contact", "decision": "no", "read_back": "yes", "customer_phone": "13900001234", "person_concerned": "",
    "occurred_at": "", "responsible": "", "agreed_at": "", "customer_type": "", "urgency": "normal",
}  # fmt: skip
LEFT_ALONE = {"/logout", "/language", "/theme"}
FINE = {200, 302, 303, 308, 400, 403, 404, 409, 413, 422}


@dataclass
class Drawn:
    """A form as a page draws it: where it goes and what stands in its fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)  # fields in which anything may be typed
    hidden: set[str] = field(default_factory=set)

    def moved_to(self, address: str) -> Drawn:
        """The same form on another case, as if it were drawn there; what is particular to one is left out."""
        number = re.search(r"TS-\d{8}-\d+", address)
        action = re.sub(r"TS-\d{8}-\d+", number[0], self.action) if number else self.action
        particular = {"idempotency_key": "", "proposal": "", "version": ""}
        kept = {name: particular.get(name, value) for name, value in self.fields.items()}
        return Drawn(action, kept, self.texts, self.hidden)


def forms_of(html: str, address: str) -> list[Drawn]:
    """The forms of a page that change something."""
    root: Element = HTMLParser(namespace_html_elements=False).parse(html)
    found = []
    for form in root.iter("form"):
        action = form.get("action") or address
        if form.get("method") != "post" or action in LEFT_ALONE:
            continue
        drawn = Drawn(action)
        for element in form.iter():
            name = element.get("name")
            if name is None:
                continue
            if element.tag == "textarea":
                drawn.fields.setdefault(name, (element.text or "").strip())
                drawn.texts.append(name)
            elif element.tag == "select":
                options = list(element.iter("option"))
                chosen = [o.get("value") or "" for o in options if o.get("selected") is not None]
                drawn.fields[name] = (chosen or [o.get("value") or "" for o in options[:1]] or [""])[0]
            elif element.tag == "input" and element.get("type") not in {
                "file",
                "submit",
                "checkbox",
                "radio",
            }:
                drawn.fields[name] = element.get("value") or ""
                if element.get("type") == "hidden":
                    drawn.hidden.add(name)
                if element.get("type") in {None, "text"} and not element.get("list"):
                    drawn.texts.append(name)
        found.append(drawn)
    return found


def encoded(pairs: list[tuple[str, bytes]]) -> bytes:
    """The body of a form; any bytes, also such as no browser would send."""
    return "&".join(f"{quote_plus(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()


class Places:
    """The pages with forms, each opened when it is wanted and anew once its form was accepted."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browsers: dict[str, CarefulClient] = {}
        self.open: dict[str, tuple[CarefulClient, str, list[Drawn]]] = {}
        self.seen: dict[str, tuple[CarefulClient, list[Drawn]]] = {}
        verbs = [f"verb {verb}" for verb in CASE.verbs if verb not in {"edit", "dispose"}]
        self.names = [*verbs, "edit", "/complaints/new", "/account/password", "/account", *OFFICE]

    def at(self, name: str) -> tuple[CarefulClient, str, list[Drawn]]:
        """Who looks at the page, its address, its forms."""
        if name not in self.open:
            username, address = self._find(name)
            if name in self.seen:
                browser, forms = self.seen[name]
                self.open[name] = (browser, address, [form.moved_to(address) for form in forms])
                return self.open[name]
            browser = self.browsers.setdefault(username, client_of(self.app, username))
            browser.careful = False
            page = browser.get(address)
            assert page.status_code == 200, address
            self.open[name] = (browser, address, forms_of(page.text, address))
            assert self.open[name][2], f"{address} has no form"
            self.seen[name] = (browser, self.open[name][2])
        return self.open[name]

    def _find(self, name: str) -> tuple[str, str]:
        if name.startswith("verb "):
            number, username = somewhere_open(self.app, name.removeprefix("verb "))
            return username, f"/complaints/{number}?do={name.removeprefix('verb ')}"
        if name == "edit":
            return "desk1", f"/complaints/{factories.a_case(self.app)}/edit"
        if name.startswith("/office"):
            return "office1", name
        return "desk2" if name.startswith("/account") else "desk1", name


OFFICE = (
    "/office/people/new", "/office/people/2", "/office/departments/new", "/office/departments/market",
    "/office/limits/limit.solution", "/office/limits/ladder.solution", "/office/calendar/",
    "/office/positions/lead/market", "/office/routing/price",
)  # fmt: skip


def test_no_field_takes_the_portal_down(app: Flask) -> None:
    chance, places = random.Random(20261122), Places(app)
    codes: Counter[int] = Counter()
    for turn in range(SAMPLES):
        name = places.names[turn % len(places.names)]
        browser, address, forms = places.at(name)
        form = chance.choice(forms)
        victims = [n for n in form.fields if n != "csrf_token"]
        if not victims:
            continue
        victim, value = chance.choice(victims), chance.choice(VALUES)
        marks = [n for n in form.texts if n != victim and not TYPED.get(n)]
        usual = {n: TYPED.get(n) or v or (MARK if n in marks else "") for n, v in form.fields.items()}
        pairs = [(n, text.encode()) for n, text in usual.items() if n != victim]
        pairs.append((victim, value))
        if chance.random() < 0.15:
            pairs.append((victim, chance.choice(VALUES)))
        answer = browser.post(
            form.action, data=encoded(pairs), content_type="application/x-www-form-urlencoded"
        )
        told = f"{form.action}: {victim}={value[:40]!r} at {address}: {answer.status_code}"
        assert answer.status_code in FINE, told
        codes[answer.status_code] += 1
        if answer.status_code == 422:
            # A hidden field that was damaged leaves nothing to say which form it was.
            _inspect_refusal(answer.text, marks if victim not in form.hidden else [], form, told)
        elif answer.status_code == 409 or (answer.status_code == 303 and name.startswith(("verb", "edit"))):
            places.open.pop(name)
    assert codes[422] > SAMPLES / 10, codes
    assert codes[303] > SAMPLES / 20, codes
    assert factories.history_faults(app) == []


def _inspect_refusal(html: str, marks: list[str], form: Drawn, told: str) -> None:
    """A message beside the field, and what was typed elsewhere still there."""
    assert 'class="error"' in html or 'role="alert"' in html, f"no message: {told}"
    kept = [n for n in marks if not form.fields[n]]
    assert MARK in html or not kept, f"the typed text is gone: {told}"
    assert "<script>alert(1)</script>" not in html, told
    assert "<img src=x" not in html, told


QUERIES = ("words", "state", "department", "kind", "urgency", "overdue", "mine", "first_responder", "since", "until",
           "before", "after", "q", "do", "part")  # fmt: skip


SHAPES = ("/complaints/%s", "/handbook/%s", "/office/people/%s", "/office/limits/%s", "/office/departments/%s",
          "/complaints/<number>/files/%s", "/static/%s", "/%s")  # fmt: skip


def test_a_number_that_no_database_holds_is_no_page_and_no_row(app: Flask, as_: As) -> None:
    browser = as_("office1")
    browser.careful = False
    huge = "9" * 40
    answers = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "<path" in rule.rule:
            continue
        plain = "<" not in rule.rule
        address = f"{rule.rule}?before={huge}&after={huge}" if plain else re.sub(r"<[^>]*>", huge, rule.rule)
        code = browser.get(address).status_code
        answers[address] = code if code in FINE and (plain or code == 404) else f"{code}!"
    assert [address for address, code in answers.items() if str(code).endswith("!")] == []


def test_no_address_takes_the_portal_down(app: Flask, as_: As) -> None:
    chance = random.Random(7)
    number = factories.a_case(app, State.ROUTED)
    browser = as_("office1")
    browser.careful = False
    pages = ("/complaints/", f"/complaints/{number}", "/notifications/", "/handbook/", "/search", "/office/audit/",
             "/office/people/", "/office/calendar/", "/login")  # fmt: skip
    short = [value for value in VALUES if len(value) < 3_000]
    for _ in range(SAMPLES // 4):
        query = "&".join(
            f"{name}={quote_from_bytes(chance.choice(short))}"
            for name in chance.sample(QUERIES, chance.randrange(1, 5))
        )
        address = f"{chance.choice(pages)}?{query}"
        assert browser.get(address).status_code in FINE, address
    for value in short:
        for shape in SHAPES:
            address = shape.replace("<number>", number) % quote_from_bytes(value)
            answer = browser.get(address)
            assert answer.status_code in FINE, address
            answer.close()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"HX-Request": "maybe"}, 200),
        ({"Accept-Language": "*;q=zz,,;"}, 200),
        ({"Accept-Language": "xx-YY"}, 200),
        ({"If-None-Match": '"\x80"'}, 200),
        ({"Cookie": "portal=garbage.%ff"}, 302),
        ({"Content-Type": "multipart/form-data"}, 200),
        ({"Range": "bytes=9-1"}, 200),
    ],
)
def test_no_header_takes_the_portal_down(app: Flask, as_: As, headers: dict[str, str], code: int) -> None:
    browser = as_("desk1")
    browser.lang = None
    if "Cookie" in headers:
        browser = app.test_client(use_cookies=False)  # type: ignore[assignment]  # the application's own client class
    assert browser.get("/complaints/", headers=headers).status_code == code


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b'{"content": 1}', "application/json"),
        (b"&".join(b"a=1" for _ in range(5_000)), "application/x-www-form-urlencoded"),
        (b"content=" + b"x" * 9_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_no_body_takes_the_portal_down(as_: As, body: bytes, kind: str) -> None:
    answer = as_("desk1").post("/complaints/new", data=body, content_type=kind)
    assert answer.status_code in {400, 413}
    assert re.search(r"<h1>", answer.text)


def test_a_repeated_field_is_told_and_several_solutions_are_not(app: Flask, as_: As) -> None:
    answer = as_("desk1").register(customer_name=["甲", "乙"])
    assert answer.status_code == 422
    assert "This was sent more than once; only one answer can be given here." in answer.text
    number = factories.a_case(app, State.ACCEPTED)
    form: dict[str, Any] = {"findings": "墨盒开裂", "finding": "mistake", "solution": ["换", "修"]}
    assert as_("emp.tech").act(number, "propose", **form).status_code == 303
