"""What the kernel asks about checks on duty, and the week's proposals to the heads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.spot_checks import queries, rules
from portal.blueprints.duty.spot_checks.codes import State
from portal.blueprints.duty.spot_checks.models import DutyCheck, WeekProposal
from portal.kernel import clock, inbox, lists, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.rights import Role
from portal.kernel.timers import Pauses, Told


class DutyCheckWatch:
    """The part's answers to the timers; no limit runs."""

    def load(self, subject_id: int) -> DutyCheck:
        """The check, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: DutyCheck) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/duty/spot-checks/{subject.number}"

    def start(self, subject: DutyCheck, kind: str, now: datetime) -> None:
        """Nothing runs."""

    def pauses(self, subject: DutyCheck) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: DutyCheck, audience: str) -> Told:
        """The heads of the post; an empty seat passes it up."""
        staff = reference.staff()
        return Told(*staff.climb([staff.leads_of(subject.department), staff.with_role(Role.OFFICE)]))

    def clocks_moved(self, subject: DutyCheck, now: datetime) -> None:
        """An open finding waits for the head; whoever was met may answer."""
        wanted = []
        if subject.state is State.OPEN:
            wanted.append(todos.Wanted("duty-check-settle", f"lead:{subject.department}"))
        open_ones = sorted(subject.people - subject.answered) if subject.state is State.OPEN else []
        wanted += [todos.Wanted("duty-check-answer", f"person:{person}") for person in open_ones]
        todos.replace(subject, wanted, now=now, title=subject.post.name, address=self.address(subject))


WATCH = DutyCheckWatch()
timers.WATCHED["duty_check"] = WATCH


def tell_met(check: DutyCheck, now: datetime) -> None:
    """DR-05: who was met hears what was written, and may answer once."""
    inbox.tell(
        sorted(check.people), "duty_check:found", check, now=now, address=WATCH.address(check), clause="DR-05"
    )


def propose_week(now: datetime) -> Iterator[str]:
    """DR-05: once a week each head of a department with a post is told, alone, where and when to look."""
    week = rules.week_of(clock.local(now).date())
    staff = reference.staff()
    departments = {post.department for post in posts.ground().posts.values() if post.active}
    leads = {person: staff.led_by(person) for code in departments for person in staff.leads_of(code)[:1]}
    if not leads or not (lacking := leads.keys() - queries.proposed_in(week)):
        return
    shifts = queries.rest_of_week(now)
    ground = posts.ground().posts
    for person in sorted(lacking):
        ours = [seats for seats in shifts if ground[seats.post_id].department in leads[person]]
        found = rules.propose(week, person, ours)
        if found is None:
            continue
        with db.write():
            fresh = person not in queries.proposed_in(week)
            if fresh:
                put_up(WeekProposal(week=week, person_id=person, post_id=found.post_id, at=found.at), now)
        if fresh:
            yield f"{week}\tduty check\tproposed (DR-05)"


def put_up(row: WeekProposal, now: datetime) -> None:
    """The proposal and its line on the head's own day; gone when that post was looked at. Inside a write."""
    if row.id is None:
        db.session.add(row)
        db.session.flush()
    today = clock.local(row.at).date()
    sunday = lists.begins(today, days_later=8 - today.isoweekday())
    wanted = [] if row.done_id else [todos.Wanted("duty-check", f"person:{row.person_id}", sunday)]
    address = "/duty/spot-checks/new"
    todos.replace(row, wanted, now=now, title=posts.ground().posts[row.post_id].name, address=address)


timers.BY_CALENDAR.append(propose_week)
