"""What waits for whom around a handover, and whom its limits tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.blueprints.duty.handover import queries
from portal.blueprints.duty.handover.codes import State
from portal.blueprints.duty.handover.models import Handover
from portal.kernel import inbox, policies, reference, timers, todos
from portal.kernel.rights import Role
from portal.kernel.timers import Basis, Pauses, Told


class HandoverWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Handover:
        """The handover, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: Handover) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/handover/{subject.id}"

    def start(self, subject: Handover, kind: str, now: datetime) -> None:
        """DR-08: the incoming shift is there some minutes before; DR-10: both have signed when the shift ends.

        Both run at night and on holidays, too.
        """
        before = policies.number("handover.relief_before", now) if kind == "relief" else 0
        clause = "DR-08" if kind == "relief" else "DR-10"
        ends = subject.changes_at - timedelta(minutes=before)
        timers.start(subject, kind, now=now, clause=clause, basis=Basis.CASE, ends_at=ends, urgent=True)

    def pauses(self, subject: Handover) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Handover, audience: str) -> Told:
        """The two shifts; the lead of the post's department; the general office. An empty seat passes it up."""
        staff = reference.staff()
        outgoing, incoming = subject.parties
        parties = sorted(person for person in outgoing | incoming if staff.active(person))
        leads, office = staff.leads_of(subject.post.department), staff.with_role(Role.OFFICE)
        rungs = {"handler": [parties, leads, office], "lead": [leads, office]}
        return Told(*staff.climb(rungs.get(audience, [office])))

    def clocks_moved(self, subject: Handover, now: datetime) -> None:
        """Put up what the state waits for."""
        outgoing, incoming = (sorted(people) for people in subject.parties)
        due = subject.changes_at
        wanted = {
            State.OPEN: [todos.Wanted("handover-count", f"person:{i}", due) for i in incoming],
            State.COUNTED: [
                todos.Wanted("handover-sign", f"person:{i}", due) for i in sorted({*outgoing, *incoming})
            ],
            State.REFUSED: [
                *(todos.Wanted("handover-mend", f"person:{i}", due) for i in outgoing),
                todos.Wanted("handover-refused", f"lead:{subject.post.department}", due),
            ],
            State.SIGNED: [],
        }[subject.state]
        address = self.address(subject)
        todos.replace(subject, wanted, now=now, title=subject.post.name, address=address, urgent=True)


WATCH = HandoverWatch()
timers.WATCHED["handover"] = WATCH


def tell(handover: Handover, kind: str, audience: str, now: datetime, *, but: int | None = None) -> None:
    """Put a message about the handover into the inboxes of an audience."""
    told = WATCH.told(handover, audience)
    inbox.tell(
        [person for person in told.people if person != but], kind, handover, now=now, address=WATCH.address(handover),
        urgent=True, climbed=told.climbed,
    )  # fmt: skip
