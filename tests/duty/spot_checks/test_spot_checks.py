"""The head looks at the duty at random, who was met answers once, what was found is settled (DR-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.spot_checks import rules, watch
from portal.blueprints.duty.spot_checks.models import DutyCheck, WeekProposal
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.handover.making import Desk, a_desk
from tests.kernel.moments import at as moment

URL = "/duty/spot-checks/new/front-desk"
CHECK: dict[str, Any] = {
    "people": "desk1",
    "checked_at": "2026-03-02T10:00",
    "note": "记录少一次",
    "finding_record": "y",
}


@pytest.fixture
def desk(app: Flask, at: At) -> Desk:
    """desk1 at the front desk until 14:00."""
    at("Mon 2026-03-02 10:30")
    return a_desk(app)


def the_check(app: Flask) -> DutyCheck:
    with app.app_context():
        return db.session.scalars(sa.select(DutyCheck).order_by(DutyCheck.id.desc())).first()  # type: ignore[return-value]


MONDAY = moment("Mon 2026-03-02 08:00")
SHIFTS = [
    Seats(n, 1 + n % 2, 1, (n,), MONDAY + timedelta(hours=8 * n), MONDAY + timedelta(hours=8 * n + 8))
    for n in range(9)
]


@pytest.mark.clause("DR-05")
def test_the_proposal_is_by_chance_and_stays() -> None:
    found = {person: rules.propose("2026W10", person, SHIFTS) for person in range(20)}
    assert found == {person: rules.propose("2026W10", person, list(reversed(SHIFTS))) for person in range(20)}
    assert found != {person: rules.propose("2026W11", person, SHIFTS) for person in range(20)}
    assert {each.post_id for each in found.values() if each} == {1, 2}
    for person, each in found.items():
        assert each is not None
        (seats,) = (s for s in SHIFTS if s.post_id == each.post_id and s.starts_at <= each.at < s.ends_at)
        assert person not in seats.people
    assert rules.propose("2026W10", 3, [SHIFTS[3]]) is None


@pytest.mark.clause("DR-05")
def test_only_the_head_sees_the_week_and_is_done_with_it(app: Flask, as_: As, at: At, desk: Desk) -> None:
    at("Mon 2026-03-02 07:50")
    with app.app_context():
        assert len(list(watch.propose_week(clock.now()))) == 1
        assert list(watch.propose_week(clock.now())) == []
        (row,) = db.session.scalars(sa.select(WeekProposal))
    lead = as_("lead.admin")
    assert "Check the duty this week" in lead.get("/").text
    assert "by chance" in lead.get("/duty/spot-checks/").text
    for username in ("desk1", "office1", "gm", "lead.tech"):
        assert "by chance" not in as_(username).get("/duty/spot-checks/").text, username
    at("Mon 2026-03-02 09:30")
    assert lead.send(URL, **CHECK | {"checked_at": "2026-03-02T09:00"}).status_code == 303
    assert "Check the duty this week" not in lead.get("/").text
    assert "This week&#39;s check was made." in lead.get("/duty/spot-checks/").text
    assert row.week == "2026W10"


@pytest.mark.clause("DR-05")
def test_who_was_met_is_told_and_answers_once(app: Flask, as_: As, desk: Desk) -> None:
    lead, met = as_("lead.admin"), as_("desk1")
    assert 'value="desk1"' in lead.get(URL).text
    assert lead.send(URL, **CHECK).status_code == 303
    at_ = f"/duty/spot-checks/{the_check(app).number}"
    assert "Your duty was checked" in met.get("/notifications/").text
    assert met.send(f"{at_}/settle", note="好了").status_code == 403
    assert met.send(f"{at_}/answer", text="  ").status_code == 422
    assert met.send(f"{at_}/answer", text="已补写").status_code == 303
    again = met.send(f"{at_}/answer", text="再说一次")
    assert (again.status_code, "DR-05" in again.text) == (409, True)
    assert lead.send(f"{at_}/answer", text="不是我").status_code == 403
    assert as_("emp.admin").get(at_).status_code == 404
    assert "已补写" in lead.get(at_).text
    assert lead.get("/duty/spot-checks/export").status_code == 200
    assert met.get(f"{at_}/print").status_code == 200
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-05")
def test_what_was_found_waits_until_another_settles_it(app: Flask, as_: As, desk: Desk) -> None:
    lead, gm = as_("lead.admin"), as_("gm")
    assert gm.send(URL, **CHECK | {"people": "lead.admin, desk1"}).status_code == 303
    at_ = f"/duty/spot-checks/{the_check(app).number}"
    assert "Settle what a check found" in lead.get("/").text
    refused = lead.send(f"{at_}/settle", note="我自己处理")
    assert (refused.status_code, "DR-05" in refused.text) == (409, True)
    assert gm.send(f"{at_}/settle", note="已谈话").status_code == 303
    assert gm.send(f"{at_}/settle", note="再来").status_code == 409
    assert "Settle what a check found" not in lead.get("/").text
    assert "已谈话" in gm.get(at_).text


def test_a_check_at_which_nothing_was_found_waits_for_nobody(app: Flask, as_: As, desk: Desk) -> None:
    clean: dict[str, Any] = {"people": "desk1", "checked_at": "2026-03-02T10:00", "finding_none": "y"}
    assert as_("lead.admin").send(URL, **clean).status_code == 303
    assert the_check(app).state == "clean"
    assert "Settle what a check found" not in as_("lead.admin").get("/").text


@pytest.mark.parametrize(
    "wrong",
    [{"finding_none": "y"}, {"finding_record": None}, {"note": ""}, {"people": "nobody"},
     {"checked_at": "2026-03-02T11:00"}],
)  # fmt: skip
def test_what_cannot_be_is_told(app: Flask, as_: As, desk: Desk, wrong: dict[str, Any]) -> None:
    assert as_("lead.admin").send(URL, **CHECK | wrong).status_code == 422
    assert the_check(app) is None


def test_heads_check_their_posts_and_never_the_own_shift(app: Flask, as_: As, desk: Desk) -> None:
    for username in ("desk1", "lead.tech", "emp.admin"):
        assert as_(username).send(URL, **CHECK).status_code == 403, username
    own = as_("lead.admin").send(URL, **CHECK | {"people": "lead.admin"})
    assert (own.status_code, "DR-05" in own.text) == (409, True)
    for _ in range(2):
        assert as_("office1").send(URL, **CHECK, idempotency_key="k").status_code == 303
    assert the_check(app).id == 1
