"""The pages of reception: the board, the walk-in form, appointments, a visit with its steps, keeping, the register."""

from __future__ import annotations

import re
from typing import Any, Self

from playwright.sync_api import Locator, expect

from portal.blueprints.reception.labels import SAID, VERBS
from portal.blueprints.reception.register import labels as registers
from portal.blueprints.reception.register.codes import State
from tests.pages.complaints import fill
from tests.pages.live import PATIENCE, PHONE, Colleague, assert_no_sideways

# The words of the company's regulations for each state of a visit, and the English page's.
STATES = {
    "expected": ("预约", "Expected"),
    "arrived": ("已到", "Arrived"),
    "waiting": ("等候", "Seated, waiting"),
    "meeting": ("接待中", "In meeting"),
    "left": ("已离开", "Left"),
    "closed": ("已检查", "Checked"),
    "archived": ("已归档", "Archived"),
    "asked": ("待部门答复", "Department asked"),
    "declined": ("婉拒", "Politely declined"),
    "cancelled": ("取消", "Cancelled"),
    "no_show": ("未到", "Did not come"),
}


def _source(sentence: Any) -> str:
    """The English sentence behind a lazy one: its key in the catalogue."""
    return str(sentence.sentence)


def fits(who: Colleague) -> None:
    """The page as it is now, on this screen and on a phone's: no axe finding, no sideways scrolling."""
    size = {"width": who.way.size[0], "height": who.way.size[1]}
    for width, height in (who.way.size, PHONE):
        who.page.set_viewport_size({"width": width, "height": height})
        who.looks()
        assert_no_sideways(who.page)
    who.page.set_viewport_size(size)  # type: ignore[arg-type]  # the two numbers it asks for


class WalkIn:
    """The form in which whoever stands at the desk is recorded."""

    opener, address, button = "Somebody is here", "/reception/visits/new", "Record the visitor"

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.form = who.page.locator("#visit-form form")

    @classmethod
    def open(cls, who: Colleague) -> Self:
        """From the board by the button on top."""
        who.goes("/reception/")
        who.link(cls.opener).click()
        who.is_at(cls.address).looks()
        return cls(who)

    def records(self, category: str, **given: Any) -> VisitPage:
        """Category first, then what the visitor says; the visit opens."""
        return self.fills(category, **given).sends().opens()

    def fills(self, category: str, **given: Any) -> Self:
        """Choose and type; what the category does not ask for at once is there after one more touch."""
        self.form.locator(f"#category-{category}").check()
        more = self.form.locator("[data-asks-all] button")
        if more.is_visible() and not all(
            self.form.locator(f"[name={name}]").first.is_visible() for name in given
        ):
            more.click()
        fill(self.form, **given)
        return self

    def sends(self) -> Self:
        """Send it, whatever comes of it."""
        self.form.get_by_role("button", name=self.who.word(self.button), exact=True).click()
        return self

    def opens(self) -> VisitPage:
        """It was taken: the visit is there."""
        self.who.is_at(re.compile(r"/reception/visits/LF-\d{8}-\d{4,}$"))
        return VisitPage(self.who, self.who.path.rsplit("/", 1)[-1])


class Booking(WalkIn):
    """The form in which an appointment is made."""

    opener, address, button = "New appointment", "/reception/appointments/new", "Make the appointment"

    def objects(self, name: str, clause: str, **kept: str) -> Self:
        """It came back: the clause stands beside that field, and what was typed is still there."""
        expect(self.form.locator(f"#{name}-error")).to_contain_text(clause, timeout=PATIENCE)
        for field, text in kept.items():
            expect(self.form.locator(f"[name={field}]")).to_have_value(text)
        return self


