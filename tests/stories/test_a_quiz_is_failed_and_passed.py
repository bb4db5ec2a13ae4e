"""A quiz failed and passed: drawn, answered a bit, gone on with, handed in, waited for, taken again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import factories
from tests.pages.company import Company
from tests.pages.live import ENGLISH, Way, in_turn
from tests.pages.reception import fits
from tests.pages.training import PaperPage
from tests.phrases.training.making import Made, a_quiz, drawn_from

pytestmark = pytest.mark.browser
QUIZ = "/phrases/training/quizzes/CY-20260302-0001"


@pytest.mark.clause("GO-02")
@in_turn(ENGLISH)
def test_a_quiz_is_failed_and_passed(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 09:00")
    a_quiz(app, name_en="Phrases", questions=6)
    with drawn_from(Made()):
        clerk = company("emp.tech").goes("/phrases/training/")
        clerk.page.locator(f"main a[href='{QUIZ}']").click()
        paper = PaperPage.drawn(clerk.is_at(QUIZ), app)
        fits(clerk)

        # The connection is lost after two answers: they are there when the paper is opened again.
        paper.answers(rightly=2, of=2).kept(2)
        clerk.goes("/").page.locator("#waiting tr", has_text=paper.number).get_by_role("link").last.click()
        clerk.is_at(re.compile(rf"/phrases/training/attempts/{paper.number}.*"))
        paper.is_answered(2).answers(rightly=2, of=6).hands_in()
        clerk.is_told("Not passed: %(percent)s per cent.", percent=33).reads(clerk.word("Not passed"))
        expect(clerk.page.get_by_role("main").get_by_text(clerk.word("Wrong"), exact=True)).to_have_count(4)
        expect(clerk.page.locator("main form[action$='/hand-in']")).to_have_count(0)
        fits(clerk)

        clerk.goes(QUIZ)
        expect(clerk.page.locator("main form[action$='/start']")).to_have_count(0)
        clerk.reads(clerk.word("After a paper that did not pass there is a pause; use it to read."))

        company.on("Mon 2026-03-02 10:01")
        again = PaperPage.drawn(company("emp.tech").goes(QUIZ), app)
        again.answers(rightly=6, of=6).hands_in()
        clerk.is_told("Passed with %(percent)s per cent.", percent=100)
        clerk.goes("/phrases/training/quizzes/").reads(clerk.word("Passed"))
        clerk.page.locator("main table a", has_text="100 %").click()  # a link of its own in a row that is one
        clerk.is_at(f"/phrases/training/attempts/{again.number}")

        lead = company("lead.tech").goes(f"/phrases/training/attempts/{again.number}")
        lead.reads("李工")
    assert factories.history_faults(app) == []
