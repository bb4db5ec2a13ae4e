"""Three guests, a bag under a tag and a key: the visit is closed only when both are back."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel.rights import Position
from tests import factories
from tests.pages.live import CHINESE, CHINESE_PLAIN, Come, Way, in_turn
from tests.pages.reception import Board, Keeping, VisitPage, WalkIn, fits
from tests.reception.keeping import ground

pytestmark = pytest.mark.browser


@pytest.mark.clause("RC-13")
@pytest.mark.clause("RC-26")
@pytest.mark.clause("RC-27")
@in_turn(CHINESE_PLAIN)
def test_a_group_leaves_its_bag_and_takes_the_key_along(app: Flask, come: Come, way: Way) -> None:
    factories.a_seat(app, Position.CLERK, "admin", holder="emp.admin")
    ground.stock(app)
    desk, clerk = come("desk1", way).allows(409), come("emp.admin", way).allows(409)
    group = {"visitor_name": "孔祥瑞", "company": "北方重工", "host": "emp.tech", "party_size": "3"}
    visit = WalkIn.open(desk).records("B", **group).is_("arrived")

    keeping = Keeping.of(visit).stores(tag="7", thing="bag", pieces="1", note="黑色双肩包")
    keeping.lends("孔祥瑞", key="K-2", document="id_card", purpose="放样品")
    desk.reads("黑色双肩包").reads("K-2")
    fits(desk)

    visit = (
        VisitPage.open(desk, visit.number).does("seat").does("meet").tries("leave", satisfaction="satisfied")
    )
    comma = "、" if way.lang == CHINESE.lang else ", "
    bag, key = (desk.word(words) for words in ("Deposit with tag", "Key"))
    desk.is_told("Left. Not back yet: %(things)s. (RC-27)", things=f"{bag} 7{comma}{key} K-2")
    visit.is_("left")
    Board.open(desk).row("left", "孔祥瑞").get_by_text("2").first.wait_for()
    fits(desk)

    VisitPage.open(desk, visit.number).withholds("check", "RC-27")
    VisitPage.from_my_day(clerk, visit.number).withholds("check", "RC-27")

    Keeping.of(VisitPage(desk, visit.number)).gives_back("7").takes_back()
    desk.reads(desk.word("Nothing is out"))
    VisitPage.open(desk, visit.number).does("check").is_("left")
    VisitPage.from_my_day(clerk, visit.number).does("check").is_("closed")
    assert factories.history_faults(app) == []
