"""What may be typed into the year's plan."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.training import fields
from portal.blueprints.phrases.training.codes import Topic
from portal.blueprints.phrases.training.models import PlanLine
from portal.blueprints.phrases.training.workflow import DROP, EDIT
from portal.forms import Choice, Line, VersionedForm, Whole
from portal.i18n import _l, label


class PlanForm(VersionedForm):
    """One line of the plan; its audience is everybody where nothing is ticked."""

    year = Whole(_l("Year"), least=2000, most=2199, required=True)
    month = Whole(_l("Month"), least=1, most=12, required=True)
    topic = Choice(_l("Subject area"), of=Topic, words=label, required=True)
    title = Line(_l("What is taught"), most=120, required=True)
    place = Line(_l("Place"), most=80)
    trainer = Line(_l("Trainer (user name, or somebody from outside)"), most=80)
    departments = fields.departments()
    roles = fields.roles()
    posts = fields.posts()
    note = Line(_l("Note"), most=400)


class DropForm(VersionedForm):
    reason = Line(_l("Reason"), most=400, required=True)


FORMS: dict[str, type[VersionedForm]] = {EDIT: PlanForm, DROP: DropForm}


def stored(line: PlanLine) -> dict[str, Any]:
    """A line as its form shows it."""
    kept = {
        name: getattr(line, name) for name in ("year", "month", "topic", "title", "place", "trainer", "note")
    }
    codes = {name: getattr(line, name).split() for name in ("departments", "roles", "posts")}
    return kept | codes | {"version": line.version}
