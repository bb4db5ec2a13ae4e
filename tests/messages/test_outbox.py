"""What becomes of a message: together with others, at most twenty a minute, again under the same id, never lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.models import Case
from portal.kernel import chat_robots, clock, inbox, message_choices, outbox, reference
from portal.kernel.channels import Fault, Problem
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.db import db
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.people import Status
from portal.kernel.quiet import Choices, Where
from portal.notices import compose
from tests import factories
from tests.conftest import At
from tests.kernel.moments import at as moment
from tests.messages.doubles import Answer, Chat, chat, post

MINUTE = timedelta(minutes=1)


def set_up(app: Flask, **chosen: Any) -> None:
    """Settings of this test, with links."""
    known = {"base_url": "https://portal.example/", "robots_loopback": True}
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **known | chosen)


def a_robot(service: Chat, department: str = "tech", kind: str = "wecom", secret: str = "") -> str:
    """A robot of a department, inside an application's context; its channel."""
    with db.write():
        robot = chat_robots.add(
            "群", RobotKind(kind), department, service.address(kind), secret, by=1, now=clock.now()
        )
    return robot.channel


def tell(
    *people: str, kind: str = "case:routed", number: str = "TS-1", urgent: bool = False, **case: Any
) -> None:
    """Have these people told of a case."""
    staff = reference.staff()
    subject = Case(id=1, number=number, **{"confidential": False} | case)
    found = [card.id for name in people if (card := staff.by_username(name))]
    with db.write():
        inbox.tell(
            found,
            kind,
            subject,
            now=clock.now(),
            address=f"/complaints/{number}",
            urgent=urgent,
            clause="CP-05",
        )


def deliver(after: timedelta = timedelta()) -> list[str]:
    return list(outbox.deliver(clock.now() + after, compose))


def rows() -> Sequence[Delivery]:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Delivery).order_by(Delivery.id)).all()


def test_a_robot_says_once_what_several_have_to_do_and_mentions_who_wants_it(any_app: Flask) -> None:
    set_up(any_app)
    with any_app.app_context(), chat() as service:
        channel = a_robot(service)
        with db.write():
            message_choices.keep(factories.id_of(any_app, "emp.tech"), Choices(handle="13800000000"))
        tell("lead.tech", "emp.tech", "lead.impl")
        tell("lead.tech", number="TS-2")
        assert deliver() == [f"{channel}: sent"]
        assert deliver() == []
    (asked,) = service.asked
    said = asked["body"]["text"]["content"]
    assert said.startswith("[示例公司] 2 ")
    names = [reference_name(any_app, name) for name in ("lead.tech", "emp.tech")]
    assert said.count("https://portal.example/complaints/TS-1") == 1
    assert all(name in said for name in names)
    assert asked["body"]["text"]["mentioned_mobile_list"] == ["13800000000"]


def reference_name(app: Flask, username: str) -> str:
    with app.app_context():
        card = reference.staff().by_username(username)
        assert card is not None
        return card.name


@pytest.mark.clause("CP-09")
def test_a_group_never_hears_what_is_confidential_or_about_a_person(app: Flask) -> None:
    set_up(app, mail_server="127.0.0.1:9")
    factories.change_person(app, "lead.tech", email="lin@example.com")
    with app.app_context(), chat() as service:
        channel = a_robot(service)
        tell("lead.tech")
        tell("lead.tech", number="TS-2", confidential=True)
        tell("lead.tech", number="TS-3", person_concerned_id=3)
        assert [row.channel for row in rows()] == ["mail", channel, "mail", "mail"]


def test_what_was_chosen_holds_and_an_emergency_reaches_everybody(app: Flask, at: At) -> None:
    at("Sat 2026-03-07 22:00")
    set_up(app, mail_server="127.0.0.1:9", now=app.config["SETTINGS"].now)
    factories.change_person(app, "lead.tech", email="lin@example.com")
    nothing = Choices(where={"case": Where.NONE, "emergency": Where.NONE})
    with app.app_context():
        with db.write():
            message_choices.keep(factories.id_of(app, "lead.tech"), nothing)
        tell("lead.tech")
        assert rows() == []
        tell("lead.tech", kind="emergency:everyone", urgent=True)
        tell("lead.tech", kind="visit:ask")
        assert [row.next_at for row in rows()] == [clock.now(), moment("Mon 2026-03-09 08:30")]


