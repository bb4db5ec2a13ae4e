"""Parts of an area: the tabs, and the links from one of its things."""

from __future__ import annotations

import re

from flask import Flask

from portal.blueprints.complaints.parts import PARTS as OF_CASES
from portal.blueprints.reception.parts import PARTS as OF_VISITS
from tests.conftest import As

NUMBERS = (("LF-20260302-0001", OF_VISITS), ("TS-20260302-0001", OF_CASES))


def test_what_a_part_knows_of_a_thing_is_found_below_where_the_portal_is_mounted(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/front-office"}):
        found = [part.of(number) for number, parts in NUMBERS for part in parts if part.of]
        assert len(found) > 4
        assert [address for address in found if not address.startswith("/front-office/")] == []


def test_one_tab_alone_is_active(app: Flask, as_: As) -> None:
    for page, tab in (("wishes", "wishes"), ("new", ""), ("", "")):
        text = as_("office1").get(f"/duty/rosters/{page}").text
        assert re.findall(r'<a href="([^"]+)" aria-current="page">', text.partition("<main")[2]) == [
            f"/duty/rosters/{tab}"
        ]
