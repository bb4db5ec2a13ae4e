"""The careful client: a browser without script that looks at every whole page it is given."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from tinyhtml5 import inputstream  # type: ignore[import-untyped]  # ships no types
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]  # as above
from werkzeug.test import TestResponse

LANGUAGES = {"en": "en", "zh-CN": "zh-CN"}
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# What differs between two pages of one make, and is nothing that `inspect_page` looks at: values, words between
# tags, addresses within the house, times, titles, classes. Only what cannot break a page is taken out: no sign that
# starts a tag or an entity, no control character.
_VALUE = re.compile(r' value="[^"]*"')
_WORDS = re.compile(r">([\w \t\n.,:;!?()/%+·、。，：；！？（）—…-]+)(?=<)")
_ADDRESS = re.compile(r' (href|action|hx-get|hx-post)="(?!//)(?:[^"&:<>\x00-\x1f]|&amp;)*"')
_VERSION = re.compile(r'(?<="If-None-Match": "\\")[0-9a-f]+')
# A row that is made like the one before says nothing new; one that bears an id does.
_SAME_AGAIN = re.compile(r"^((?!.* id=).+\n)\1+", re.MULTILINE)
_TOLD = re.compile(r' (title|datetime|aria-label|min|max)="[^"&<>\x00-\x1f]*"')
_CLASS = re.compile(r' (class|aria-current)="[^"&<>\x00-\x1f]*"')
_ID = re.compile(r' id="([^"]*)"')
# What stands in the main part differs with the page, what stands around it with the person: each is looked at alone.
_MAIN = re.compile(r"<main\b[^>]*>.*</main>", re.DOTALL)
_AROUND = "<main><h1>x</h1></main>"
_WITHIN = '<!doctype html><html lang="{}"><head><title>x</title></head><body>{}</body></html>'
_CLAUSE_LINK = re.compile(r'<a href="[^"]*/handbook/[A-Z]{2}-\d\d">([A-Z]{2}-\d\d)</a>')
_FINE: set[int] = set()
_DATA_BLOCKS = {"application/json", "application/ld+json"}


class _Kept(dict[tuple[Any, bool], re.Pattern[str]]):
    """The expressions of tinyhtml5, which it means to keep and makes anew for every word: half the time of a page."""

    def __missing__(self, wanted: tuple[Any, bool]) -> re.Pattern[str]:
        characters, opposite = wanted
        signs = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[wanted] = re.compile(f"[{'' if opposite else '^'}{signs}]+")
        return self[wanted]


inputstream.characters_until_regex = _Kept()


class CarefulClient(FlaskClient):
    """One browser. `lang` is what it asks for and what each page must say it is written in; None looks at neither."""

    lang: str | None = "en"
    token: str | None = None
    careful: bool = True  # False where pages of a megabyte are asked for by the hundred

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, and every whole page that comes back is inspected."""
        if self.lang is not None and args and isinstance(args[0], str):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Accept-Language", self.lang)
            kwargs["headers"] = headers
        response = super().open(*args, **kwargs)
        a_page = self.careful and response.mimetype == "text/html" and response.status_code // 100 != 3
        if a_page and response.data[:9].lower() == b"<!doctype":
            self._inspect(response)
            if found := _TOKEN.search(response.text):
                self.token = found[1]
        return response

    def _inspect(self, response: TestResponse) -> None:
        try:
            inspect_once(response.text, self.lang)
        except AssertionError as error:
            raise AssertionError(f"{response.request.path}: {error}") from error

    def csrf(self) -> str:
        """The token that a form of the last page carried; asked for once when no page was opened yet."""
        if self.token is None:
            self.get("/")
        assert self.token, "no page with a form was opened: nobody is logged in"
        return self.token

    def send(self, address: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
        """A form posted as a browser would, or by htmx."""
        headers = {"HX-Request": "true"} if htmx else {}
        data = {
            "csrf_token": self.csrf(),
            **{name: text for name, text in fields.items() if text is not None},
        }
        return self.post(address, data=data, headers=headers)

    def act(self, number: str, verb: str, **fields: Any) -> TestResponse:
        """One verb on one case."""
        return self.send(f"/complaints/{number}/{verb}", **fields)

    def register(self, **chosen: Any) -> TestResponse:
        """The intake form, valid but for what is chosen."""
        return self.send("/complaints/new", **(INTAKE | chosen))


INTAKE: dict[str, Any] = {
    "kind": "complaint",
    "channel": "phone",
    "category": "product",
    "urgency": "normal",
    "content": "打印机漏墨，文件打不出来",
    "demand": "请尽快派人来修",
    "customer_name": "陈桂芳",
    "customer_phone": "13900001234",
    "read_back": "yes",
}


def number_in(response: TestResponse) -> str:
    """The number of the case that a redirect leads to."""
    assert response.status_code in {303, 204}, f"{response.status_code}: {text_of(response)}"
    address = response.headers.get("Location") or response.headers["HX-Redirect"]
    found = re.search(r"TS-\d{8}-\d{4,}", address)
    assert found, f"{address} is no case"
    return found[0]


def unlinked(html: str) -> str:
    """A page whose clauses are words of their sentences, not links in them."""
    return _CLAUSE_LINK.sub(r"\1", html)


def text_of(response: TestResponse) -> str:
    """What a person reads of an answer: its main part without tags, blanks joined."""
    text = response.text
    main = text[text.find("<main") :] if "<main" in text else text
    main = unlinked(main)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def inspect_once(html: str, lang: str | None = None) -> None:
    """`inspect_page`, but nothing twice: of the main part and of what is around it only a make that is new."""
    main = _MAIN.search(html)
    parts = [html]
    if main is not None:
        within = _WITHIN.format(LANGUAGES.get(lang or "", ""), main[0])
        parts = [html.replace(main[0], _AROUND), within]
    assert_unique(_ID.findall(html))
    for part in parts:
        alike = hash((lang, make_of(part)))
        if alike not in _FINE:
            inspect_page(part, lang)
            _FINE.add(alike)


def assert_unique(ids: list[str]) -> None:
    """No id stands twice on a page."""
    double = [name for name, times in Counter(ids).items() if times > 1] if len(set(ids)) < len(ids) else []
    assert not double, f"ids used twice: {double}"


def make_of(html: str) -> str:
    """A page without what differs from one to the next of its make: a make that was looked at once is fine."""
    plain = _VALUE.sub("", html)
    plain = _WORDS.sub(lambda found: found[0] if found[1].isspace() else ">x", plain)
    for told in (_ADDRESS, _TOLD, _CLASS):
        plain = told.sub(r" \1", plain)
    plain = _VERSION.sub("", plain).replace("<option selected>", "<option>")
    return _SAME_AGAIN.sub(r"\1", plain)


def inspect_page(html: str, lang: str | None = None) -> None:
    """What holds for every whole page; AssertionError names what does not."""
    parser = HTMLParser(namespace_html_elements=False)
    root: Element = parser.parse(html)
    lines = html.splitlines()
    wrong = [
        f"line {line}: {name} {given}: {lines[line - 1][:160]}" for (line, _), name, given in parser.errors
    ]
    assert not wrong, f"not well-formed: {wrong[:3]}"
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if lang is not None:
        assert root.get("lang") == LANGUAGES[lang], (
            f"the page says lang={root.get('lang')!r}, asked for {lang}"
        )
    headings = [e for e in elements if e.tag == "h1"]
    assert len(headings) == 1, f"a page has one h1, this one {len(headings)}"
    assert "".join(headings[0].itertext()).strip(), "the h1 is empty"
    ids = [given for e in elements if (given := e.get("id")) is not None]
    assert_unique(ids)
    _inspect_forms(elements, set(ids))
    _inspect_inline(elements)


def _inspect_forms(elements: list[Element], ids: set[str]) -> None:
    for form in (e for e in elements if e.tag == "form"):
        method = (form.get("method") or "").lower()
        assert method in {"get", "post", "dialog"}, f"a form without method: {form.attrib}"
        names = {e.get("name") for e in form.iter() if isinstance(e.tag, str)}
        if method == "post":
            assert "csrf_token" in names, f"a form without csrf_token: {form.attrib}"
            assert not urlsplit(form.get("action") or "").netloc, (
                f"a form that leaves the house: {form.attrib}"
            )
        else:
            assert "csrf_token" not in names, f"a token in an address: {form.attrib}"
    for label in (e for e in elements if e.tag == "label" and e.get("for")):
        assert label.get("for") in ids, f"a label for nothing: {label.get('for')}"


def _inspect_inline(elements: list[Element]) -> None:
    for element in elements:
        acts = [name for name in element.attrib if str(name).startswith(("on", "hx-on")) or name == "style"]
        assert not acts, f"inline {acts} at <{element.tag}>: the policy of the page forbids it"
        assert element.tag != "style", "an inline style element"
        if element.tag == "script":
            assert element.get("src") or element.get("type") in _DATA_BLOCKS, "an inline script"
        for name in ("src", "href", "action"):
            host = urlsplit(element.get(name) or "").netloc
            assert not host or element.tag == "a", f"<{element.tag}> asks another host: {element.get(name)}"
