"""What is done with a daily report: begun from the day's records, written, signed, read, supplemented (DR-18)."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.blueprints.duty.reports import queries, watch
from portal.blueprints.duty.reports.codes import State
from portal.blueprints.duty.reports.models import DailyReport, Supplement
from portal.blueprints.duty.reports.workflow import READ, REPORT, SIGN, SUPPLEMENT, WRITE
from portal.kernel import history, numbers, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.transitions import Action, Effect

TEXTS = ("done", "problems", "improvements", "plan")


def begin(department: str, day: date, *, by: Viewer, now: datetime) -> DailyReport:
    """DR-18: the report of a department's day; the one that is there where somebody was faster. A write of its own."""
    try:
        with db.write():
            found = queries.of_day(department, day)
            return found or _begun(department, day, by, now)
    except IntegrityError:
        found = queries.of_day(department, day)
        if found is None:
            raise
        return found


def _begun(department: str, day: date, by: Viewer, now: datetime) -> DailyReport:
    made = DailyReport(
        number=numbers.take("RB", now), department=department, day=day, state=State.DRAFT, state_since=now,
        begun_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    history.record(
        made, "daily_report:begin", by=by.id, now=now, clause="DR-18", department=department, day=day
    )
    watch.WATCH.clocks_moved(made, now)
    return made


def write(report: DailyReport, **given: Any) -> Effect:
    """DR-18: the words of a person beside the figures."""
    _take(report, given)
    return Effect()


def sign(report: DailyReport, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-18: with the signature words and figures are fixed."""
    report.figures = json.dumps(queries.lines(report.department, report.day))
    report.signed_by_id, report.signed_at = by.id, now
    return Effect({"day": report.day}, {name: getattr(report, name) for name in TEXTS})


def read(report: DailyReport, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-18: the head has read it."""
    report.read_by_id, report.read_at = by.id, now
    return Effect()


def supplement(report: DailyReport, *, by: Viewer, now: datetime, text: str, **_: Any) -> Effect:
    """DR-18: what has to be put right is added; what was signed stays."""
    db.session.add(Supplement(report_id=report.id, text=text, by_id=by.id, at=now))
    return Effect({}, {"note": text})


ACTIONS: dict[str, Action] = {WRITE: write, SIGN: sign, READ: read, SUPPLEMENT: supplement}


def _take(report: DailyReport, given: dict[str, Any]) -> None:
    for name in TEXTS:
        if name in given:
            setattr(report, name, given[name])


def do(report: DailyReport, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write; what is signed is what the form says."""
    if verb == SIGN:
        transitions.check(REPORT, report, verb, by)
        _take(report, given)
    transitions.perform(REPORT, report, verb, ACTIONS[verb], by=by, now=now, **given)


act = transitions.one_write(queries.find, do)
