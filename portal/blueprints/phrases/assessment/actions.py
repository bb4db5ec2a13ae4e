"""What is done with an assessment: one function for each verb, with its line of history (GO-03, GO-01)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.blueprints.phrases.assessment import queries, rules, watch
from portal.blueprints.phrases.assessment.codes import Outcome, Rater, State
from portal.blueprints.phrases.assessment.models import Objection, Period, Rating, Result, Sheet, SheetFigure
from portal.blueprints.phrases.assessment.workflow import (
    ANSWER,
    CLOSE,
    COLLECT,
    CORRECT,
    EDIT,
    OBJECT,
    OPEN,
    PERIOD,
    PUBLISH,
    RATE,
    RATE_CLOCK,
    RETRAIN,
    SELF_CLOCK,
    SELF_RATE,
    SHEET,
)
from portal.drawing import name_of
from portal.kernel import (
    company_calendar,
    history,
    inbox,
    lists,
    numbers,
    person_figures,
    policies,
    reference,
    retraining,
    sent_forms,
    timers,
    transitions,
)
from portal.kernel.aspects import Aspect
from portal.kernel.db import db
from portal.kernel.limits import due
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect


def _until(figure: str, now: datetime) -> datetime:
    """When a limit of the regulations runs out that begins now."""
    return due(now, policies.value(figure, now), company_calendar.current())


# -- the period -------------------------------------------------------------------------------------------------------


def create(*, by: Viewer, now: datetime, sent: Sent | None = None, **fields: Any) -> Period:
    """GO-03: a new period, as a draft. Inside a write; raises TakenBefore, SaidOtherwise."""
    number = numbers.take("KH", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    made = Period(number=number, state=State.DRAFT, state_since=now, created_by_id=by.id, **_stored(fields))
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    history.record(
        made, "assessment_period:create", by=by.id, now=now, clause="GO-03", words={"title": made.name}
    )
    watch.PERIODS.clocks_moved(made, now)
    return made


def _stored(fields: Mapping[str, Any]) -> dict[str, Any]:
    return dict(fields) | {"weights": json.dumps(fields["weights"])}


def edit(period: Period, *, by: Viewer, now: datetime, **fields: Any) -> Effect:
    """GO-03: other words, days, people or weights, as long as nobody was asked."""
    for name, value in _stored(fields).items():
        setattr(period, name, value)
    return Effect({}, {"title": period.name})


def open_(period: Period, *, by: Viewer, now: datetime, people: list[Any], **_: Any) -> Effect:
    """GO-03: a sheet for everybody who takes part, and the limit of the self ratings."""
    period.due_at = _until(watch.LIMITS[SELF_CLOCK], now)
    period.state = State.OPEN  # what waits around the sheets goes by it
    for place, (card, audience) in enumerate(people, start=1):
        sheet = Sheet(
            number=f"{period.number}-{place:03}", period=period, person_id=card.id, department=card.department,
            rated_by=audience,
        )  # fmt: skip
        db.session.add(sheet)
        db.session.flush()
        watch.WATCH.start(sheet, SELF_CLOCK, now)
        watch.put_up(sheet, now, fresh=True)
        inbox.tell(
            [card.id], "assessment:self", sheet, now=now, address=watch.WATCH.address(sheet), clause="GO-03"
        )
    return Effect({"people": len(people)})


def collect(period: Period, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """GO-03: the self ratings are in; what the portal's records say is written down, and the superiors' turn comes."""
    period.due_at = _until(watch.LIMITS[RATE_CLOCK], now)
    period.state = State.RATED
    sheets = queries.of_period(period)
    begins, ends = lists.begins(period.begins), period.is_over_at
    found = person_figures.of([sheet.person_id for sheet in sheets], begins, ends)
    by_person = {sheet.person_id: sheet for sheet in sheets}
    for place, figure in enumerate(found):
        kind = person_figures.KINDS[figure.kind]
        db.session.add(
            SheetFigure(
                sheet_id=by_person[figure.person_id].id, kind=figure.kind, place=place, aspect=kind.aspect,
                value=figure.value, whole=figure.of, by_customers=kind.by_customers,
                minus=policies.number(kind.minus, now) if kind.minus else None,
            )
        )  # fmt: skip
    for sheet in sheets:
        timers.end(sheet, now)
        watch.WATCH.start(sheet, RATE_CLOCK, now)
        watch.put_up(sheet, now)
    return Effect(
        {"self_rated": sum(sheet.self_rated_at is not None for sheet in sheets), "people": len(sheets)}
    )


def publish(period: Period, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """GO-03: the scores are reckoned, each person reads the own one and may object within a limit."""
    period.due_at = _until("limit.assessment_objection", now)
    period.state = State.PUBLISHED
    sheets = queries.of_period(period)
    ratings = queries.ratings(sheets)
    for sheet in sheets:
        timers.end(sheet, now)
        if _reckon(sheet, ratings[sheet.id], by, now):
            sheet.object_until = period.due_at
            _tell_person(sheet, "assessment:published", now)
        watch.put_up(sheet, now)
    return Effect({"people": sum(sheet.result > 0 for sheet in sheets)})


def close(period: Period, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """GO-03: nothing is open any more."""
    period.due_at = None
    return Effect()


def _reckon(sheet: Sheet, given: Mapping[Rater, Rating], by: Viewer, now: datetime, reason: str = "") -> bool:
    """The next version of a result, if there is anything to reckon from; the ones before stay (GO-01)."""
    marks = {rater: rating.given for rater, rating in given.items()}
    marks[Rater.CUSTOMER] = rules.of_customers(sheet.counted)
    score = sheet.period.score(marks)
    if score is None:
        return False
    grade = rules.grade(score.total, queries.bands(now))
    workings = {
        "cells": [
            [cell.rater, cell.aspect, cell.mark, str(cell.share), str(cell.points)] for cell in score.cells
        ],
        "lacking": score.lacking,
    }
    sheet.result, sheet.score, sheet.grade = sheet.result + 1, score.total, grade
    db.session.add(
        Result(
            sheet_id=sheet.id, version=sheet.result, score=score.total, grade=grade, workings=json.dumps(workings),
            reason=reason, by_id=by.id, at=now,
        )
    )  # fmt: skip
    return True


def _tell_person(sheet: Sheet, kind: str, now: datetime) -> None:
    inbox.tell([sheet.person_id], kind, sheet, now=now, address=watch.WATCH.address(sheet), clause="GO-03")


# -- the sheet --------------------------------------------------------------------------------------------------------


def _rate(
    sheet: Sheet, rater: Rater, marks: Mapping[Aspect, int], by: Viewer, now: datetime, note: str,
    reasons: Mapping[Aspect, str] | None = None,
) -> Rating:  # fmt: skip
    """Another row of marks; the database takes one of two of the same round."""
    before = queries.ratings([sheet])[sheet.id].get(rater)
    made = Rating(
        sheet_id=sheet.id, rater=rater, round=before.round + 1 if before else 1, marks=json.dumps(marks),
        reasons=json.dumps({a: words for a, words in (reasons or {}).items() if words}, ensure_ascii=False),
        note=note, by_id=by.id, at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def self_rate(
    sheet: Sheet, *, by: Viewer, now: datetime, marks: dict[Aspect, int], note: str, **_: Any
) -> Effect:
    """GO-03: a person rates themselves; until the ratings are collected they may do so again."""
    made = _rate(sheet, Rater.SELF, marks, by, now, note)
    sheet.self_rated_at = now
    return Effect({"round": made.round}, {"note": note})


def rate(
    sheet: Sheet, *, by: Viewer, now: datetime, marks: dict[Aspect, int], reasons: dict[Aspect, str], note: str,
    **_: Any,
) -> Effect:  # fmt: skip
    """GO-03: the superior's marks, as the records propose them or with a reason."""
    made = _rate(sheet, Rater.SUPERIOR, marks, by, now, note, reasons)
    sheet.rated_at = now
    return Effect({"round": made.round, "departs": list(made.why) or None}, {"note": note})