def test_what_is_due_together_is_one_mail_and_what_is_urgent_its_own(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(outbox, "WAKE", [lambda: woken.append(1)] * 2)  # asked for twice, done once
    factories.change_person(app, "lead.tech", email="lin@example.com")
    with post() as server:
        set_up(app, mail_server=server.where)
        with app.app_context():
            for number in ("TS-1", "TS-2"):
                tell("lead.tech", number=number)
            assert not woken
            tell("lead.tech", number="TS-3", urgent=True)
            assert len(woken) == 1
            assert len(deliver()) == 2
    urgent, both = (message_from_bytes(each.content, policy=policy.default) for each in server.taken)
    assert urgent["Subject"] == "[示例公司] TS-3"
    assert both.get_content().count("https://portal.example/complaints/TS-") == 2


def test_beyond_twenty_a_minute_a_robot_waits_and_says_all_at_once(any_app: Flask) -> None:
    set_up(any_app)
    with any_app.app_context(), chat() as service:
        channel = a_robot(service)
        tell("lead.tech", "emp.tech")
        first, second = rows()
        with db.write():  # twenty were sent half a minute ago
            for turn in range(outbox.MOST_A_MINUTE):
                row = inbox.Notice(
                    person_id=1, at=clock.now(), kind="case:routed", subject_kind="case", subject_id=1,
                    number="TS-0", address="/x",
                )  # fmt: skip
                db.session.add(row)
                db.session.flush()
                db.session.add(
                    Delivery(
                        notice_id=row.id, channel=channel, to="", fate=Fate.SENT, next_at=clock.now(),
                        batch=f"{turn}", taken_at=clock.now() - MINUTE / 2,
                    )
                )  # fmt: skip
        assert deliver() == []
        assert (first.tries, second.tries) == (0, 0)
        tell("lead.tech", number="TS-2")
        assert deliver(MINUTE) == [f"{channel}: sent"]
    assert len(service.asked) == 1


def test_a_robot_refused_for_speaking_too_often_loses_no_try_and_holds_the_rest_back(app: Flask) -> None:
    set_up(app)
    with app.app_context(), chat(Answer(429, headers={"Retry-After": "300"}), Answer()) as service:
        channel = a_robot(service)
        tell("lead.tech", urgent=True)
        tell("lead.tech", number="TS-2")
        assert "waiting (rate: 429)" in deliver()[0]
        assert deliver(4 * MINUTE) == []
        assert [row.tries for row in rows()] == [0, 0]
        assert [line.partition(" ")[2] for line in deliver(5 * MINUTE)] == ["sent", "sent"]
        assert {row.channel for row in rows()} == {channel}


def test_what_fails_for_now_waits_longer_each_time_and_is_dead_after_the_sixth() -> None:
    now, waits = moment("Mon 2026-03-02 09:00"), []
    for tries in range(1, 7):
        row = Delivery(tries=tries, channel="mail", fate=Fate.WAITING, next_at=now)
        outbox._failed(row, Problem(Fault.LATER), now)
        waits.append((row.fate, (row.next_at - now) / MINUTE))
    assert waits == [*((Fate.WAITING, wait) for wait in (1, 5, 30, 120, 480)), (Fate.DEAD, 0)]


def test_what_is_refused_for_good_is_dead_at_once_and_is_sent_again_when_asked(app: Flask) -> None:
    set_up(app)
    with app.app_context(), chat(Answer(200, {"errcode": 93000, "errmsg": "no"}), Answer()) as service:
        channel = a_robot(service)
        tell("lead.tech")
        assert deliver() == [f"{channel}: dead (refused: 93000 no)"]
        assert outbox.dead() == 1
        with db.write():
            assert outbox.send_again([Delivery.channel == channel], clock.now()) == 1
        assert deliver() == [f"{channel}: sent"]


def test_a_message_goes_to_the_address_that_its_reader_has_by_then(app: Flask) -> None:
    factories.change_person(app, "lead.tech", email="lin@wrong.test")
    with post() as server:
        server.rcpt = "550 no such user"
        set_up(app, mail_server=server.where)
        with app.app_context():
            tell("lead.tech")
            assert deliver() == ["mail to lin@wrong.test: dead (recipient: 550 no such user)"]
            server.rcpt = "250 OK"
            factories.change_person(app, "lead.tech", email="lin@example.com")
            with db.write():
                outbox.send_again([Delivery.channel == "mail"], clock.now())
            assert deliver() == ["mail to lin@example.com: sent"]
            assert rows()[0].to == "lin@example.com"
    assert server.taken[0].rcpt_tos == ["lin@example.com"]


def test_a_server_that_is_away_is_asked_once_in_a_pass_and_a_slow_one_holds_nobody_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("lead.tech", "emp.tech"):
        factories.change_person(app, name, email=f"{name}@example.com")
    set_up(app, mail_server="127.0.0.1:9")
    with app.app_context(), chat() as service:
        tell("lead.tech", "emp.tech")
        channel = a_robot(service)
        tell("lead.tech", number="TS-2", urgent=True)
        asked = [line.partition(" (")[0] for line in deliver()]
        assert asked == ["mail to lead.tech@example.com: waiting", f"{channel}: sent"]
        assert [row.tries for row in rows()] == [0, 0, 1, 1], "the others did not cost a try"
        monkeypatch.setattr(outbox, "LONGEST", -1.0)
        assert deliver() == [], "the rest leaves with the next pass"


def test_what_was_written_while_the_clock_was_ahead_leaves_by_the_right_one(any_app: Flask, at: At) -> None:
    for name in ("lead.tech", "emp.tech"):
        factories.change_person(any_app, name, email=f"{name}@example.com")
    at("Tue 2026-03-03 09:00")
    with post() as server:
        set_up(any_app, mail_server=server.where, now=any_app.config["SETTINGS"].now)
        with any_app.app_context():
            tell("lead.tech")
            server.data = "451 not now"
            assert len(deliver()) == 1
            server.data = "250 taken"
            tell("emp.tech", number="TS-2", urgent=True)
        at("Mon 2026-03-02 07:00")
        set_up(any_app, now=any_app.config["SETTINGS"].now)
        with any_app.app_context():
            assert deliver() == ["mail to emp.tech@example.com: sent"]
            assert rows()[0].next_at == at("Mon 2026-03-02 08:30"), "quiet hours hold as before"


def test_one_message_that_cannot_be_put_into_words_keeps_no_other_back(app: Flask) -> None:
    set_up(app)
    with app.app_context(), chat() as service:
        first, second = a_robot(service), a_robot(service, "impl")
        tell("lead.tech", kind="case:never_heard_of", urgent=True)
        tell("lead.impl")
        assert deliver() == [f"{first}: waiting (broken: KeyError)", f"{second}: sent"]


def test_who_has_left_in_the_meantime_is_not_told(app: Flask) -> None:
    factories.change_person(app, "lead.tech", email="lin@example.com")
    with post() as server:
        set_up(app, mail_server=server.where)
        with app.app_context():
            tell("lead.tech")
        factories.change_person(app, "lead.tech", status=Status.DEPARTED)
        with app.app_context():
            assert deliver() == []
            assert [row.fate for row in rows()] == [Fate.DROPPED]
    assert server.taken == []


def test_a_dry_run_sends_nothing(app: Flask) -> None:
    factories.change_person(app, "lead.tech", email="lin@example.com")
    set_up(app, messages="sink")
    with app.app_context(), chat() as service:
        a_robot(service)
        tell("lead.tech")
        assert len(deliver()) == 2
        assert [row.fate for row in rows()] == [Fate.DRY] * 2
    assert service.asked == []


def test_what_left_long_ago_is_forgotten_and_what_failed_is_not(app: Flask) -> None:
    factories.change_person(app, "lead.tech", email="lin@example.com")
    set_up(app, mail_server="127.0.0.1:9", messages_kept_days=30)
    with app.app_context():
        for number, fate in (("TS-1", Fate.SENT), ("TS-2", Fate.DEAD), ("TS-3", Fate.WAITING)):
            tell("lead.tech", number=number)
            with db.write():
                newest = db.session.scalars(sa.select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()
                newest.fate = fate
        with db.write():
            assert outbox.forget_old(clock.now() + timedelta(days=29)) == 0
            assert outbox.forget_old(clock.now() + timedelta(days=31)) == 1
        assert [row.fate for row in rows()] == [Fate.DEAD, Fate.WAITING]


def test_the_address_and_secret_of_a_robot_lie_sealed(app: Flask) -> None:
    set_up(app)
    with app.app_context(), chat() as service:
        channel = a_robot(service, kind="dingtalk", secret="TOP-SECRET")  # what must not be found
        kept = "".join(map(str, db.session.execute(sa.text("SELECT * FROM chat_robots")).one()))
        assert "access_token" not in kept
        assert "TOP-SECRET" not in kept
        assert "TOP-SECRET" not in "".join(line.details for line in factories.events(app))
        app.secret_key, before = "another key", app.secret_key
        try:
            tell("lead.tech")
            assert deliver() == [f"{channel}: dead (sealed: )"]
        finally:
            app.secret_key = before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process to kill")
def test_a_worker_killed_between_sending_and_marking_sends_again_under_the_same_id(app: Flask) -> None:
    """For real: the process is killed when the server has the mail and before its answer is read."""
    factories.change_person(app, "lead.tech", email="lin@example.com")
    with post() as server:
        set_up(app, mail_server=server.where)
        with app.app_context():
            tell("lead.tech")
            db.session.remove()
            db.engine.dispose()
        if (worker := os.fork()) == 0:
            with app.app_context():
                deliver()
            os._exit(0)
        server.after_data = lambda: os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        server.after_data = lambda: None
        assert os.WTERMSIG(status) == signal.SIGKILL
        with app.app_context():
            (row,) = rows()
            assert (row.fate, row.tries, row.problem) == (Fate.WAITING, 1, "")
            tell("lead.tech", number="TS-2")
            assert len(deliver()) == 1, "before the lease runs out only the new one leaves"
            assert len(deliver(outbox.LEASE)) == 1
            assert [row.fate for row in rows()] == [Fate.SENT, Fate.SENT]
    first, _, again = (message_from_bytes(each.content, policy=policy.default) for each in server.taken)
    assert first["Message-ID"] == again["Message-ID"]
    assert "可能已经发送过" in again.get_content()
    assert "可能已经发送过" not in first.get_content()
