"""The pages of reception: the board, the walk-in form, a visit with its steps."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from portal.blueprints.reception.labels import SAID, VERBS
from tests.pages.complaints import fill
from tests.pages.live import PATIENCE, Colleague

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


class WalkIn:
    """The form in which whoever stands at the desk is recorded."""

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.form = who.page.locator("#visit-form form")

    @classmethod
    def open(cls, who: Colleague) -> WalkIn:
        """From the board by the button on top."""
        who.goes("/reception/")
        who.link("Somebody is here").click()
        who.is_at("/reception/visits/new").looks()
        return cls(who)

    def records(self, category: str, **given: Any) -> VisitPage:
        """Category first, then what the visitor says; the visit opens."""
        self.fills(category, **given).sends()
        self.who.is_at(re.compile(r"/reception/visits/LF-\d{8}-\d{4,}$"))
        return VisitPage(self.who, self.who.path.rsplit("/", 1)[-1])

    def fills(self, category: str, **given: Any) -> WalkIn:
        """Choose and type."""
        self.form.locator(f"#category-{category}").check()
        fill(self.form, **given)
        return self

    def sends(self) -> WalkIn:
        """Send it, whatever comes of it."""
        self.form.get_by_role("button", name=self.who.word("Record the visitor"), exact=True).click()
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
        fill(form, **given)
        form.locator("button[type=submit]").last.click()
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
