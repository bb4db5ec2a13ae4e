"""The portal behind a real port, and people who sit in front of it with a browser each."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
)
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from portal.i18n import _
from tests import find_browser
from tests.conftest import client_of
from tests.pages import axe

PATIENCE = (
    10_000  # milliseconds until something must have appeared; two cores may be busy with more than this
)
DESK, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)
_STATUS = re.compile(r"^Failed to load resource: the server responded with a status of (\d{3})")
_WIDEST = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)
    .slice(-3).map(e => e.outerHTML.slice(0, 160))"""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # werkzeug's name
        """The tests say themselves what went wrong."""


class LiveServer:
    """An application on a free port of this machine, answered by threads of this process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._busy, self._idle = 0, threading.Condition()
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.daemon = True

    def _answer(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        if environ["PATH_INFO"] == axe.ADDRESS:
            kept = ("Cache-Control", "public, max-age=31536000, immutable")
            start_response("200 OK", [("Content-Type", "text/javascript"), kept])
            yield axe.SCRIPT
            return
        with self._idle:
            self._busy += 1
        answer: Any = ()
        try:
            answer = self.app.wsgi_app(environ, start_response)
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def quiet(self) -> None:
        """Wait until no request is being answered: the database may be put away then."""
        with self._idle:
            assert self._idle.wait_for(lambda: not self._busy, timeout=PATIENCE / 1000), "a request hangs"

    @contextmanager
    def running(self) -> Iterator[LiveServer]:
        """The server, up until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join(timeout=PATIENCE / 1000)
            self._server.server_close()


@dataclass(frozen=True)
class Way:
    """How somebody uses the portal: which language, with or without script, how wide, how bright."""

    lang: str = "zh-CN"
    script: bool = True
    size: tuple[int, int] = DESK
    scheme: str = "light"

    def __str__(self) -> str:
        return f"{self.lang[:2]}-{'script' if self.script else 'plain'}"


CHINESE, ENGLISH = Way(), Way("en", script=False)
ENGLISH_SCRIPT, CHINESE_PLAIN = Way("en"), Way(script=False)


def in_turn(way: Way) -> pytest.MarkDecorator:
    """A long errand is walked in one way, and the next one in another: each step of it is the same in all of them.

    `make faults` walks it in Chinese with script and in English without besides.
    """
    walked = dict.fromkeys([way, CHINESE, ENGLISH]) if axe.WHOLE else [way]
    return pytest.mark.parametrize("way", walked, ids=str)


