"""What the desk does: record, confirm, route, mend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.actions.common import dealing, tell_major
from portal.blueprints.complaints.codes import (
    Channel,
    DealingKind,
    ReadBack,
    State,
)
from portal.blueprints.complaints.models import Case, CaseDepartment
from portal.kernel import files as store
from portal.kernel import history, links, numbers, pinyin, reference, routing, search, timers
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Role
from portal.kernel.transitions import Effect


class Doubled(Exception):
    """A form that was sent before: `case` is what it made; `same` tells whether it said the same."""

    def __init__(self, case: Case, same: bool) -> None:
        self.case, self.same = case, same
        super().__init__(case.number)


def register(
    *,
    by: Viewer,
    now: datetime,
    idempotency_key: str | None = None,
    files: Sequence[store.Checked] = (),
    visit: str = "",
    live: bool = True,
    **fields: Any,
) -> Case:
    """Record a case (CP-01, CP-03, CP-04). Inside a write.

    `visit` is the number of a visit that it comes from (RC-21). The other areas hear of it (RC-30) unless it is not
    `live`, a record of what is past.

    `fields` are the form's: kind, channel, category, urgency, major, confidential, content, demand, customer_*,
    read_back, read_back_reason, person_concerned_id, occurred_at. Raises Doubled for a key used before.
    """
    digest = fields_digest(fields | {"files": [checked.sha256 for checked in files]})
    # First, because it is where two forms of one key queue: the later one then sees the earlier one's case.
    number = numbers.take("TS", now)
    if idempotency_key:
        sent = db.session.connection().scalar(_SENT, {"by": by.id, "key": idempotency_key})
        if sent is not None:
            first = db.session.get_one(Case, sent)
            raise Doubled(first, first.fields_digest == digest)
    concerned: int | None = fields.get("person_concerned_id")
    case = Case(
        **fields,
        number=number,
        registered_at=now,
        registered_by_id=by.id,
        first_responder_id=_first_responder(by, concerned, confidential=bool(fields.get("confidential"))),
        state=State.REGISTERED,
        state_since=now,
        idempotency_key=idempotency_key,
        fields_digest=digest,
    )
    if case.read_back is not None:
        case.read_back_at, case.read_back_by_id = now, by.id
    case.customer_pinyin = pinyin.readings(case.customer_name)
    case.visits = int(case.channel is Channel.ONSITE)
    clocks = watch.WATCH.begin(case, now)
    db.session.add(case)
    db.session.flush()
    search.put("case", case.id, old=None, new=queries.searchable(case))
    words = {
        name: getattr(case, name)
        for name in ("content", "demand", "customer_name", "customer_phone", "customer_address")
    }
    codes = {name: getattr(case, name) for name in ("kind", "channel", "category", "urgency", "read_back")}
    history.record(
        case,
        "case:register",
        by=by.id,
        now=now,
        clause="CP-01",
        **codes,
        major=case.major or None,
        confidential=case.confidential or None,
        number=case.number,
        first_responder=case.first_responder_id,
        passed_on=True if case.first_responder_id != by.id else None,
        words=words,
    )
    if files:
        attach(case, by=by, now=now, files=files)
    if case.major:
        tell_major(case, now)
    watch.WATCH.begun(case, clocks, now)
    if live:
        _announce(case, visit, by, now)
    return case


def _announce(case: Case, visit: str, by: Viewer, now: datetime) -> None:
    """Tell the other areas; a visit that one of them names is kept in the case's own history, hidden with it (CP-09)."""
    answers = links.announce(
        "case:registered",
        case=case,
        channel=str(case.channel),
        department=proposed_department(case),
        visit=visit,
        by=by,
        now=now,
    )
    for number in answers:
        history.record(case, "case:visit_linked", by=by.id, now=now, clause="RC-30", visit=number)


# Made once: others wait to write while it is asked.
_SENT = sa.select(Case.id).where(
    Case.registered_by_id == sa.bindparam("by"), Case.idempotency_key == sa.bindparam("key")
)


def _first_responder(by: Viewer, concerned: int | None, *, confidential: bool) -> int:
    """CP-03: who takes the case answers for it.

    A complaint about oneself passes to another at the desk, else to the general office (CP-09); a confidential tip-off
    to the general office, which alone may see it (CP-04).
    """
    if concerned == by.id:
        return _instead_of(by.id, confidential=confidential)
    if confidential and by.role is not Role.OFFICE:
        return ([i for i in reference.staff().with_role(Role.OFFICE) if i != concerned] or [by.id])[0]
    return by.id


