"""The whole company at work on a case over days and years, and the archive in which the case ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, expect

from portal.blueprints.complaints import VERBS
from portal.blueprints.complaints.codes import Decision
from tests import factories
from tests.conftest import At
from tests.pages.account import log_in
from tests.pages.complaints import CasePage, Intake, fill
from tests.pages.live import CHINESE, PATIENCE, PHONE, Colleague, Come, Way

CUSTOMER = {"customer_name": "陈桂芳", "customer_phone": "13900001234"}
MARCH = "/complaints/reports?period=2026-03"
GONE = "The record was disposed of on %(day)s; names and texts are gone. (CP-20)"


@dataclass
class Company:
    """Everybody of the house, who come when they are called, on a day that is set."""

    app: Flask
    come: Come
    at: At
    way: Way = CHINESE
    there: dict[str, Colleague] = field(default_factory=dict)
    logged_in: set[str] = field(default_factory=set)

    def on(self, moment: str) -> Company:
        """Set the clock; a login outlasts no two idle hours, so whoever comes after that needs a new one."""
        self.at(moment)
        self.logged_in.clear()
        return self

    def __call__(self, username: str) -> Colleague:
        """That person at a browser, on my day: logged in by name and password the first time, by cookie afterwards."""
        if username not in self.there:
            someone = self.there[username] = self.come("", self.way).allows(409)
            log_in(someone.goes("/"), username).is_at("/")
        elif username not in self.logged_in:
            self.there[username].comes_back(username).goes("/").is_at("/")
        self.logged_in.add(username)
        return self.there[username]

    def takes(self, username: str, **given: Any) -> CasePage:
        """That person records a case, from my day."""
        return Intake.open(self(username)).fills(**given).registers()

    def does(self, username: str, number: str, verb: str, **given: Any) -> CasePage:
        """One step by that person, who finds it on my day; the page says that it is done."""
        return CasePage.from_my_day(self(username), number, verb).does(verb, **given)

    def does_part(self, username: str, number: str, awaited: str, **given: Any) -> None:
        """One step of a part beside cases (an improvement, a penalty), found on my day by the name it has there."""
        who = self(username)
        words = who.word(str(VERBS[awaited].sentence))
        self.waits_for(username, number).get_by_role("link", name=words, exact=True).click()
        who.is_at(re.compile(rf"/{number}\?do="))
        form = who.page.locator("article #do form")
        fill(form, **given)
        form.locator("button[type=submit]").click()
        said = who.page.locator("[data-toasts] .toast[data-tone=good]")
        expect(said.last).to_be_visible(timeout=PATIENCE)

    def does_besides(self, username: str, number: str, verb: str, **given: Any) -> CasePage:
        """One step that does not wait for anybody, from the case's page."""
        return CasePage.open(self(username), number).does(verb, **given)

    def waits_for(self, username: str, number: str) -> Locator:
        """The row of a case on that person's my day."""
        return self(username).goes("/").page.locator("#waiting tr", has_text=number)

    def is_told(self, username: str, number: str, sentence: str) -> None:
        """That person finds a message about the case."""
        who = self(username).goes("/notifications/")
        row = who.page.get_by_role("row").filter(has_text=number).filter(has_text=who.word(sentence))
        expect(row.first).to_be_visible(timeout=PATIENCE)

    def finishes(self, number: str, *, desk: str = "desk1", lead: str = "lead.tech") -> CasePage:
        """What follows a satisfied customer: the first responder confirms, both sides file (CP-03, CP-19, CP-20)."""
        self.does(desk, number, "confirm")
        self.does(lead, number, "file")
        return self.does(desk, number, "archive", evaluation="处理及时").is_("archived")

    def disposes(self, number: str, moment: str, *gone: str) -> None:
        """CP-20: the term is over; one of the office proposes, another approves; who it was is gone, figures stay."""
        self.on(moment)
        one, other = self("office1"), self("office2")
        was = figures_of_march(other)
        archive = Archive.open(one).past_term().proposes(number)
        expect(self.waits_for("office1", number)).to_have_count(0)
        CasePage.from_my_day(other, number, "dispose").does("dispose", decision="yes")
        self.is_gone(number, moment, *gone)
        for words in (CUSTOMER["customer_name"], gone[0]):
            other.goes(f"/search?q={words}").reads(other.word("Nothing was found"))
        expect(archive.past_term().row(number)).to_have_count(0)
        expect(archive.all().row(number)).to_contain_text(one.word("Disposed of"))
        assert figures_of_march(other) == was, "disposal changed the figures"

    def is_disposed_of(self, number: str, moment: str, *gone: str) -> None:
        """The same end where the story is about what came before: both acts without their pages."""
        self.on(moment)
        factories.do(self.app, "office1", "dispose", number, reason="保存期满")
        factories.do(self.app, "office2", "dispose", number, decision=Decision.YES)
        CasePage.open(self("office2"), number)
        self.is_gone(number, moment, *gone)

    def is_gone(self, number: str, moment: str, *gone: str) -> None:
        """The page of a case says when it was disposed of, and nothing of the customer and these texts any more."""
        other = self("office2")
        for text in (CUSTOMER["customer_name"], CUSTOMER["customer_phone"], *gone):
            expect(other.page.get_by_role("main")).not_to_contain_text(text)
        other.reads(other.word(GONE, day=moment.split()[1]))
        CasePage(other, number).is_("archived")
        assert factories.history_faults(self.app) == []


