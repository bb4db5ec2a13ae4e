"""The pages of cases: the list, the intake, a case with its steps."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from portal.blueprints.complaints.labels import SAID, VERBS
from tests.pages.live import PATIENCE, Colleague

# The words of the company's regulations for each state of a case, and the English page's.
STATES = {
    "registered": ("已登记", "Registered"),
    "routed": ("已转办", "Routed"),
    "accepted": ("已签收", "Signed for"),
    "proposed": ("待审批", "Waiting for approval"),
    "approved": ("已批准", "Approved"),
    "resolved": ("已解决", "Resolved"),
    "reported": ("已答复", "Answered"),
    "archived": ("已归档", "Archived"),
    "returned": ("退回", "Returned"),
    "reopened": ("客户不满意", "Customer not satisfied"),
    "not_upheld": ("不成立", "Not upheld"),
}
CALL: dict[str, Any] = {
    "category": "product",
    "content": "打印机漏墨，文件打不出来",
    "demand": "请尽快派人来修",
    "customer_name": "陈桂芳",
    "customer_phone": "13900001234",
    "read_back": "yes",
}


def fill(form: Locator, **given: Any) -> None:
    """Type or choose, field by field; several texts for a field that may be given several times."""
    for name, value in given.items():
        fields = form.locator(f"[name='{name}']")
        for place, text in enumerate(value if isinstance(value, list) else [value]):
            control = fields.nth(place)
            _unfold(control)
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(text)
            elif text is True:
                control.check()
            else:
                control.fill(text)


def _unfold(control: Locator) -> None:
    folded = control.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        folded.first.locator("summary").first.click()


class Intake:
    """The form in which a case is recorded."""

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.form = who.page.locator("form", has=who.page.locator("[name=customer_phone]"))
        self.send = self.form.get_by_role("button", name=who.word("Register"), exact=True)

    @classmethod
    def open(cls, who: Colleague) -> Intake:
        """From my day by the button on top."""
        who.goes("/")
        who.page.get_by_role("main").get_by_role("link", name=who.word("New case"), exact=True).click()
        who.is_at("/complaints/new").looks()
        return cls(who)

    def fills(self, **given: Any) -> Intake:
        """What the customer says; nothing given: the usual call."""
        fill(self.form, **(given or CALL))
        return self

    def registers(self) -> CasePage:
        """Send it; the new case opens."""
        self.send.click()
        self.who.is_at(re.compile(r"/complaints/TS-\d{8}-\d{4,}$"))
        return CasePage(self.who, self.who.path.rsplit("/", 1)[-1])

    def is_asked(self, name: str, sentence: str) -> Intake:
        """The message stands beside that field and is tied to it for a screen reader."""
        control = self.form.locator(f"[name={name}]").first
        expect(control).to_have_attribute("aria-invalid", "true", timeout=PATIENCE)
        expect(control).to_have_accessible_description(re.compile(re.escape(self.who.word(sentence))))
        return self


class CasePage:
    """A case: its head, its next steps, its history."""

    def __init__(self, who: Colleague, number: str) -> None:
        self.who, self.number = who, number
        self.article = who.page.locator("article")

    @classmethod
    def open(cls, who: Colleague, number: str) -> CasePage:
        """By its address."""
        who.goes(f"/complaints/{number}")
        return cls(who, number)

    @classmethod
    def from_my_day(cls, who: Colleague, number: str, verb: str) -> CasePage:
        """From my day, where the step that waits is a link."""
        who.goes("/")
        row = who.page.get_by_role("row").filter(has_text=number)
        row.get_by_role("link", name=who.word(str(_source(VERBS[verb])))).first.click()
        who.is_at(re.compile(rf"/complaints/{number}(\?.*)?(#.*)?$"))
        return cls(who, number)

    def is_(self, state: str) -> CasePage:
        """The state at the head of the case, in the person's language."""
        word = STATES[state][self.who.way.lang == "en"]
        badge = self.article.locator(".page-head .state")
        expect(badge).to_have_text(word, timeout=PATIENCE)
        return self

    def form(self, verb: str) -> Locator:
        """The open form of a verb; opened by its link when another step is open."""
        form = self.article.locator(f"form[id='{verb}']")
        expect(self.article).to_be_visible(timeout=PATIENCE)
        if not form.count():
            link = self.article.get_by_role("link", name=self.who.word(_source(VERBS[verb])), exact=True)
            if not link.count():
                link = self.article.locator("#do details a", has_text=self.who.word(_source(VERBS[verb])))
                _unfold(link.first)
            link.first.click()
        expect(form).to_be_visible(timeout=PATIENCE)
        return form

    def tries(self, verb: str, **given: Any) -> CasePage:
        """Fill in a step's form and send it, whatever comes of it."""
        form = self.form(verb)
        fill(form, **given)
        form.locator("button[type=submit]").click()
        return self

    def does(self, verb: str, **given: Any) -> CasePage:
        """Do one step; the page says that it is done."""
        self.tries(verb, **given)
        self.who.is_told(_source(SAID[verb]))
        return self

    def offers(self, verb: str) -> bool:
        """Whether this step is open to the person now."""
        words = self.who.word(_source(VERBS[verb]))
        inside = self.article.locator("#do")
        return bool(
            inside.locator(f"form[id='{verb}']").count() or inside.locator("a", has_text=words).count()
        )

    def tells(self, *words: str) -> CasePage:
        """The history says all this."""
        told = self.who.page.get_by_role("region", name=self.who.word("History"), exact=True)
        for word in words:
            expect(told.get_by_text(word).first).to_be_visible(timeout=PATIENCE)
        return self


class CasesPage:
    """The list of cases with its filters."""

    def __init__(self, who: Colleague) -> None:
        self.who = who
        self.rows = who.page.locator("#case-list tbody tr")
        self.words = who.page.locator("#words")

    @classmethod
    def open(cls, who: Colleague, query: str = "") -> CasesPage:
        """The list, filtered as the address says."""
        who.goes(f"/complaints/{query}")
        return cls(who)

    def finds(self, words: str) -> CasesPage:
        """Type into the filter; without script Enter sends it."""
        self.words.fill(words)
        if not self.who.way.script:
            self.words.press("Enter")
        return self

    def shows(self, *numbers: str) -> CasesPage:
        """Exactly these cases, newest first."""
        links = self.rows.locator("td:first-child a")
        expect(links).to_have_text(list(numbers), timeout=PATIENCE)
        return self

    def row(self, number: str) -> Locator:
        """The link that covers the row of a case."""
        return self.rows.locator("td:first-child").get_by_role("link", name=number, exact=True)


def _source(sentence: Any) -> str:
    """The English sentence behind a lazy one: its key in the catalogue."""
    return str(sentence.sentence)
