"""The office's channels and outbox, and what people choose for themselves, as pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import worker
from portal.config import BadSetting, Settings
from portal.kernel import chat_robots, clock, jobs, message_choices, outbox
from portal.kernel.db import db
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.quiet import Choices, Quiet, Where
from portal.notices import compose
from tests import factories
from tests.conftest import As
from tests.messages.doubles import Answer, chat
from tests.messages.test_outbox import set_up, tell

GOOD = "https://oapi.dingtalk.com/robot/send?access_token=HUSH-HUSH"


def test_a_robot_is_entered_tried_switched_off_and_removed(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[None] = []
    monkeypatch.setattr(worker, "wake", lambda: woken.append(None))
    set_up(app)
    office = as_("office1")
    with chat(Answer(), Answer(500)) as service:
        address = service.address("dingtalk")
        typed: dict[str, Any] = {
            "name": "技术部群",
            "kind": "dingtalk",
            "department": "tech",
            "secret": "HUSH-HUSH",
        }
        added = office.send("/office/channels/add", **typed, webhook=address)
        assert added.status_code == 303
        page = office.get(added.location).text
        assert "技术部群" in page
        assert "HUSH" not in page
        assert "access_token" not in page
        assert "DingTalk" in page.partition('id="lines-title"')[2]
        for said in ("The test message was taken", "The server answered with an error"):
            office.send(f"{added.location}/test")
            with app.app_context():
                jobs.work_off()
            office.lang = "en"
            assert said in office.get(added.location).text
            assert said in office.get("/office/channels/").text
    assert len(woken) == 2
    with app.app_context():
        tell("lead.tech")
    office.send(f"{added.location}/off")
    with app.app_context():
        assert [row.fate for row in db.session.scalars(sa.select(Delivery))] == [Fate.DROPPED]
        tell("lead.tech", number="TS-2")
        assert len(db.session.scalars(sa.select(Delivery)).all()) == 1
    assert office.send(f"{added.location}/remove").status_code == 303
    assert office.get(added.location).status_code == 404
    with app.app_context():
        assert chat_robots.every() == []
    audit = office.get("/office/audit/?kind=robot").text
    assert all(words in audit for words in ("Added", "Switched off", "Removed"))
    assert "HUSH" not in audit


def test_an_edit_keeps_the_address_and_a_stale_one_changes_nothing(app: Flask, as_: As) -> None:
    set_up(app)
    office = as_("office1")
    office.send("/office/channels/add", name="群", kind="dingtalk", webhook=GOOD, secret="S")  # a robot's
    with app.app_context():
        (robot,) = chat_robots.every()
        sealed = robot.sealed
    address = f"/office/channels/{robot.id}"
    assert office.send(f"{address}/edit", name="新群", version=1).status_code == 303
    assert office.send(f"{address}/edit", name="旧群", version=1).status_code == 409
    assert office.send(f"{address}/edit", name="新群", secret="T").status_code == 422  # a robot's
    with app.app_context():
        (robot,) = chat_robots.every()
        assert (robot.name, robot.sealed) == ("新群", sealed)


@pytest.mark.parametrize(
    "address",
    [
        "http://oapi.dingtalk.com/robot/send?access_token=1",
        "https://10.0.0.5/robot/send",
        "https://127.0.0.1/",
        "",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_beside_its_field(
    app: Flask, as_: As, address: str
) -> None:
    answer = as_("office1").send("/office/channels/add", name="群", kind="dingtalk", webhook=address)
    assert answer.status_code == 422
    assert 'id="webhook-error"' in answer.text
    with app.app_context():
        assert chat_robots.every() == []


def test_the_outbox_tells_what_failed_and_lets_it_be_sent_again_or_given_up(app: Flask, as_: As) -> None:
    set_up(app, mail_server="127.0.0.1:9")
    factories.change_person(app, "lead.tech", email="lin@example.com")
    office = as_("office1")
    office.lang = "en"
    with app.app_context():
        for number in ("TS-20260302-0001", "TS-20260302-0002", "TS-20260302-0003"):
            tell("lead.tech", number=number)
        with db.write():
            db.session.execute(
                sa.update(Delivery).values(fate=Fate.DEAD, problem="recipient: 550 no such user", tries=1)
            )
        first, second, third = db.session.scalars(sa.select(Delivery.id).order_by(Delivery.id))
    assert "Messages that failed" in office.get("/office/").text
    page = office.get("/office/outbox/?fate=dead").text
    assert "then send again. (550 no such user)" in page
    assert "TS-20260302" not in page, "the number may be hidden from who reads the list"
    assert office.send(f"/office/outbox/{first}/again").status_code == 303
    assert office.send(f"/office/outbox/{first}/again").status_code == 409
    assert office.send(f"/office/outbox/{second}/give-up").status_code == 303
    assert office.send("/office/outbox/again", channel="mail").status_code == 303
    with app.app_context():
        fates = [row.fate for row in db.session.scalars(sa.select(Delivery).order_by(Delivery.id))]
        assert fates == [Fate.WAITING, Fate.DROPPED, Fate.WAITING]
        list(outbox.deliver(clock.now(), compose))
    assert office.send(f"/office/outbox/{third}/give-up").status_code == 303
    assert "The server cannot be reached." in office.get("/office/outbox/?fate=waiting&channel=mail").text
    assert "Messages that failed" not in office.get("/office/").text
    assert office.send("/office/outbox/give-up", channel="").status_code == 400


def test_everybody_chooses_what_they_hear(app: Flask, as_: As) -> None:
    person = as_("emp.tech")
    page = person.get("/account/messages")
    assert 'name="topic_case"' in page.text
    assert 'name="topic_emergency"' not in page.text
    typed: dict[str, Any] = {
        "quiet": "own",
        "quiet_from": "21:00",
        "quiet_until": "06:30",
        "every": "60",
        "handle": "ou_1",
    }
    topics: dict[str, Any] = {"topic_case": "mail+", "topic_visit": "none", "topic_penalty": "all+"}
    assert person.send("/account/messages", **typed, **topics).status_code == 303
    with app.app_context():
        chosen = message_choices.of(factories.id_of(app, "emp.tech"))
        assert message_choices.of(factories.id_of(app, "lead.tech")) == Choices()
    assert (chosen.quiet, chosen.quiet_from, chosen.quiet_until) == (Quiet.OWN, 21 * 60, 6 * 60 + 30)
    assert (chosen.every, chosen.handle) == (60, "ou_1")
    assert chosen.where == {"case": Where.MAIL, "visit": Where.NONE}
    assert chosen.collected == {"case", "penalty"}
    assert '<option selected value="mail+">' in person.get("/account/messages").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet": "own", "quiet_from": "21:00"},
        {"quiet": "own", "quiet_from": "21:00", "quiet_until": "21:00"},
        {"quiet": "own", "quiet_from": "25:00", "quiet_until": "06:00"},
        {"quiet": "sometimes"},
        {"every": "1"},
        {"handle": "<at>"},
        {"topic_penalty": "robot"},
        {"topic_case": "pigeon"},
    ],
)
def test_a_choice_that_there_is_not_is_told_beside_its_field(
    app: Flask, as_: As, wrong: dict[str, str]
) -> None:
    typed: dict[str, Any] = {"quiet": "office", "every": "30"} | wrong
    assert as_("emp.tech").send("/account/messages", **typed).status_code == 422
    with app.app_context():
        assert db.session.scalars(sa.select(message_choices.MessageChoice)).all() == []


def test_settings_of_mail_that_cannot_be_right_are_named() -> None:
    for given, named in (
        ({"PORTAL_MAIL_SERVER": "mail:abc"}, "PORTAL_MAIL_SERVER"),
        ({"PORTAL_MAIL_SERVER": "mail.test:25", "PORTAL_MAIL_USER": "a"}, "PORTAL_MAIL_PASSWORD"),
        (
            {"PORTAL_MAIL_SERVER": "mail.test:25", "PORTAL_MAIL_USER": "a", "PORTAL_MAIL_PASSWORD": "b"},
            "PORTAL_MAIL_SECURITY",
        ),
        ({"PORTAL_MAIL_CA_FILE": "/nowhere.pem"}, "PORTAL_MAIL_CA_FILE"),
        ({"PORTAL_MESSAGES": "maybe"}, "PORTAL_MESSAGES"),
    ):
        with pytest.raises(BadSetting, match=named):
            Settings.from_env(given)
    ports = {"mail.test": "none", "mail.test:465": "tls", "mail.test:587": "starttls"}
    for where, how in ports.items():
        assert replace(Settings(), mail_server=where).mail_encryption == how