def _instead_of(person: int, *, confidential: bool) -> int:
    """CP-09: who answers for a case in place of whom it is about: another at the desk, else the general office."""
    staff = reference.staff()
    desk = [] if confidential else [i for i in staff.with_role(Role.DESK) if i != person]
    office = [i for i in staff.with_role(Role.OFFICE) if i != person]
    return (desk or office or [person])[0]


def concern(
    case: Case, *, by: Viewer, now: datetime, person_concerned: Card, note: str = "", **_: Any
) -> Effect:
    """CP-09: it came out whom the complaint is about: from now on others see, answer for and handle it."""
    person = case.person_concerned_id = person_concerned.id
    if case.first_responder_id == person:
        case.first_responder_id = _instead_of(person, confidential=case.confidential)
    gave_up = case.handler_id == person
    if gave_up:  # the lead names another one
        case.handler_id = None
    if case.reporter_id == person:
        case.reporter_id = None
    watch.tell(case, ["lead", "first_responder"], "case:concern", now, but=by.id, clause="CP-09")
    links.announce("case:concerned", case=case, now=now)
    details = {"person": person, "first_responder": case.first_responder_id, "passed_on": gave_up or None}
    return Effect(details, {"note": note})


def proposed_department(case: Case) -> str:
    """CP-05: the department of the person complained about, else the category's."""
    if case.person_concerned_id is not None:
        return reference.staff().cards[case.person_concerned_id].department
    return routing.proposed(case.category)


def read_back(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    read_back: ReadBack,
    reason: str = "",
    files: Sequence[store.Checked] = (),
    **_: Any,
) -> Effect:
    """CP-04: the record was confirmed by the customer, or why not; the original may come with it."""
    case.read_back, case.read_back_at, case.read_back_by_id, case.read_back_reason = (
        read_back,
        now,
        by.id,
        reason,
    )
    added = attach(case, by=by, now=now, files=files) if files else Effect()
    return Effect({"read_back": read_back} | added.details, {"reason": reason} | added.words)


def route(
    case: Case, *, by: Viewer, now: datetime, department: str, proposed: str, reason: str = "", **_: Any
) -> Effect:
    """CP-05, CP-10: the case and its numbered notice go to a department."""
    if case.state is State.NOT_UPHELD:
        timers.reopen(case, ["solution", "whole_case"], now)
    case.department, case.routed_at = department, now
    if not case.notice_number:
        unnumbered = queries.searchable(case)
        case.notice_number = numbers.take("GZ", now)
        search.put("case", case.id, old=unnumbered, new=queries.searchable(case))
    if db.session.get(CaseDepartment, (case.id, department)) is None:
        db.session.add(CaseDepartment(case_id=case.id, department=department))
    if case.major:
        tell_major(case, now)
    watch.tell(case, ["lead"], "case:routed", now, clause="CP-10")
    overruled = department != proposed
    return Effect(
        {"department": department, "proposed": proposed if overruled else None, "notice": case.notice_number},
        {"reason": reason},
    )


def hand_back(case: Case, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """CP-05: the department shows why it is not theirs; the desk routes anew."""
    was, case.department = case.department, None
    timers.end(case, now, ["first_contact"])
    watch.tell(case, ["first_responder"], "case:handed_back", now, clause="CP-05")
    return Effect({"department": was}, {"reason": reason})


EDITABLE = (
    "kind",
    "category",
    "content",
    "demand",
    "customer_name",
    "customer_phone",
    "customer_address",
    "customer_type",
)


def edit(case: Case, *, by: Viewer, now: datetime, **fields: Any) -> Effect:
    """Mend the record (CP-04); what it said before stays in the history. Another kind brings its limits (CP-02)."""
    old = queries.searchable(case)
    changed = {
        name: getattr(case, name)
        for name in EDITABLE
        if name in fields and fields[name] != getattr(case, name)
    }
    for name in changed:
        setattr(case, name, fields[name])
    if "kind" in changed:
        watch.WATCH.kind_changed(case, now)
    case.customer_pinyin = pinyin.readings(case.customer_name)
    db.session.flush()
    search.put("case", case.id, old=old, new=queries.searchable(case))
    return Effect(
        {"fields": sorted(changed)}, {f"was {name}": str(value or "") for name, value in changed.items()}
    )


def attach(case: Case, *, by: Viewer, now: datetime, files: Sequence[store.Checked], **_: Any) -> Effect:
    """CP-01: the original letter, a picture, a recording."""
    there = {row.sha256 for row in store.of(case)}  # a form sent twice adds nothing
    kept = [store.add(case, checked, by.id, now) for checked in files if checked.sha256 not in there]
    return Effect({"files": [row.id for row in kept]}, {"names": ", ".join(row.name for row in kept)})


def note(case: Case, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """A remark for colleagues; it moves no clock."""
    dealing(case, DealingKind.NOTE, by, now, note=note)
    return Effect({}, {"note": note})
