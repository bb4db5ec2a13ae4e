"""Two at one handover at the same moment: it opens once, each side signs once; on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask

from portal.blueprints.duty.handover import actions
from portal.blueprints.duty.handover.models import Handover, Signature
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import At, client_of
from tests.duty.handover.making import EARLY, LATE, a_desk, a_handover, a_note, counted, state_of
from tests.faults.test_races import ROUNDS, together


def ready(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    a_note(app, a_desk(app).post)
    at("Mon 2026-03-02 13:50")


@pytest.mark.clause("DR-07")
def test_a_change_opens_once_whoever_looks(any_app: Flask, at: At) -> None:
    ready(any_app, at)

    def sweep(_place: int) -> int:
        with any_app.app_context():
            return len(list(actions.open_due(clock.now())))

    assert sum(together(4, sweep)) == 1
    with any_app.app_context():
        assert db.session.query(Handover).count() == 1


@pytest.mark.clause("DR-10")
def test_of_two_signatures_of_one_side_one_wins(any_app: Flask, at: At) -> None:
    """DR-10: sent twice at the same moment, a handover is signed once; the other is told."""
    ready(any_app, at)
    handover = a_handover(any_app)
    address = f"/duty/handover/{handover}/sign"
    twice = {username: [client_of(any_app, username) for _ in range(2)] for username in (EARLY, LATE)}
    for browser in (*twice[EARLY], *twice[LATE]):
        browser.csrf()

    def sign(username: str) -> None:
        answers = together(2, lambda place: twice[username][place].send(address))
        assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 1}
        assert all("DR-10" in answer.text for answer in answers if answer.status_code == 409)

    for _ in range(ROUNDS):
        counted(any_app, handover)  # each count begins a new round
        sign(EARLY)
        assert state_of(any_app, handover) == "counted"
    sign(LATE)
    assert state_of(any_app, handover) == "signed"
    with any_app.app_context():
        last = db.session.query(Signature).order_by(Signature.id.desc()).limit(2)
        assert {factories.viewer(name).id for name in (EARLY, LATE)} == {row.person_id for row in last}
    assert factories.history_faults(any_app) == []