@dataclass
class Colleague:
    """Somebody at a browser. What the browser complains about is kept and must be empty at the end."""

    page: Page
    server: LiveServer
    way: Way
    allowed: set[int] = field(default_factory=set)  # answers that the story provokes on purpose
    complaints: list[str] = field(default_factory=list)
    changed: bool = False  # in a way that nobody can take back: the next one gets another browser

    def listen(self) -> None:
        """Note every error of the console, of a script, every unwanted answer, every question to another host."""
        self.page.set_default_timeout(PATIENCE)
        for name, note in self._heard().items():
            self.page.on(name, note)  # type: ignore[call-overload]  # it wants to be told the name itself

    def leave(self) -> None:
        """Note nothing more."""
        for name, note in self._heard().items():
            self.page.remove_listener(name, note)

    def _heard(self) -> dict[str, Callable[[Any], None]]:
        return {
            "console": self._console,
            "pageerror": self._fault,
            "response": self._response,
            "request": self._request,
        }

    def _fault(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = _STATUS.match(message.text)
        if status is None or int(status[1]) not in self.allowed:
            self.complaints.append(f"console: {message.text} at {self.page.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    def _request(self, request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(self.server.url):
            self.complaints.append(f"another host was asked: {request.url}")

    def allows(self, *codes: int) -> Colleague:
        """The story provokes these answers."""
        self.allowed |= set(codes)
        return self

    def holds_the_clock(self) -> Colleague:
        """Time passes for the pages only when the story says so."""
        self.page.clock.install()
        self.changed = True
        return self

    def word(self, sentence: str, **given: Any) -> str:
        """A sentence of the pages in the language of this person."""
        with self.server.app.test_request_context(headers={"Accept-Language": self.way.lang}):
            return _(sentence, **given)

    def goes(self, address: str) -> Colleague:
        """Type an address."""
        self.page.goto(self.server.url + address)
        return self.arrived()

    def comes_back(self, username: str) -> Colleague:
        """With the cookie of a new login, as whoever logged in just now has it."""
        cookie = client_of(self.server.app, username).get_cookie("portal")
        assert cookie is not None
        self.page.context.add_cookies([{"name": "portal", "value": cookie.value, "url": self.server.url}])
        return self

    def arrived(self) -> Colleague:
        """Wait until the page answers to keys and clicks."""
        if self.way.script:
            self.page.locator("html[data-ready], body:not(.frame)").first.wait_for(state="attached")
        return self

    def is_at(self, address: str | re.Pattern[str]) -> Colleague:
        """The browser is at that address (path and query)."""
        wanted = self.server.url + address if isinstance(address, str) else address
        expect(self.page).to_have_url(wanted, timeout=PATIENCE)
        return self.arrived()

    @property
    def path(self) -> str:
        """Where the browser is: path and query."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def button(self, sentence: str) -> Locator:
        """The button with these words, alone on the page."""
        return self.page.get_by_role("button", name=self.word(sentence), exact=True)

    def link(self, sentence: str) -> Locator:
        """The link with these words."""
        return self.page.get_by_role("link", name=self.word(sentence), exact=True)

    def reads(self, text: str) -> Colleague:
        """These words stand in the page's main part, where they can be seen."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible(timeout=PATIENCE)
        return self

    def is_told(self, sentence: str, **given: Any) -> Colleague:
        """A message at the edge of the page says this."""
        said = self.page.locator("[data-toasts] .toast", has_text=self.word(sentence, **given))
        expect(said.last).to_be_visible(timeout=PATIENCE)
        return self

    def is_refused(self, clause: str) -> Colleague:
        """The portal says no and names the clause: beside the page with script, without on a page of its own or above
        the form that keeps what was typed."""
        if self.way.script:
            said = self.page.locator("[data-toasts] .toast[data-tone=bad]", has_text=clause)
        else:
            said = self.page.locator("main h1, main [role=alert]", has_text=clause)
        expect(said.first).to_be_visible(timeout=PATIENCE)
        return self

    def looks(self) -> Colleague:
        """Nothing on this page, as it is now, keeps anybody from using it: no axe finding, no sideways scrolling."""
        if not self.way.script:
            return self
        axe.assert_accessible(self.page)
        return self


def assert_no_sideways(page: Page) -> None:
    """The page fits its window: nobody has to scroll sideways to read it."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > window:
        raise AssertionError(
            f"{page.url} is {wide} px wide in a window of {window} px: {page.evaluate(_WIDEST)}"
        )


Come = Callable[..., Colleague]


def launch_args() -> dict[str, Any]:
    """How the browser that is on the machine is started; NoBrowser when there is none and none can be had."""
    args = [
        "--no-sandbox",
        "--disable-gpu",
        # What would hand pixels to a graphics card has no card: as a process of its own it only sends messages.
        "--in-process-gpu",
        # A page lives for a second: what its optimising compilers cost never comes back.
        "--js-flags=--no-opt --no-maglev",
        # Nobody looks at the pixels: what lies beyond the window is laid out, but not painted beforehand.
        "--force-gpu-mem-available-mb=4",
    ]
    return {"executable_path": str(find_browser.ensure()), "args": args}


class Seats:
    """Browsers that stay for the next story: to begin in a new one costs as much as opening three pages."""

    def __init__(self, browser: Browser, server: LiveServer) -> None:
        self.browser, self.server = browser, server
        self._free: dict[Way, list[Page]] = {}
        self._made: dict[Page, Way] = {}  # as it was begun: whoever sits there may switch to another language

    def take(self, way: Way) -> Page:
        """A page of a browser that knows nobody."""
        if free := self._free.get(way):
            return free.pop()
        context = self.browser.new_context(
            locale=way.lang,
            java_script_enabled=way.script,
            viewport={"width": way.size[0], "height": way.size[1]},
            color_scheme=_scheme(way),
            has_touch=way.size[0] < 600,
            is_mobile=way.size[0] < 600,
            reduced_motion="reduce",
        )
        page = context.new_page()
        self._made[page] = way
        return page

    def give_back(self, page: Page, *, as_it_was: bool = True) -> None:
        """Forget who was here: cookies, what the pages kept, size and media, answers that were put in between."""
        way = self._made[page]
        if not as_it_was or page.context.pages != [page]:
            del self._made[page]
            page.context.close()
            return
        page.on("dialog", _agree)
        # Elsewhere would be another process, which has loaded nothing.
        page.goto(self.server.url + "/healthz")
        page.remove_listener("dialog", _agree)
        if way.script:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.unroute_all()
        page.set_viewport_size({"width": way.size[0], "height": way.size[1]})
        page.emulate_media(media="null", color_scheme=_scheme(way))
        self.server.quiet()  # what still comes may bring a cookie
        page.context.clear_cookies()
        self._free.setdefault(way, []).append(page)

    def close(self) -> None:
        """Send everybody home."""
        for page in self._made:
            page.context.close()


def _agree(dialog: Dialog) -> None:
    """Yes, what was typed may be lost."""
    dialog.accept()


def _scheme(way: Way) -> Literal["dark", "light"]:
    return "dark" if way.scheme == "dark" else "light"


@contextmanager
def colleagues(seats: Seats) -> Iterator[Come]:
    """people = come("desk1", way): somebody at a browser of their own, logged in unless the name is empty."""
    there: list[Colleague] = []

    def come(username: str = "", way: Way = CHINESE) -> Colleague:
        someone = Colleague(seats.take(way), seats.server, way)
        someone.listen()
        if username:
            someone.comes_back(username)
        there.append(someone)
        return someone

    try:
        yield come
    finally:
        for someone in there:
            someone.leave()
            seats.give_back(someone.page, as_it_was=not someone.changed)
        seats.server.quiet()
    wrong = [line for someone in there for line in someone.complaints]
    assert not wrong, "\n".join(wrong)
