"""What the portal tells people: the inbox with the change, mail afterwards, in working hours, never lost."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Escalation, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, inbox, outbox, todos
from portal.kernel.db import db
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.people import Status
from portal.kernel.rights import Position
from portal.notices import compose
from tests import factories
from tests.conftest import At


class Post:
    """A mail server that takes, or refuses, what it is given."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.broken = False

    def __call__(self, host: str, port: int, *, timeout: float, local_hostname: str) -> Post:
        assert (host, port) == ("mail.example", 2525)
        assert timeout > 0, "a silent mail server must not hold the worker for ever"
        assert local_hostname == "localhost"
        return self

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send_message(self, mail: Any) -> None:
        if self.broken:
            raise smtplib.SMTPServerDisconnected("gone")
        self.taken.append(mail)


@pytest.fixture
def post(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Mail is configured, and lead.tech has an address."""
    settings = any_app.config["SETTINGS"]
    any_app.config["SETTINGS"] = replace(
        settings, mail_server="mail.example:2525", base_url="https://portal.example/"
    )
    factories.change_person(any_app, "lead.tech", email="lin@example.com")
    server = Post()
    monkeypatch.setattr(smtplib, "SMTP", server)
    return server


def deliver(app: Flask) -> list[str]:
    with app.app_context():
        return list(outbox.deliver(clock.now(), compose))


def deliveries(app: Flask) -> list[Delivery]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


def test_a_notice_is_written_with_the_change_and_names_nobody(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.ROUTED)
    (notice,) = factories.notices(any_app, "lead.tech")
    assert (notice.kind, notice.number, notice.address) == ("case:routed", number, f"/complaints/{number}")
    assert "陈桂芳" not in notice.details


def test_who_is_not_there_is_not_told(any_app: Flask) -> None:
    factories.change_person(any_app, "office2", status=Status.DEPARTED)
    factories.a_case(any_app, major=True)
    assert "office2" not in factories.told(any_app)
    with any_app.app_context(), db.write():
        case = Case(id=1, number="TS-20260302-0001")
        inbox.tell([1, 1], "case:major", case, now=clock.now(), address="/x")
    assert len(factories.notices(any_app, kind="case:major")) == len(factories.told(any_app, "case:major"))


def test_a_mail_goes_out_once_in_words_without_names(any_app: Flask, post: Post) -> None:
    number = factories.a_case(any_app, State.ROUTED)
    assert deliver(any_app) == ["mail to lin@example.com: sent"]
    assert deliver(any_app) == []
    (mail,) = post.taken
    assert (mail["To"], number in mail["Subject"]) == ("lin@example.com", True)
    body = mail.get_content()
    assert f"https://portal.example/complaints/{number}" in body
    assert "陈桂芳" not in body


def test_a_mail_waits_for_working_hours_unless_urgent(any_app: Flask, post: Post, at: At) -> None:
    settings = any_app.config["SETTINGS"]
    at("Sat 2026-03-07 22:00")
    factories.a_case(any_app, State.ROUTED)
    factories.a_case(any_app, State.ROUTED, urgency=Urgency.URGENT)
    assert settings.mail_server
    assert len(deliver(any_app)) == 1
    at("Mon 2026-03-09 08:30")
    assert len(deliver(any_app)) == 1


def test_a_mail_that_fails_is_tried_again_later_and_given_up_visibly(
    any_app: Flask, post: Post, at: At
) -> None:
    post.broken = True
    factories.a_case(any_app, State.ROUTED)
    assert "waiting" in deliver(any_app)[0]
    assert deliver(any_app) == [], "not before its time"
    for _ in range(len(outbox.BACK_OFF)):
        (row,) = deliveries(any_app)
        with any_app.app_context():
            list(outbox.deliver(row.next_at + timedelta(seconds=1), compose))
    (row,) = deliveries(any_app)
    assert (row.fate, row.tries) == (Fate.DEAD, len(outbox.BACK_OFF) + 1)
    assert "SMTPServerDisconnected" in row.problem
    post.broken = False
    assert deliver(any_app) == []


def test_a_worker_that_died_after_leasing_loses_no_mail(any_app: Flask, post: Post) -> None:
    factories.a_case(any_app, State.ROUTED)
    with any_app.app_context():
        with db.write():
            db.session.execute(sa.update(Delivery).values(next_at=clock.now() + outbox.LEASE, tries=1))
        assert list(outbox.deliver(clock.now(), compose)) == []
        assert len(list(outbox.deliver(clock.now() + outbox.LEASE, compose))) == 1
    assert len(post.taken) == 1


def test_without_a_mail_server_nothing_is_planned(any_app: Flask) -> None:
    factories.change_person(any_app, "lead.tech", email="lin@example.com")
    factories.a_case(any_app, State.ROUTED)
    assert deliveries(any_app) == []


# -- what waits for whom ----------------------------------------------------------------------------------------


def test_urgent_first_then_what_is_due_first(any_app: Flask) -> None:
    later = factories.a_case(any_app, State.ROUTED, kind="suggestion")
    sooner = factories.a_case(any_app, State.ROUTED)
    urgent = factories.a_case(any_app, State.ROUTED, urgency=Urgency.URGENT)
    numbers = [number for number, verb in factories.waiting(any_app, "lead.tech") if verb == "accept"]
    assert numbers[0] == urgent
    assert set(numbers[1:]) == {sooner, later}


def test_a_subject_stands_where_its_first_act_is_due_with_all_its_acts(any_app: Flask) -> None:
    called = factories.a_case(any_app, State.ACCEPTED)
    factories.do(any_app, "emp.tech", "contact", called, note="已联系")
    uncalled = factories.a_case(any_app, State.ACCEPTED)
    with any_app.app_context():
        one, other = todos.waiting_for(factories.viewer("emp.tech"))
        (only,) = todos.waiting_for(factories.viewer("emp.tech"), 1)
    assert [(one.first.number, act.kind) for act in one.acts] == [
        (uncalled, "contact"),
        (uncalled, "propose"),
    ]
    assert [(act.number, act.kind) for act in other.acts] == [(called, "propose")]
    assert one.first.due_at is not None
    assert other.first.due_at is not None
    assert one.first.due_at < other.first.due_at
    assert len(only.acts) == 2, "a page that ends after a subject shows the whole of it"


def test_what_waits_for_two_seats_of_one_person_waits_once(any_app: Flask) -> None:
    factories.a_seat(any_app, Position.SUPERVISOR, "tech", holder="office1")
    number = factories.a_case(any_app, State.ACCEPTED)
    for kind in (Escalation.UNSOLVED, Escalation.MAJOR):
        factories.do(any_app, "emp.tech", "escalate", number, kind=kind, reason="客户不接受")
    with any_app.app_context():
        audiences = db.session.scalars(sa.select(todos.Todo.audience).where(todos.Todo.kind == "decide"))
        assert set(audiences) == {"director", "supervisor:tech"}
    assert factories.waiting(any_app, "office1").count((number, "decide")) == 1


def test_a_matter_that_stays_keeps_the_time_since_when_it_waits(any_app: Flask, at: At) -> None:
    since = at("Mon 2026-03-02 09:00")
    number = factories.a_case(any_app, State.ACCEPTED)
    at("Mon 2026-03-02 11:00")
    factories.do(any_app, "emp.tech", "contact", number, note="已联系")
    with any_app.app_context():
        rows = {todo.kind: todo for todo in db.session.scalars(sa.select(todos.Todo))}
    assert rows["propose"].since == since
    assert "contact" not in rows


def test_the_same_matter_waits_once(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    for _ in range(3):
        factories.do(any_app, "desk1", "note", number, note="又来电")
    assert factories.waiting(any_app, "emp.tech").count((number, "propose")) == 1
