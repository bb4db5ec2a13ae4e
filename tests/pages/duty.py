"""The pages of duty: a handover with its two sides, the shift log, an emergency, a swap, a repair order."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from portal.blueprints.duty.emergencies import labels as emergencies
from portal.blueprints.duty.emergencies.codes import Kind
from portal.blueprints.duty.emergencies.codes import State as Stage
from portal.blueprints.duty.handover import labels
from portal.blueprints.duty.handover.codes import State
from portal.blueprints.duty.repairs import labels as repairs
from portal.blueprints.duty.repairs.codes import State as RepairState
from portal.blueprints.duty.swaps import labels as swap_labels
from portal.blueprints.duty.swaps.codes import State as SwapState
from tests.pages.complaints import fill
from tests.pages.live import Colleague

NUMBER = "JJ-20260302-0001"


def _source(sentence: Any) -> str:
    """The English sentence behind a lazy one: its key in the catalogue."""
    return str(sentence.sentence)


class ShiftLog:
    """The shift log with its quick entry."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def open(cls, who: Colleague) -> ShiftLog:
        """By its tab."""
        who.goes("/duty/")
        who.page.locator("main nav.tabs a[href='/duty/log']").click()
        who.is_at("/duty/log")
        return cls(who)

    def writes(self, **given: Any) -> ShiftLog:
        """One entry by the quick form."""
        form = self.who.page.locator("main form[action='/duty/log'][method=post]")
        fill(form, **given)
        form.locator("button[type=submit]").click()
        expect(self.who.page.locator("main table.list")).to_contain_text(given["text"])
        return self


class HandoverPage:
    """One handover as somebody of one of the two shifts sees it."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def from_my_day(cls, who: Colleague, awaited: str) -> HandoverPage:
        """From my day, by the name that the act has there."""
        who.goes("/")
        row = who.page.locator("#waiting tr", has_text=NUMBER)
        words = who.word(_source(labels.AWAITED[awaited]))
        row.get_by_role("link", name=words, exact=True).click()
        who.is_at(re.compile(r"/duty/handover/\d+(\?.*)?$"))
        return cls(who)

    def form(self, verb: str, side: str) -> Locator:
        """The form of a verb for a side, its fold opened."""
        form = self.who.page.locator(f"main form[action$='/{verb}']:has([id^='{verb}-{side}-'])")
        if not form.locator("button[type=submit]").is_visible():
            form.locator("xpath=ancestor::details/summary").click()
        return form

    def tries(self, verb: str, side: str, **given: Any) -> HandoverPage:
        """Send a verb's form, whatever comes of it; by name of the field or the words beside it."""
        form = self.form(verb, side)
        read = form.locator("input[name=read]")
        if read.count():
            read.check()
        for words, amount in given.pop("labelled", {}).items():
            form.get_by_label(words).fill(amount)
        fill(form, **given)
        form.locator("button[type=submit]").click()
        return self

    def does(self, verb: str, side: str, **given: Any) -> HandoverPage:
        """Do one step; the page says that it is done."""
        self.tries(verb, side, **given)
        self.who.is_told(_source(labels.SAID[verb]), number=NUMBER)
        return self

    def is_(self, state: State) -> HandoverPage:
        """The state at its head."""
        words = self.who.word(_source(labels.LABELS[State][state]))
        expect(self.who.page.locator(".page-head .state").first).to_have_text(words)
        return self


class EmergencyPage:
    """One emergency as somebody sees it who helps in it or leads it."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def declares(cls, who: Colleague, kind: Kind, **given: Any) -> EmergencyPage:
        """Two touches from the page of who is on duty: the plan, then the button."""
        who.goes("/duty/")
        who.page.locator("main .page-head a[href='/duty/emergencies/']").click()
        who.is_at("/duty/emergencies/")
        who.page.locator(f"nav.plans a[href$='kind={kind}']").click()
        form = who.page.locator("main form[action='/duty/emergencies/declare']")
        fill(form, **given)
        form.locator("button.declare").click()
        who.is_at(re.compile(r"/duty/emergencies/TF-\d{8}-\d{4,}$"))
        return cls(who)

    @classmethod
    def from_my_day(cls, who: Colleague, awaited: str) -> EmergencyPage:
        """From my day, by the name that the act has there."""
        who.goes("/")
        words = who.word(_source(emergencies.AWAITED[awaited]))
        who.page.locator("#waiting").get_by_role("link", name=words, exact=True).click()
        who.is_at(re.compile(r"/duty/emergencies/TF-\d{8}-\d{4,}(\?.*)?$"))
        return cls(who)

    def touches(self, verb: str, place: int = 0) -> EmergencyPage:
        """A button that asks nothing; the page says that it is done."""
        self.who.page.locator(f"#live form[action$='/{verb}']").nth(place).locator("button").first.click()
        self.who.is_told(_source(emergencies.SAID[verb]))
        return self

    def tries(self, verb: str, **given: Any) -> EmergencyPage:
        """Send a verb's form, whatever comes of it."""
        form = self.who.page.locator(f"main .side form[action$='/{verb}']")
        if not form.locator("button[type=submit]").is_visible():
            form.locator("xpath=ancestor::details/summary").click()
        fill(form, **given)
        form.locator("button[type=submit]").click()
        return self

    def does(self, verb: str, **given: Any) -> EmergencyPage:
        """Do one step; the page says that it is done."""
        number = self.who.path.partition("?")[0].split("/")[3]
        self.tries(verb, **given)
        self.who.is_told(_source(emergencies.SAID[verb]), number=number)
        return self

    def is_(self, state: Stage) -> EmergencyPage:
        """The state at its head."""
        words = self.who.word(_source(emergencies.LABELS[Stage][state]))
        expect(self.who.page.locator(".page-head .state").last).to_have_text(words)
        return self


