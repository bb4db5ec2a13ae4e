"""Robots and messages on their way, for pages that show them."""

from __future__ import annotations

from flask import Flask

from portal.kernel import chat_robots, clock
from portal.kernel.channels import Fault, Problem
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.outbox import Delivery, Fate
from tests import factories

ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"


def some_of_everything(app: Flask, name: str, detail: str) -> int:
    """A robot of that name, a message of every fate to an address that has no blank; the robot's id."""
    office = factories.id_of(app, "office1")
    with app.app_context(), db.write():
        now = clock.now()
        robot = chat_robots.add(name, RobotKind.WECOM, "tech", ADDRESS, "", by=office, now=now)
        for fate, fault in zip(Fate, Fault, strict=False):
            notice = Notice(
                person_id=office,
                at=now,
                kind="case:routed",
                subject_kind="case",
                subject_id=1,
                number="TS-20260302-0001",
                address="/complaints/TS-20260302-0001",
            )
            db.session.add(notice)
            db.session.flush()
            given = {
                "person_id": office,
                "fate": fate,
                "next_at": now,
                "problem": str(Problem(fault, detail)),
            }
            mail = Delivery(
                notice_id=notice.id, channel="mail", to=f"{'a' * 64}@example.com", tries=6, **given
            )
            db.session.add_all([mail, Delivery(notice_id=notice.id, channel=robot.channel, to="", **given)])
        return robot.id
