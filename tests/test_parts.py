"""Parts of an area: the tabs, and the links from one of its things."""

from __future__ import annotations

from flask import Flask

from portal.blueprints.complaints.parts import PARTS as OF_CASES
from portal.blueprints.reception.parts import PARTS as OF_VISITS

NUMBERS = (("LF-20260302-0001", OF_VISITS), ("TS-20260302-0001", OF_CASES))


def test_what_a_part_knows_of_a_thing_is_found_below_where_the_portal_is_mounted(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/front-office"}):
        found = [part.of(number) for number, parts in NUMBERS for part in parts if part.of]
        assert len(found) > 4
        assert [address for address in found if not address.startswith("/front-office/")] == []
