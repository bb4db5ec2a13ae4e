"""Sessions of training: everybody may know of each; of its people everybody sees what is theirs to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.training.codes import SessionState, Topic
from portal.blueprints.phrases.training.models import Invited, Training
from portal.blueprints.phrases.training.rules import attending
from portal.kernel import lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer


def find(_viewer: Viewer, number: str, *, lock: bool = False) -> Training:
    """The session of that number; NotFound when there is none. `lock` inside a write."""
    wanted = sa.select(Training).where(Training.number == number)
    found = db.session.scalars(wanted.with_for_update(of=Training) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def shown_to(viewer: Viewer, session: Training) -> list[Invited]:
    """Whose attendance and reflection the viewer may read: the own; a lead's, the department's; the keepers', all."""
    if {"office", "trainer"} & attending.standing(session, viewer):
        return list(session.people)
    cards = reference.staff().cards
    return [
        row
        for row in session.people
        if row.person_id == viewer.id or cards[row.person_id].department in viewer.leads
    ]


@dataclass(frozen=True)
class SessionList(Listing):
    """The filters of the list."""

    topic: str = ""
    state: str = ""
    mine: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> SessionList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            topic=lists.code(query.get("topic"), tuple(Topic)),
            state=lists.code(query.get("state"), tuple(SessionState)),
            mine=query.get("mine") == "1",
        )

    def rows(self, most: int) -> Sequence[Training]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(Training)
        if self.topic:
            wanted = wanted.where(Training.topic == Topic(self.topic))
        if self.state:
            wanted = wanted.where(Training.state == SessionState(self.state))
        if self.mine:
            ours = sa.exists().where(Invited.session_id == Training.id, Invited.person_id == self.viewer.id)
            wanted = wanted.where(sa.or_(ours, Training.trainer_id == self.viewer.id))
        return db.session.scalars(self.placed(wanted, Training.__table__.c.id).limit(most)).all()

    def page(self) -> tuple[list[Training], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
