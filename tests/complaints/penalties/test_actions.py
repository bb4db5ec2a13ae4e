"""A penalty from the proposal to the last instalment, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.penalties import planning
from portal.blueprints.complaints.penalties.codes import Ground, Measure, Ruling, State
from portal.blueprints.complaints.penalties.models import Bonus
from portal.kernel import clock, notice_board, reference
from portal.kernel.db import db
from portal.kernel.notice_board import BoardNotice, BoardState
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.complaints.penalties import penalties
from tests.conftest import At

YUAN = Decimal


def told(app: Flask, kind: str) -> list[str]:
    """The user names behind the messages of a kind about penalties."""
    rows = [row for row in factories.notices(app, kind=kind) if row.subject_kind == "penalty"]
    with app.app_context():
        return [reference.staff().cards[row.person_id].username for row in rows]


@pytest.mark.clause("CP-24")
def test_a_penalty_goes_from_the_proposal_to_the_last_instalment(any_app: Flask, at: At) -> None:
    app = any_app
    number = penalties.proposed(app)
    assert penalties.waiting(app, "office1") == [(number, "penalty-release")]
    assert penalties.waiting(app, "emp.tech") == []
    penalties.do(app, "office1", "release", number, summary="客户来电时态度冷淡")
    assert penalties.waiting(app, "emp.tech") == [(number, "penalty-statement")]
    penalties.do(app, "emp.tech", "statement", number, statement="当时在处理另一单")
    assert penalties.waiting(app, "office2") == [(number, "penalty-decide")]
    assert penalties.do(app, "office1", "decide", number, **penalties.MONEY) is State.DECIDED
    assert penalties.instalments(app, number) == [], "nothing is taken before it is published"
    assert penalties.do(app, "office1", "publish", number, **penalties.NOTICE) is State.PUBLISHED
    assert penalties.instalments(app, number) == [
        ("emp.tech", "2026-03", YUAN("400.00"), False),
        ("emp.tech", "2026-04", YUAN("100.00"), False),
    ]
    at("Tue 2026-03-31 10:00")
    assert penalties.take(app, "2026-03") == 1
    penalties.bonuses(app, "2026-04", emp_tech="100.00")
    assert [row[1:3] for row in penalties.instalments(app, number)] == [
        ("2026-03", YUAN(400)),
        ("2026-04", YUAN(40)),
        ("2026-05", YUAN(40)),
        ("2026-06", YUAN(20)),
    ]
    assert factories.history_faults(app) == []


@pytest.mark.clause("CP-24")
def test_nobody_decides_what_they_proposed_nor_about_themselves(app: Flask) -> None:
    number = penalties.proposed(app, by="office1")
    penalties.do(app, "office1", "release", number, summary="x")
    penalties.do(app, "emp.tech", "statement", number, statement="x")
    assert penalties.waiting(app, "office1") == []
    assert penalties.refused(app, "office1", "decide", number, **penalties.MONEY) == ["CP-24 own_penalty"]
    own = penalties.proposed(app, by="office1", person="office2")
    with pytest.raises(NotFound):
        penalties.do(app, "office2", "release", own, summary="x")
    penalties.do(app, "office1", "release", own, summary="x")
    with pytest.raises(Forbidden):
        penalties.do(app, "office2", "decide", own, **penalties.MONEY)
    penalties.do(app, "office2", "statement", own, statement="x")
    # office1 proposed, office2 is penalised: the general manager is left.
    assert penalties.do(app, "gm", "decide", own, **penalties.MONEY) is State.DECIDED


@pytest.mark.clause("CP-24")
def test_the_person_is_heard_or_the_time_is_over(app: Flask, at: At) -> None:
    number = penalties.a_penalty(app, State.RELEASED)
    with pytest.raises(Forbidden):
        penalties.do(app, "lead.tech", "statement", number, statement="x")
    assert penalties.refused(app, "office1", "decide", number, **penalties.MONEY) == ["CP-24 not_heard"]
    at("Thu 2026-03-05 17:31")
    assert any("penalty_statement" in line for line in factories.sweep(app))
    assert penalties.waiting(app, "office1") == [(number, "penalty-decide")]
    assert penalties.do(app, "office1", "decide", number, **penalties.MONEY) is State.DECIDED


@pytest.mark.clause("CP-24")
def test_a_part_of_a_bonus_needs_the_bonus(app: Flask) -> None:
    number = penalties.a_penalty(app, State.RELEASED)
    penalties.do(app, "emp.tech", "statement", number, statement="x")
    given = penalties.MONEY | {"bonus": None}
    assert penalties.refused(app, "office1", "decide", number, **given) == ["CP-24 bonus_missing"]
    penalties.bonuses(app, "2026-03", emp_tech="0")
    penalties.do(app, "office1", "decide", number, **given)
    penalties.do(app, "office1", "publish", number, **penalties.NOTICE)
    assert penalties.instalments(app, number) == []
    with app.app_context():
        assert planning.still_owing(penalties.load(app, number)) == 1, "owed, although nothing can be planned"


@pytest.mark.clause("CP-24")
def test_a_departments_part_counts_inside_each_members_cap(any_app: Flask) -> None:
    app = any_app
    number = penalties.proposed(app, by="office1", person="", department="tech")
    penalties.do(app, "office1", "release", number, summary="x")
    assert penalties.waiting(app, "lead.tech") == [(number, "penalty-statement")]
    penalties.do(app, "lead.tech", "statement", number, statement="x")
    given = {"measure": Measure.DEPARTMENT, "month": "2026-03", "reason": "x"}
    assert penalties.refused(app, "office2", "decide", number, **given) == ["CP-24 bonus_missing"]
    penalties.bonuses(app, "2026-03", emp_tech="1000", lead_tech="2000.03", sup_tech="0")
    penalties.do(app, "office2", "decide", number, **given)
    penalties.do(app, "office2", "publish", number, **penalties.NOTICE)
    assert penalties.instalments(app, number) == [
        ("lead.tech", "2026-03", YUAN("400.00"), False),
        ("emp.tech", "2026-03", YUAN("200.00"), False),
    ]
    other = penalties.a_penalty(app, State.PUBLISHED, amount=YUAN(350))
    assert [row[1:3] for row in penalties.instalments(app, other)] == [
        ("2026-03", YUAN(200)),
        ("2026-04", YUAN(150)),
    ]


@pytest.mark.clause("CP-24")
def test_an_appeal_stops_the_taking_and_is_ruled_on_by_another(app: Flask, at: At) -> None:
    number = penalties.a_penalty(app, State.APPEALED)
    assert penalties.instalments(app, number) == []
    assert penalties.waiting(app, "office1") == []
    assert penalties.waiting(app, "office2") == [(number, "penalty-rule")]
    given = {"outcome": Ruling.REDUCE, "amount": YUAN("450.50"), "reason": "情节较轻"}
    assert penalties.refused(app, "office1", "rule", number, **given) == ["CP-24 own_decision"]
    assert penalties.do(app, "office2", "rule", number, **given) is State.PUBLISHED
    assert [row[2] for row in penalties.instalments(app, number)] == [YUAN(400), YUAN("50.50")]
    assert penalties.refused(app, "emp.tech", "appeal", number, reason="x") == ["CP-24 ruled_already"]


@pytest.mark.clause("CP-24")
def test_an_appeal_comes_in_time(app: Flask, at: At) -> None:
    number = penalties.a_penalty(app, State.PUBLISHED)
    at("Mon 2026-03-09 17:31")
    assert penalties.refused(app, "emp.tech", "appeal", number, reason="x") == ["CP-24 appeal_late"]
    at("Mon 2026-03-09 17:29")
    assert penalties.do(app, "emp.tech", "appeal", number, reason="x") is State.APPEALED


@pytest.mark.clause("CP-24")
def test_the_ruling_has_its_time_and_climbs_when_that_is_over(any_app: Flask, at: At) -> None:
    app = any_app
    number = penalties.a_penalty(
        app, State.APPEALED
    )  # on Monday; office1, who decided, is the director as well
    until = at("Mon 2026-03-09 17:30")
    assert penalties.load(app, number).ruling_until == until
    assert factories.due(app, "office2", number, "penalty-rule") == until
    at("Fri 2026-03-06 16:00")
    factories.sweep(app)
    assert told(app, "clock:warning") == ["office2"], "never whose decision it is"
    at("Tue 2026-03-10 09:00")
    lines = factories.sweep(app)
    assert any(f"{number}\tpenalty_ruling\toverdue" in line for line in lines)
    assert told(app, "clock:overdue") == ["office2", "gm"]
    given = {"outcome": Ruling.UPHOLD, "reason": "事实清楚"}
    assert penalties.do(app, "office2", "rule", number, **given) is State.PUBLISHED, (
        "late is better than never"
    )
    at("Fri 2026-03-20 09:00")
    assert not any(number in line for line in factories.sweep(app)), "ruled on, nothing runs"


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize("outcome", [Ruling.UPHOLD, Ruling.REVERSE])
def test_a_ruling_ends_its_time(app: Flask, at: At, outcome: Ruling) -> None:
    number = penalties.a_penalty(app, State.APPEALED)
    penalties.do(app, "office2", "rule", number, outcome=outcome, reason="x")
    at("Fri 2026-03-20 09:00")
    assert not any(number in line for line in factories.sweep(app))
    assert told(app, "clock:overdue") == []


@pytest.mark.clause("CP-24")
@pytest.mark.clause("GO-01")
@pytest.mark.parametrize("verb", ["reverse", "rule"])
def test_a_reversal_frees_what_was_not_taken_and_marks_the_notice(any_app: Flask, at: At, verb: str) -> None:
    app = any_app
    number = penalties.a_penalty(app, State.PUBLISHED)
    other = penalties.a_penalty(app, State.PUBLISHED, amount=YUAN(100))
    assert [row[1:3] for row in penalties.instalments(app, other)] == [("2026-04", YUAN(100))]
    at("Fri 2026-03-06 10:00")
    penalties.take(app, "2026-03")
    if verb == "rule":
        penalties.do(app, "emp.tech", "appeal", number, reason="x")
    given = {"reason": "查无实据", "outcome": Ruling.REVERSE}
    assert penalties.refused(app, "office1", verb, number, **given) == ["CP-24 own_decision"]
    assert penalties.do(app, "office2", verb, number, **given) is State.REVERSED
    assert penalties.instalments(app, number) == [("emp.tech", "2026-03", YUAN(400), True)]
    notice_id = penalties.notice_of(app, number)
    with app.app_context():
        notice = db.session.get_one(BoardNotice, notice_id)
        assert (notice.state, notice.why, notice.text) == (
            BoardState.WITHDRAWN,
            "查无实据",
            penalties.NOTICE["text"],
        )


@pytest.mark.clause("CP-24")
def test_a_month_that_was_handed_over_takes_nothing_more(any_app: Flask, at: At) -> None:
    app = any_app
    with pytest.raises(Refused, match="month_to_come"):
        penalties.take(app, "2026-04")
    penalties.take(app, "2026-03")
    for again in (
        lambda: penalties.take(app, "2026-03"),
        lambda: penalties.bonuses(app, "2026-03", emp_tech="1"),
    ):
        with pytest.raises(Refused, match="month_closed"):
            again()
    number = penalties.a_penalty(app, State.RELEASED)
    penalties.do(app, "emp.tech", "statement", number, statement="x")
    assert penalties.refused(app, "office1", "decide", number, **penalties.MONEY) == ["CP-24 month_closed"]


@pytest.mark.clause("CP-32")
def test_a_banned_act_is_traced_to_the_head_of_the_department(app: Flask) -> None:
    penalties.proposed(app, by="office1", ground=Ground.NOT_HANDLED)
    assert factories.told(app, "penalty:banned_act") == ["lead.tech"]
    penalties.proposed(app, by="office1", ground=Ground.SLOW_SERVICE)
    assert factories.told(app, "penalty:banned_act") == ["lead.tech"]


@pytest.mark.clause("GO-04")
def test_a_decision_is_published_for_everybody(any_app: Flask) -> None:
    number = penalties.a_penalty(any_app, State.DECIDED)
    with any_app.app_context():
        who = factories.viewer("emp.impl").id
        assert db.session.scalar(notice_board.unread(who, clock.now())) == 0
    penalties.do(any_app, "office1", "publish", number, **penalties.NOTICE)
    with any_app.app_context():
        ((notice, read),) = notice_board.board(who, clock.now(), before=None, most=9)
        assert (notice.text, read) == (penalties.NOTICE["text"], False)
        with db.write():
            notice_board.mark_read(notice.id, who, clock.now())
            notice_board.mark_read(notice.id, who, clock.now())
        assert db.session.scalar(notice_board.unread(who, clock.now())) == 0


@pytest.mark.clause("CP-20")
def test_what_is_open_bars_disposal_and_disposal_leaves_no_words(app: Flask, at: At) -> None:
    case = factories.a_case(app, CaseState.ARCHIVED)
    number = penalties.a_penalty(app, State.PUBLISHED, case=case)
    at("Tue 2027-03-09 10:00")
    assert "CP-20 instalments_open" in factories.refused(app, "office1", "dispose", case, reason="期满")
    for month in ("2026-03", "2026-04"):
        if month == "2026-04":
            penalties.bonuses(app, month, emp_tech="1000")
        penalties.take(app, month)
    factories.do(app, "office1", "dispose", case, reason="期满")
    factories.do(app, "office2", "dispose", case, decision=Decision.YES)
    kept = penalties.load(app, number)
    assert (kept.facts, kept.summary, kept.statement, kept.reason) == ("", "", "", "")
    assert kept.amount == YUAN(500)
    with app.app_context():
        for table, column in db.session.execute(
            sa.text(
                "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type='table'"
            )
        ):
            if not str(table).startswith("search_"):
                found = db.session.execute(
                    sa.text(f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE \'%绝密证人%\'')
                )
                assert found.scalar() == 0, f"{table}.{column}"


def test_a_person_has_one_bonus_a_month(any_app: Flask) -> None:
    penalties.bonuses(any_app, "2026-03", emp_tech="12.34")
    with any_app.app_context():
        row = db.session.scalars(sa.select(Bonus)).one()
        assert row.amount == YUAN("12.34")
        with pytest.raises(IntegrityError), db.write():
            db.session.execute(
                sa.insert(Bonus).values(person_id=row.person_id, month="2026-03", amount=YUAN(1))
            )
