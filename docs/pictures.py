"""Take the pictures of the guide anew: `make pictures`. A portal with demo data is started for them and thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.servers import free_port
from portal.demo import PASSWORD
from portal.supervisor import answers, tied_to
from tests.find_browser import ensure

FOLDER = Path(__file__).parent / "guide"
ROOT = Path(__file__).parent.parent
DESK, PHONE, TABLET = (1366, 860), (390, 844), (820, 620)  # CSS pixels
START_PATIENCE = 120.0  # seconds; the demo's cases are made first


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, at what, on what screen, and what is opened first."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    follow: tuple[str, ...] = ()  # the first element of each is clicked, one after the other
    prepare: Callable[[Page], None] | None = None  # what else is done on the page first


def _type_a_name(page: Page) -> None:
    page.check("#category-B")
    page.fill("[name=visitor_name]", "常乐")
    page.wait_for_selector("#found button")


def _open_the_kiosk(page: Page) -> None:
    page.fill("[name=name]", "大堂入口平板")
    page.click('form[action$="/kiosks/add"] [type=submit]')
    page.goto(page.inner_text("#kiosk-link"))
    page.click("main [type=submit]")
    page.wait_for_url("**/reception/kiosk")


def _the_draft(page: Page) -> None:
    page.locator("table.list tbody tr").first.locator("a").click()
    page.wait_for_selector("[data-roster]")


def _a_panel_beside_a_reply(page: Page) -> None:
    page.locator("a[href*='do=propose']").first.click()
    page.locator("#propose-solution").fill("您好，")
    page.keyboard.press("Alt+p")
    page.wait_for_selector(".picker .say")
    page.locator(".picker").evaluate("panel => panel.scrollIntoView({block: 'end'})")


def _a_reply_that_is_checked(page: Page) -> None:
    page.locator("a[href*='do=propose']").first.click()
    page.locator("#propose-solution").fill("您急什么，我们保证给您修好，没办法再快了。")
    page.wait_for_selector("[data-better]")
    page.locator("#propose-solution-check").evaluate("found => found.scrollIntoView({block: 'end'})")


def _the_advice(page: Page) -> None:
    page.goto(page.locator("main table tbody a").first.evaluate("link => link.href"))
    page.locator("details:has(q)").evaluate("card => scrollTo(0, card.offsetTop - 80)")


def _the_published(page: Page) -> None:
    page.locator("table.list tbody tr:has(.state.ok) a").first.click()
    page.wait_for_selector("table.roster")
    page.goto(page.url + "print")


def _somebody_is_looked_for(page: Page) -> None:
    page.fill("#name", "张建华")
    page.check("#loose")
    page.fill("#reason", "本人来电，已回拨登记的号码核实")
    page.click("main form[action$='/open'] [type=submit]")
    while page.locator("#kept-title").count() == 0:  # the worker looks through every table
        page.wait_for_timeout(500)
        page.reload()


def _what_if(page: Page) -> None:
    page.fill("#what-if [name=limit]", "20 min")
    page.click("#what-if [type=submit]")
    page.wait_for_selector("#what-if [role=status]")
    page.evaluate("scrollTo(0, 0)")


PICTURES = (
    Picture("desk-day", "desk1", "/"),
    Picture("desk-intake", "desk1", "/complaints/new"),
    Picture("desk-list", "desk1", "/complaints/?state=open"),
    Picture("desk-calls", "desk1", "/complaints/follow-ups/"),
    Picture("desk-search", "desk1", "/search?q=打印机"),
    Picture("desk-board", "desk1", "/reception/"),
    Picture("desk-walk-in", "desk1", "/reception/visits/new", prepare=_type_a_name),
    Picture("desk-place", "desk1", "/reception/rooms/large"),
    Picture("desk-kiosk", "office1", "/reception/kiosks/", TABLET, prepare=_open_the_kiosk),
    Picture("lead-day", "lead.tech", "/", PHONE),
    Picture("lead-approve", "lead.tech", "/", PHONE, ('a.act[href*="do=approve"]',)),
    Picture("lead-board", "lead.tech", "/complaints/board"),
    Picture("lead-visit", "lead.market", "/", PHONE, ('a.act[href*="do=visit-agree"]',)),
    Picture("lead-register", "lead.admin", "/", DESK, ('a.act[href*="do=register-review"]',)),
    Picture("office-day", "office1", "/"),
    Picture("office-board", "office1", "/complaints/board"),
    Picture("office-limits", "office1", "/office/limits/"),
    Picture("office-penalties", "office1", "/complaints/penalties/"),
    Picture("office-improvements", "office1", "/complaints/improvements/"),
    Picture("office-archive", "office1", "/complaints/archive/"),
    Picture("office-person", "office1", "/office/privacy/requests/", prepare=_somebody_is_looked_for),
    Picture("office-matrix", "office1", "/reception/matrix"),
    Picture("duty-now", "desk1", "/duty/"),
    Picture("duty-handover", "lead.admin", "/duty/handover?all=1", follow=("a[data-row]",)),
    Picture("duty-log", "desk1", "/duty/log"),
    Picture("duty-wishes", "desk1", "/duty/rosters/wishes"),
    Picture("duty-roster", "office1", "/duty/rosters/", prepare=_the_draft),
    Picture("duty-print", "office1", "/duty/rosters/", prepare=_the_published),
    Picture("duty-leave", "lead.admin", "/duty/leave/?show=department", follow=("a[data-row]",)),
    Picture("duty-emergency", "desk1", "/duty/emergencies/"),
    Picture("duty-round", "shi.lan", "/duty/inspections/", PHONE, follow=("a[data-row]",)),
    Picture("duty-repair", "lead.admin", "/duty/repairs/", follow=("a[data-row]",)),
    Picture("duty-checklist", "desk1", "/duty/checklists/", follow=("a[data-row]",)),
    Picture("duty-attendance", "lead.admin", "/duty/attendance/sheet"),
    Picture("duty-report", "lead.admin", "/duty/reports/", follow=("a[data-row]",)),
    Picture("duty-wall", "desk1", "/duty/wall"),
    Picture("phrases-library", "desk1", "/phrases/"),
    Picture("phrases-live", "emp.tech", "/complaints/?mine=1&state=open", prepare=_a_reply_that_is_checked),
    Picture("phrases-taboo", "desk1", "/phrases/taboo/"),
    Picture("phrases-panel", "emp.tech", "/complaints/?mine=1&state=open", prepare=_a_panel_beside_a_reply),
    Picture("calls-screen", "desk1", "/phrases/call"),
    Picture("calls-script", "desk1", "/phrases/scripts/complaint-call?path=open.comfort.hear.who"),
    Picture("calls-types", "desk1", "/phrases/customers/"),
    Picture("calls-case", "desk1", "/complaints/?words=押金说好设备退还", prepare=_the_advice),
    Picture("account-second-factor", "emp.tech", "/account/second-factor"),
    Picture("account-messages", "emp.tech", "/account/messages"),
    Picture("handbook-contents", "desk1", "/handbook/"),
    Picture("handbook-clause", "office1", "/handbook/CP-12", prepare=_what_if),
    Picture("training-plan", "office1", "/phrases/training/plan"),
    Picture(
        "training-session",
        "office1",
        "/phrases/training/sessions/?state=held",
        follow=("tbody tr:last-child a",),
    ),
    Picture("training-paper", "desk1", "/phrases/training/quizzes/", follow=("tbody small a",)),
    Picture("training-records", "lead.admin", "/phrases/training/records/"),
    Picture("standards-list", "lead.admin", "/phrases/standards/"),
    Picture("standards-chapter", "lead.market", "/phrases/standards/settlement"),
    Picture("standards-sheet", "qian.wei", "/phrases/assessments/", follow=("td:last-child a",)),
)


def main() -> None:
    """Every picture, in Chinese and by daylight, as the pages look at this moment."""
    with _portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ensure()), args=["--no-sandbox"])
        for picture in PICTURES:
            _take(browser, address, picture)
        browser.close()


def _take(browser: Browser, address: str, picture: Picture) -> None:
    width, height = picture.size
    # Pages glide to a place unless somebody asks for less motion: a picture was taken on the way there.
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page: Page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", picture.who)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url(address + "/")
    page.goto(picture.path)
    for selector in picture.follow:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
    if picture.prepare:
        picture.prepare(page)
    taken = Image.open(BytesIO(page.screenshot(animations="disabled")))
    # A page has few colours; kept as they are, the pictures would be twice as heavy.
    taken.convert("RGB").quantize(128).save(FOLDER / f"{picture.name}.png", optimize=True)
    context.close()
    print(picture.name)


@contextmanager
def _portal() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder:
        port = free_port()
        settings = {"PORTAL_INSTANCE": folder, "PORTAL_DEMO": "1", "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.supervisor"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            preexec_fn=tied_to(os.getpid()),  # noqa: PLW1509 -- nothing here has threads
        )
        try:
            until = time.monotonic() + START_PATIENCE
            while not answers("127.0.0.1", port):
                if time.monotonic() > until:
                    raise SystemExit(f"the portal did not answer within {START_PATIENCE:.0f} s")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
