"""What may be typed when training is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal.forms import Day, Line, OneOf, Someone, VerbForm
from portal.i18n import _l, label
from portal.kernel import lists, retraining


def _topics() -> Iterator[tuple[str, str]]:
    return ((str(topic), label(topic)) for topic in retraining.topics())


class AskForm(VerbForm):
    """Who is to be trained in what; that person reads it and learns nothing of the case."""

    person = Someone(_l("Who is to be trained"), required=True)
    topic = OneOf(_l("Subject area"), codes=_topics, empty=_l("Please choose"), required=True)
    what = Line(_l("What is to be learnt"), most=200, required=True)
    due_on = Day(_l("To be done by"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return {
            "person": self.person.card,
            "topic": self.topic.data,
            "what": self.what.data,
            "due_at": self._due(),
        }

    def _due(self) -> datetime | None:
        return lists.begins(self.due_on.data, days_later=1) if self.due_on.data else None
