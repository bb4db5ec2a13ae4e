"""The pages of training: a paper as its taker fills it in."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.phrases.training.codes import QuestionKind
from tests.pages.live import Colleague
from tests.phrases.training.making import questions_of


class PaperPage:
    """One paper of a quiz; the test knows what is right, the page does not say."""

    def __init__(self, who: Colleague, number: str, app: Flask) -> None:
        self.who, self.number, self.app = who, number, app

    @classmethod
    def drawn(cls, who: Colleague, app: Flask) -> PaperPage:
        """By the button of the quiz."""
        who.page.locator("main form[action$='/start'] button").click()
        who.is_at(re.compile(r"/phrases/training/attempts/DA-\d{8}-\d{4}$"))
        return cls(who, who.path.rpartition("/")[2], app)

    def answers(self, *, rightly: int, of: int) -> PaperPage:
        """Fill in the first so many answers, some of them rightly, by the keyboard's own controls."""
        questions = questions_of(self.app, self.number)
        for place, question in enumerate(questions[:of], start=1):
            right = question.right
            if place > rightly:
                right = right[1:] + right[:1] if len(right) > 1 else ((right[0] + 1) % len(question.options),)
            if question.kind is QuestionKind.ORDER:
                for step, there in enumerate(right, start=1):
                    self.who.page.select_option(f"#q{place}_{step}", str(there))
            else:
                self.who.page.check(f"#q{place}-{right[0]}")
        return self

    def kept(self, count: int) -> PaperPage:
        """What was answered is kept: as it is given with script, by a button without."""
        if not self.who.way.script:
            self.who.button("Keep the answers, go on later").click()
            self.who.is_told("Your answers are kept.")
        return self.is_answered(count)

    def is_answered(self, count: int) -> PaperPage:
        """The page says how many answers are kept."""
        all_ = len(questions_of(self.app, self.number))
        shown = self.who.word(
            "%(done)s of %(all)s answered; kept at %(at)s.", done=count, all=all_, at="09:00"
        )
        expect(self.who.page.locator("#kept")).to_have_text(shown)
        return self

    def hands_in(self) -> PaperPage:
        """Hand it in."""
        self.who.button("Hand in").click()
        return self
