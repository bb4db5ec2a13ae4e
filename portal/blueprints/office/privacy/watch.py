"""What the kernel asks about requests for people's data; no limit runs."""

from __future__ import annotations

from datetime import datetime

from portal.blueprints.office.privacy import queries
from portal.blueprints.office.privacy.codes import State
from portal.blueprints.office.privacy.models import PersonRequest
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.rights import Role
from portal.kernel.timers import Pauses, Told


class RequestWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> PersonRequest:
        """The request, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: PersonRequest) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/office/privacy/requests/{subject.number}"

    def start(self, subject: PersonRequest, kind: str, now: datetime) -> None:
        """Nothing runs."""

    def pauses(self, _subject: PersonRequest) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, _subject: PersonRequest, _audience: str) -> Told:
        """The general office."""
        return Told(reference.staff().with_role(Role.OFFICE))

    def clocks_moved(self, subject: PersonRequest, now: datetime) -> None:
        """A wish to forget somebody waits for a second person; never with a name."""
        wanted = [todos.Wanted("confirm-erasure", "office")] if subject.state is State.ASKED else []
        todos.replace(
            subject, wanted, now=now, title="", address=self.address(subject), barred_id=subject.wanted_by_id
        )


WATCH = RequestWatch()
timers.WATCHED["person_request"] = WATCH


def tell_others(request: PersonRequest, now: datetime, *, but: int) -> None:
    """RC-20: a second person is asked."""
    others = [i for i in reference.staff().with_role(Role.OFFICE) if i not in {but, request.person_id}]
    inbox.tell(
        others, "person_request:asked", request, now=now, address=WATCH.address(request), clause="RC-20"
    )
