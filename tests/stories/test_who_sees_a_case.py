"""A case is there for those it concerns, and for nobody else."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State
from tests import factories
from tests.pages.complaints import CALL, CasePage, CasesPage, Intake
from tests.pages.live import CHINESE, ENGLISH, Come, Way

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)


@BOTH
def test_a_complaint_about_oneself_disappears(come: Come, way: Way) -> None:
    one, other = come("desk1", way).allows(404), come("desk2", way)
    form = Intake.open(one).fills(**(CALL | {"category": "service", "person_concerned": "desk1"}))
    form.send.click()
    one.is_at("/complaints/").is_told(
        "Case %(number)s recorded. Others will handle it from here. (CP-09)", number=NUMBER
    )
    one.reads(one.word("No case matches these filters"))
    one.goes(f"/complaints/{NUMBER}").reads(
        one.word("There is nothing here, or nothing that you have the right to see.")
    )
    CasePage.open(other, NUMBER).is_("registered")


NUMBER = "TS-20260302-0001"


@BOTH
def test_another_department_finds_nothing(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    stranger, own = come("lead.market", way).allows(404), come("lead.tech", way)
    CasesPage.open(own).shows(number)
    CasesPage.open(stranger).shows()
    CasesPage.open(stranger, "?words=漏墨").shows()
    stranger.goes(f"/complaints/{number}")
    stranger.reads(stranger.word("There is nothing here, or nothing that you have the right to see.")).looks()
    stranger.goes("/")
    expect(stranger.page.get_by_role("row").filter(has_text=number)).to_have_count(0)