def object_(sheet: Sheet, *, by: Viewer, now: datetime, text: str, **_: Any) -> Effect:
    """GO-03: the person objects to a version of the result; the office answers within a limit."""
    db.session.add(Objection(sheet_id=sheet.id, about=sheet.result, text=text, at=now))
    sheet.objected, sheet.objecting = sheet.result, True
    return Effect({"result": sheet.result}, {"note": text})


def answer(sheet: Sheet, *, by: Viewer, now: datetime, outcome: Outcome, answer: str, **_: Any) -> Effect:
    """GO-03: the office answers; what is upheld is corrected by a new version."""
    found = db.session.get_one(Objection, (sheet.id, sheet.objected))
    found.outcome, found.answer, found.answered_by_id, found.answered_at = outcome, answer, by.id, now
    sheet.objecting = False
    _tell_person(sheet, "assessment:answered", now)
    return Effect({"outcome": outcome, "result": sheet.result}, {"note": answer})


def correct(
    sheet: Sheet, *, by: Viewer, now: datetime, marks: dict[Aspect, int], reason: str, **_: Any
) -> Effect:
    """GO-01: a new version of a published result with its reason; a new limit for objecting begins."""
    _rate(sheet, Rater.SUPERIOR, marks, by, now, reason)
    was = sheet.score
    _reckon(sheet, queries.ratings([sheet])[sheet.id], by, now, reason)
    sheet.object_until = _until("limit.assessment_objection", now)
    if sheet.state is State.PUBLISHED:
        sheet.period.due_at = max(sheet.period.due_at or now, sheet.object_until)
        watch.PERIODS.clocks_moved(sheet.period, now)
    _tell_person(sheet, "assessment:corrected", now)
    return Effect({"result": sheet.result, "was": str(was), "score": str(sheet.score)}, {"reason": reason})