class VisitPage:
    """A visit: its head, its next steps, its history."""

    def __init__(self, who: Colleague, number: str) -> None:
        self.who, self.number = who, number
        self.article = who.page.locator("article")

    @classmethod
    def open(cls, who: Colleague, number: str) -> VisitPage:
        """By its address."""
        who.goes(f"/reception/visits/{number}")
        return cls(who, number)

    @classmethod
    def from_my_day(cls, who: Colleague, number: str) -> VisitPage:
        """From my day, where what waits leads to the visit."""
        who.goes("/")
        who.page.get_by_role("row").filter(has_text=number).locator(".act").first.click()
        who.is_at(re.compile(rf"/reception/visits/{number}(\?.*)?(#.*)?$"))
        return cls(who, number)

    def is_(self, state: str) -> VisitPage:
        """The state at the head of the visit, in the person's language."""
        word = STATES[state][self.who.way.lang == "en"]
        expect(self.article.locator(".page-head .state")).to_have_text(word, timeout=PATIENCE)
        return self

    def does(self, verb: str, **given: Any) -> VisitPage:
        """Do one step; the page says that it is done."""
        self.tries(verb, **given)
        self.who.is_told(_source(SAID[verb]))
        return self

    def tries(self, verb: str, **given: Any) -> VisitPage:
        """Fill in a step's form, or touch its button, whatever comes of it."""
        words = self.who.word(_source(VERBS[verb]))
        steps = self.article.locator("#do")
        expect(steps).to_be_visible(timeout=PATIENCE)
        form = self.article.locator(f"form[id='{verb}']")
        if not form.count():
            touch = steps.locator(f"form[action$='/{verb}']")
            if touch.count() and not given:
                touch.locator("button").click()
                return self
            steps.get_by_role("link", name=words, exact=True).click()
            expect(form).to_be_visible(timeout=PATIENCE)
        answer = given.pop("satisfaction", "")
        fill(form, **given)
        one_touch = f"button[name=satisfaction][value='{answer}']"
        form.locator(one_touch if answer else "button[type=submit]").last.click()
        return self

    def withholds(self, verb: str, clause: str) -> VisitPage:
        """A step that cannot be done yet is not offered; its clause and what is missing stand in its place."""
        steps = self.article.locator("#do")
        expect(steps.get_by_text(clause).first).to_be_visible(timeout=PATIENCE)
        expect(steps.locator(f"form[action$='/{verb}']")).to_have_count(0)
        expect(steps.get_by_role("link", name=self.who.word(_source(VERBS[verb])), exact=True)).to_have_count(
            0
        )
        return self

    def tells(self, *words: str) -> VisitPage:
        """The history says all this."""
        told = self.who.page.get_by_role("region", name=self.who.word("History"), exact=True)
        for word in words:
            expect(told.get_by_text(word).first).to_be_visible(timeout=PATIENCE)
        return self


class Board:
    """Today's board with its four groups."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def open(cls, who: Colleague) -> Board:
        """By its address."""
        who.goes("/reception/")
        return cls(who)

    def row(self, group: str, name: str) -> Locator:
        """The row of somebody in a group: waiting, expected, meeting, left."""
        return self.who.page.locator(f"[aria-labelledby=board-{group}] tbody tr").filter(has_text=name)

    def shows(self, group: str, name: str) -> Board:
        """Somebody stands in that group."""
        expect(self.row(group, name)).to_be_visible(timeout=PATIENCE)
        return self

    def touches(self, group: str, name: str, verb: str) -> Board:
        """One touch on somebody's row."""
        self.row(group, name).locator(f"form[action$='/{verb}'] button").click()
        self.who.is_told(_source(SAID[verb]))
        return self


