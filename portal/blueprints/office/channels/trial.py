"""Trying a channel: a job of the worker, for the other side may take its time, or never answer."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import current_app

from portal import worker
from portal.i18n import _
from portal.kernel import chat_robots, clock, jobs, sealing
from portal.kernel.channels import Channel, Fault, Problem, Sent
from portal.kernel.channels.mail import Mail
from portal.kernel.channels.sink import Sink
from portal.kernel.chat_robots import ChatRobot
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from portal.kernel.quiet import MAIL
from portal.labels import problem
from portal.notices import trial

WORK = "message_trial"
SENT, DRY = "sent", "dry"


def ask(channel: str, to: str, *, by: int, now: datetime) -> None:
    """Have a test message sent by a channel. Inside a write."""
    jobs.ask(WORK, channel, by=by, now=now, again=True, channel=channel, to=to)
    db.afterwards(worker.wake)


def outcome(job: Job | None) -> tuple[str, str, datetime | None]:
    """What came of the last test, in words, its tone, and when that was; empty when there was none."""
    if job is None:
        return "", "", None
    words, tone = _outcome(job)
    return words, tone, job.ended_at


def _outcome(job: Job) -> tuple[str, str]:
    if job.standing is Standing.WAITING:
        return _("The test is on its way; load the page again in a moment."), "info"
    if job.result == SENT:
        return _("The test message was taken."), "ok"
    if job.result == DRY:
        return _("Dry run: the test message was not sent."), "warn"
    return problem(job.result), "bad"


def _try(given: dict[str, Any]) -> str:
    """Send the test message; what came of it as a code."""
    settings, now = current_app.config["SETTINGS"], clock.now()
    channel: Channel
    try:
        if given["channel"] == MAIL:
            channel, to = Mail(settings), given["to"]
        else:
            robot = db.session.get(ChatRobot, int(given["to"]))
            if robot is None:
                return str(Problem(Fault.GONE))
            channel, to = chat_robots.way(robot, settings)
    except sealing.Unreadable:
        return str(Problem(Fault.SEALED))
    finally:
        db.session.rollback()
    if settings.is_dry:
        channel = Sink()
    answer = channel.send(to, trial(secrets.token_hex(8)), now)
    return (DRY if settings.is_dry else SENT) if isinstance(answer, Sent) else str(answer)


jobs.WORK[WORK] = _try