class SwapPage:
    """One swap as somebody of its parties, or the head, sees it."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def offered(cls, who: Colleague, shift: int, **given: Any) -> SwapPage:
        """By the tab of swaps and the button beside the own shift."""
        who.goes("/duty/")
        who.page.locator("main nav.tabs a[href='/duty/swaps/']").click()
        who.is_at("/duty/swaps/")
        who.page.locator(f"main a[href='/duty/swaps/new?shift={shift}']").click()
        who.is_at(re.compile(r"/duty/swaps/new\?shift="))
        form = who.page.locator("main form[action='/duty/swaps/new']")
        fill(form, **given)
        form.locator("button[type=submit]").click()
        who.is_at(re.compile(r"/duty/swaps/\d+/$"))
        return cls(who)

    @classmethod
    def from_my_day(cls, who: Colleague, number: str, awaited: str) -> SwapPage:
        """From my day, by the name that the act has there."""
        who.goes("/")
        words = who.word(_source(swap_labels.AWAITED[awaited]))
        who.page.locator("#waiting tr", has_text=number).get_by_role("link", name=words, exact=True).click()
        who.is_at(re.compile(r"/duty/swaps/\d+/(\?.*)?$"))
        return cls(who)

    def does(self, verb: str, number: str, **given: Any) -> SwapPage:
        """One verb, whose form is open; the page says that it is done."""
        form = self.who.page.locator(f"main form[action$='/{verb}']")
        if not form.locator("button[type=submit]").is_visible():
            form.locator("xpath=ancestor::details/summary").click()
        fill(form, **given)
        form.locator("button[type=submit]").click()
        self.who.is_told(_source(swap_labels.SAID[verb]), number=number)
        return self

    def is_(self, state: SwapState) -> SwapPage:
        """The state at its head."""
        words = self.who.word(_source(swap_labels.LABELS[SwapState][state]))
        expect(self.who.page.locator(".page-head .state").first).to_have_text(words)
        return self


class RepairPage:
    """One repair order as somebody sees it who has it repaired, repairs, checks or accepts it."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def from_my_day(cls, who: Colleague, number: str, awaited: str) -> RepairPage:
        """From my day, by the name that the act has there."""
        who.goes("/")
        words = who.word(_source(repairs.AWAITED[awaited]))
        who.page.locator("#waiting tr", has_text=number).get_by_role("link", name=words, exact=True).click()
        who.is_at(re.compile(rf"/duty/repairs/{number}(\?.*)?$"))
        return cls(who)

    def tries(self, verb: str, **given: Any) -> RepairPage:
        """Send a verb's form, whatever comes of it."""
        form = self.who.page.locator(f"main form[action$='/{verb}']")
        if not form.locator("button[type=submit]").is_visible():
            form.locator("xpath=ancestor::details/summary").click()
        fill(form, **given)
        form.locator("button[type=submit]").click()
        return self

    def does(self, verb: str, **given: Any) -> RepairPage:
        """Do one step; the page says that it is done."""
        number = self.who.path.partition("?")[0].split("/")[3]
        self.tries(verb, **given)
        self.who.is_told(_source(repairs.SAID[verb]), number=number)
        return self

    def is_(self, state: RepairState) -> RepairPage:
        """The state at its head."""
        words = self.who.word(_source(repairs.LABELS[RepairState][state]))
        expect(self.who.page.locator(".page-head .state").first).to_have_text(words)
        return self