class Keeping:
    """What the desk holds for a visit and lends to it."""

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.rows = who.page.locator("main tbody tr")

    @classmethod
    def of(cls, visit: VisitPage) -> Keeping:
        """By the link on the visit."""
        VisitPage.open(visit.who, visit.number)
        visit.article.get_by_role("link", name=visit.who.word("Deposits"), exact=True).click()
        visit.who.is_at(f"/reception/visits/{visit.number}/keeping")
        return cls(visit.who)

    def stores(self, **given: Any) -> Keeping:
        """Take something in under a tag."""
        self._sends("deposits/store", **given)
        self.who.is_told("Held under tag %(tag)s.", tag=given["tag"])
        return self

    def lends(self, name: str, **given: Any) -> Keeping:
        """Lend a key against a document that was looked at."""
        self._sends("keys/lend", handed_back=True, **given)
        self.who.is_told("Key %(key)s is lent to %(name)s.", key=given["key"], name=name)
        return self

    def gives_back(self, tag: str) -> Keeping:
        """The tag is handed in, the thing handed out."""
        form = self.rows.locator("form[action$='/release']")
        form.locator("[name=tag]").fill(tag)
        form.locator("button").click()
        expect(form).to_have_count(0, timeout=PATIENCE)
        return self

    def takes_back(self) -> Keeping:
        """The key is on the board again, by one touch."""
        self.rows.locator("form[action$='/return'] button").click()
        self.who.is_told("The key is back.")
        return self

    def _sends(self, action: str, **given: Any) -> None:
        form = self.who.page.locator(f"main form[action$='/{action}']")
        fill(form, **given)
        form.locator("button[type=submit]").click()


class RegisterDay:
    """The register of one day."""

    STATES = registers.LABELS[State]

    def __init__(self, who: Colleague, day: str) -> None:
        self.who, self.day = who, day

    @classmethod
    def today(cls, who: Colleague, day: str) -> RegisterDay:
        """From the board by the tab, and the button on top."""
        who.goes("/reception/")
        tab = who.page.locator("main a[href='/reception/register/']").first
        if not tab.is_visible():
            who.page.locator("main details.menu summary").click()
        tab.click()
        who.link("Today's register").click()
        return cls(who, day)._there()

    @classmethod
    def from_my_day(cls, who: Colleague, day: str, awaited: str) -> RegisterDay:
        """From my day, by the name that the act has there."""
        who.goes("/")
        row = who.page.locator("#waiting tr", has_text=day)
        row.get_by_role("link", name=who.word(_source(registers.AWAITED[awaited])), exact=True).click()
        return cls(who, day)._there()

    def _there(self) -> RegisterDay:
        self.who.is_at(re.compile(rf"/reception/register/{self.day}(\?.*)?(#.*)?$"))
        return self

    def tries(self, verb: str, **given: Any) -> RegisterDay:
        """Send a verb's form, whatever comes of it."""
        form = self.who.page.locator(f"main form[action$='/{self.day}/{verb}']")
        fill(form, **given)
        form.locator("button[type=submit]").click()
        return self

    def does(self, verb: str, **given: Any) -> RegisterDay:
        """Do one step; the page says that it is done."""
        self.tries(verb, **given)
        self.who.is_told(_source(registers.SAID[verb]))
        return self

    def is_(self, state: str) -> RegisterDay:
        """The state at the head of the day."""
        words = self.who.word(_source(self.STATES[State(state)]))
        expect(self.who.page.locator(".page-head .state")).to_have_text(words, timeout=PATIENCE)
        return self

    def is_refused(self, clause: str) -> RegisterDay:
        """Above the day it says why not."""
        expect(self.who.page.locator("main [role=alert]")).to_contain_text(clause, timeout=PATIENCE)
        return self

    def entry(self, number: str) -> Locator:
        """The entry of a visit."""
        return self.who.page.locator(f"tr[id='{number}']")


class Tablet:
    """The tablet in the lobby, on which visitors announce themselves."""

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.form = who.page.locator("main form")

    @classmethod
    def set_up(cls, office: Colleague, who: Colleague, name: str) -> Tablet:
        """The office makes a link, which is opened on the tablet once."""
        office.goes("/reception/kiosks/").looks()
        fill(office.page.locator("main form[action$='/kiosks/add']"), name=name)
        office.button("Set up").click()
        link = office.page.locator("#kiosk-link").inner_text()
        office.looks()
        who.page.goto(link)
        who.button("Open the kiosk").click()
        who.is_at("/reception/kiosk")
        fits(who)
        return cls(who)

    def touches(self, words: str) -> Tablet:
        """One of the links."""
        self.who.link(words).click()
        return self

    def sends(self, button: str, **typed: Any) -> Tablet:
        """Fill in what the visitor knows and go on."""
        fill(self.form, **typed)
        self.who.button(button).click()
        return self
