"""Who may know what somebody's training came to: that person, their lead, the general office."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.phrases.training.rules import attending
from portal.kernel import reference
from portal.kernel.people import Person, Viewer


def of_person(viewer: Viewer, person_id: Any) -> sa.ColumnElement[bool]:
    """The condition under which a viewer may read the results of the person with that id."""
    if attending.keeps_training(viewer):
        return sa.true()
    own: sa.ColumnElement[bool] = person_id == viewer.id
    if not viewer.leads:
        return own
    return sa.or_(own, sa.exists().where(Person.id == person_id, Person.department.in_(viewer.leads)))


def may_read(viewer: Viewer, person_id: int) -> bool:
    """The same question about one person."""
    card = reference.staff().cards.get(person_id)
    if card is None:
        return False
    return attending.keeps_training(viewer) or card.id == viewer.id or card.department in viewer.leads


def people(viewer: Viewer) -> list[int]:
    """Everybody whose results the viewer may read, those who left included."""
    return [person for person in reference.staff().cards if may_read(viewer, person)]
