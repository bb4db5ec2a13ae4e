"""What is done with service standards: a chapter is looked at and recorded, a record is corrected by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.blueprints.phrases.standards import queries, watch
from portal.blueprints.phrases.standards.codes import Verdict
from portal.blueprints.phrases.standards.models import Answer, Run
from portal.blueprints.phrases.standards.workflow import CORRECT, RUN
from portal.kernel import files, history, numbers, sent_forms
from portal.kernel.db import db
from portal.kernel.documents import Current
from portal.kernel.files import Checked
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.workflow import Attempt, Refused

Said = tuple[str, str, Verdict, str]  # a thing in both languages, how it was found, why


def record(
    current: Current, *, department: str, by: Viewer, now: datetime, sent: Sent | None = None, **given: Any
) -> Run:
    """PG-14: a chapter was looked at; who records it signs it. Inside a write."""
    body = current.body
    return _record(
        "record", by=by, now=now, sent=sent, code=current.code, clause=body["clause"], edition=current.edition,
        title=body["title"], title_en=body["title_en"], department=department, **given,
    )  # fmt: skip


def correct(before: Run, *, by: Viewer, now: datetime, sent: Sent | None = None, **given: Any) -> Run:
    """GO-01: a record that was wrong is followed by another, and stays. Inside a write; raises Forbidden, Refused."""
    step = RUN.step(before, CORRECT, by)
    later = queries.others(before).get("later")
    if reasons := RUN.against(step, Attempt(before, by, now, {"later": later})):
        raise Refused(reasons)
    kept = {
        name: getattr(before, name)
        for name in (
            "code",
            "clause",
            "edition",
            "title",
            "title_en",
            "department",
            "person_id",
            "place",
            "day",
        )
    }
    return _record(CORRECT, by=by, now=now, sent=sent, corrects=before, **(given | kept))


def _record(
    event: str, *, by: Viewer, now: datetime, sent: Sent | None, said: Sequence[Said], code: str, department: str,
    day: date, clause: str, note: str = "", pictures: Sequence[Checked] = (), corrects: Run | None = None, **fields: Any,
) -> Run:  # fmt: skip
    number = numbers.take("BZ", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    verdicts = [verdict for _zh, _en, verdict, _why in said]
    made = Run(
        number=number, code=code, department=department, day=day, clause=clause, note=note,
        done=verdicts.count(Verdict.DONE), lacking=verdicts.count(Verdict.NOT_DONE), signed_by_id=by.id, signed_at=now,
        corrects_id=corrects.id if corrects else None, **fields,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    db.session.add_all(
        Answer(run_id=made.id, place=place, text=zh, text_en=en, verdict=verdict, why=why)
        for place, (zh, en, verdict, why) in enumerate(said, start=1)
    )
    for picture in pictures:
        files.add(made, picture, by.id, now)
    history.record(
        made, f"{RUN.name}:{event}", by=by.id, now=now, clause="GO-01" if corrects else clause, code=code,
        department=department, person=made.person_id, day=day, lacking=made.lacking or None,
        corrects=corrects.number if corrects else None, words={"note": note} if note else {},
    )  # fmt: skip
    watch.put_up(
        (code, department), None, now
    )  # the next pass puts it up again, should the day lie too far back
    return made
