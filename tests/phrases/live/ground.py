"""Rules that the tests put in force by the real verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask

from portal.kernel import clock, documents, taboos
from portal.kernel.db import db
from portal.kernel.taboos import Caught, Outcome
from tests import factories

RULE: dict[str, Any] = {
    "family": "vague",
    "patterns": ["容后详谈"],
    "severity": "warn",
    "reason": {"zh": "客户不知道是什么时候", "en": "The customer does not know when"},
    "alternatives": ["我明天上午十点前给您回电。"],
    "scope": [],
    "clause": "PG-04",
    "bad": ["容后详谈吧", "这事容后详谈", "您的事我们容后详谈"],
    "good": ["我详细看了记录", "您的宽容我们记着", "我们会后详谈"],
}


def approved(
    app: Flask, code: str = "later", body: dict[str, Any] | None = None, *, of: str = "phrase_rule", days: int = 0,
    **more: Any,
) -> None:  # fmt: skip
    """A rule proposed by an employee and approved by the general office, in force today or after so many days."""
    with app.app_context():
        now, author, office = clock.now(), factories.viewer("emp.tech"), factories.viewer("office1")
        with db.write():
            version = documents.propose(of, code, body or RULE, reason="客户反映", by=author, now=now, **more)
        documents.act(version.id, "submit", by=author, now=now)
        documents.act(
            version.id, "approve", by=office, now=now, in_force_from=today(app) + timedelta(days=days)
        )


def caught(app: Flask) -> None:
    """One text that was stopped and one that was sent all the same, by two people of two departments."""
    with app.app_context(), db.write():
        stopped = [Caught("what-hurry", "block", "answer", "急什么急")]
        taboos.note(stopped, Outcome.STOPPED, by=factories.viewer("emp.tech"), now=clock.now())
        sent = [Caught("gone", "warn", "answer", "回头再说", "客户要求原话")]
        taboos.note(sent, Outcome.SENT, by=factories.viewer("emp.impl"), now=clock.now())


def today(app: Flask) -> date:
    """The day in company time."""
    with app.app_context():
        return clock.local(clock.now()).date()