def retrain(
    sheet: Sheet, *, by: Viewer, now: datetime, topic: str, what: str, due_at: datetime | None, **_: Any
) -> Effect:
    """GO-03, GO-02: the training that a result of the lowest grade leads to is asked for. Raises Refused."""
    address = watch.WATCH.address(sheet)
    need = retraining.ask(sheet.person_id, topic, what, sheet, address, by=by, now=now, due_at=due_at)
    return Effect({"need": need}, {"note": what})


PERIOD_ACTIONS: dict[str, Action] = {
    EDIT: edit,
    OPEN: open_,
    COLLECT: collect,
    PUBLISH: publish,
    CLOSE: close,
}
SHEET_ACTIONS: dict[str, Action] = {
    SELF_RATE: self_rate,
    RATE: rate,
    OBJECT: object_,
    ANSWER: answer,
    CORRECT: correct,
    RETRAIN: retrain,
}


def _do(period: Period, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb of a period, with what its gates ask of the sheets."""
    if verb == OPEN:
        given["people"] = queries.people(period)
    if verb == PUBLISH:
        active = reference.staff().active
        lacking = [
            s.person_id for s in queries.of_period(period) if s.rated_at is None and active(s.person_id)
        ]
        given["unrated"] = tuple(map(name_of, lacking))
    if verb == CLOSE:
        waiting = [sheet.person_id for sheet in queries.of_period(period) if sheet.objecting]
        given["objecting"] = tuple(map(name_of, waiting))
        given["uncorrected"] = tuple(map(name_of, queries.uncorrected(period)))
    transitions.perform(PERIOD, period, verb, PERIOD_ACTIONS[verb], by=by, now=now, **given)


act_on_period = transitions.one_write(queries.find_period, _do)
act = transitions.actor(SHEET, queries.find, SHEET_ACTIONS)