def figures_of_march(who: Colleague) -> str:
    """The report on March as it is read, but for the customers with the most cases, whose names go."""
    who.goes(MARCH)
    return who.page.locator(".report").inner_text()


def improves(company: Company, number: str) -> str:
    """CP-21: raised by the office from the case, owned and carried out in the department; its number."""
    office = company("office1").goes(f"/complaints/{number}")
    office.page.locator("article").get_by_role("link", name=office.word("Improvement cases")).click()
    office.page.get_by_role("link", name=office.word("Raise one"), exact=True).click()
    fill(office.page.locator("main form"), title="墨盒来料检验", problem="同批墨盒开裂")
    office.button("Raise").click()
    office.is_at(re.compile(r"/complaints/improvements/GS-\d{8}-\d{4,}$"))
    raised = office.path.rsplit("/", 1)[-1]
    on = company.does_part
    on("lead.tech", raised, "name-owner", owner="emp.tech", due_on="2026-03-20")
    on("emp.tech", raised, "plan", cause="material", plan="每批抽检五只")
    on("emp.tech", raised, "carry-out", result="抽检已写入流程")
    return raised


class Archive:
    """The list of what was put away."""

    def __init__(self, who: Colleague) -> None:
        self.who = who

    @classmethod
    def open(cls, who: Colleague) -> Archive:
        """By the menu and the tab."""
        who.goes("/")
        if who.way.size == PHONE:
            who.page.locator("details.rail-toggle summary").click()
        who.page.get_by_role("link", name=who.word("Complaints"), exact=True).first.click()
        parts = who.page.get_by_role("navigation", name=who.word("Parts of complaint handling"))
        parts.get_by_role("link", name=who.word("Archive"), exact=True).click()
        who.is_at("/complaints/archive/")
        return cls(who)

    def past_term(self) -> Archive:
        """Only what is kept longer than it must be (CP-20)."""
        self.who.goes("/complaints/archive/").link("Term is over").click()
        self.who.is_at("/complaints/archive/?term=1")
        return self

    def all(self) -> Archive:
        """Whatever was put away."""
        self.who.goes("/complaints/archive/")
        return self

    def row(self, number: str) -> Locator:
        """The row of a case."""
        return self.who.page.locator("main tbody tr", has_text=number)

    def tries(self, number: str) -> Archive:
        """Choose a record and propose it, whatever comes of it."""
        self.row(number).get_by_role("checkbox").check()
        self.who.page.locator("[name=reason]").fill("保存期满")
        self.who.button("Propose the chosen records for disposal").click()
        return self

    def proposes(self, number: str) -> Archive:
        """Propose a record for disposal; the list says that it is proposed."""
        self.tries(number)
        expect(self.row(number)).to_contain_text(self.who.word("Proposed for disposal"), timeout=PATIENCE)
        return self
