"""A call that becomes a question of the log without retyping (PG-02, RC-22)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from portal.blueprints.reception import books
from portal.blueprints.reception.questions import actions
from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.forms import EntryForm
from portal.blueprints.reception.questions.models import Question
from portal.i18n import _, _l
from portal.kernel.calls import Call, End, Made, MadeBefore
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise


class QuestionOfCall(EntryForm):
    """What a question needs besides what was noted: the answer, or of whom it is asked (RC-22)."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("question", "asker_name", "phone", "visit", "idempotency_key"):
            del self[name]


def _form(viewer: Viewer, sent: bool) -> QuestionOfCall | None:
    if not viewer.may(May.RECEIVE):
        return None
    return QuestionOfCall.of_request(prefix="question-") if sent else QuestionOfCall.blank(prefix="question-")


def _make(call: Call, asked: QuestionOfCall, by: Viewer, now: datetime, key: str) -> Made:
    question = "\n".join(filter(None, [call.text, call.demand]))
    try:
        made = actions.record(
            by=by, now=now, question=question, asker_name=call.caller, phone=call.phone, idempotency_key=key,
            **asked.given(),
        )  # fmt: skip
    except books.SentBefore as sent:
        if not sent.same:
            raise SaidOtherwise from sent
        raise MadeBefore(_told(sent.made)) from sent
    return _told(made)


def _told(made: Question) -> Made:
    said = _("%(number)s is recorded.", number=made.number)
    if made.state is State.PENDING:
        said = _("%(number)s is recorded and asked inside.", number=made.number)
    return Made(made.number, url_for("reception.question", question_number=made.number), said)


END = End("question", _l("Make a question of it"), "info", 20, _form, _make)
