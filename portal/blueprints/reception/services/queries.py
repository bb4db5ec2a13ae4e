"""Which meals and lodgings a page shows; every look-up starts at who may know of the visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.blueprints.reception.services.models import Service
from portal.blueprints.reception.services.rules import Around
from portal.blueprints.reception.watch import title
from portal.kernel import clock, lists
from portal.kernel.db import db
from portal.kernel.lists import PAGE, Listing
from portal.kernel.people import Viewer

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


def around(visit: Visit) -> Around:
    """What the rules and the messages of a service know of its visit."""
    return Around(visit.department, visit.host_id, title(visit))


def of_visit(visit: Visit) -> list[Service]:
    """The meals and lodgings of a visit, in the order they were asked for."""
    rows = db.session.scalars(sa.select(Service).where(Service.visit_id == visit.id).order_by(Service.id))
    found = list(rows)
    for service in found:
        service.around = around(visit)
    return found


def find(viewer: Viewer, service_id: int, *, lock: bool = False) -> Service:
    """The service of that id, if the viewer may know of it; NotFound otherwise. `lock` in a write."""
    wanted = (
        sa.select(Service, Visit)
        .join(Visit, Visit.id == Service.visit_id)
        .where(Service.id == service_id, visible_to(viewer))
    )
    if lock:
        wanted = wanted.with_for_update(of=Service)
    if (service := _with_around(wanted)) is None:
        raise NotFound
    return service


def load(service_id: int) -> Service | None:
    """A service, locked for this write, with what a rule must know of its visit."""
    wanted = sa.select(Service, Visit).join(Visit, Visit.id == Service.visit_id)
    return _with_around(wanted.where(Service.id == service_id).with_for_update(of=Service))


def _with_around(wanted: sa.Select[Service, Visit]) -> Service | None:
    """The one service of the statement, with what the rules must know of its visit."""
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    service, visit = row
    service.around = around(visit)
    return service


@dataclass(frozen=True)
class ServiceList(Listing):
    """The filters of the list of meals and lodging, made into one statement."""

    month: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str], now: datetime) -> ServiceList:
        """The list an address asks for, this month's unless it names one; what cannot be read is left out."""
        month = args.get("month", "")
        return cls(
            viewer,
            month=month if MONTH.fullmatch(month) else f"{clock.local(now):%Y-%m}",
            kind=lists.code(args.get("kind"), tuple(ServiceKind)),
            state=lists.code(args.get("state"), tuple(State)),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    @property
    def neighbours(self) -> tuple[str, str]:
        """The month before and the month after."""
        year, month = int(self.month[:4]), int(self.month[5:])
        before = f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}"
        return before, f"{year + month // 12:04}-{month % 12 + 1:02}"

    def _conditions(self) -> Iterable[sa.ColumnElement[bool]]:
        yield visible_to(self.viewer)
        first, behind = (date.fromisoformat(f"{month}-01") for month in (self.month, self.neighbours[1]))
        yield Service.wanted_on >= first
        yield Service.wanted_on < behind
        if self.kind:
            yield Service.kind == ServiceKind(self.kind)
        if self.state:
            yield Service.state == State(self.state)

    def rows(self, most: int = PAGE + 1) -> list[Any]:
        """The services of this page with whom they are for, one more than fit."""
        wanted = (
            sa.select(
                *Service.__table__.c, Visit.visitor_name, Visit.company, Visit.department, Visit.host_id
            )
            .join(Visit, Visit.id == Service.visit_id)
            .where(*self._conditions())
        )
        return list(db.session.execute(self.placed(wanted, Service.__table__.c.id).limit(most)).all())

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """Rows, and the query strings of the newer and the older page."""
        return self.paged(self.rows())

    def totals(self) -> Sequence[Any]:
        """By kind: how many, for how many persons, what they cost; without those that came to nothing."""
        counted = (
            sa.func.count().label("times"),
            sa.func.sum(Service.persons).label("persons"),
            sa.func.coalesce(sa.func.sum(Service.cost), 0).label("cost"),
        )
        wanted = (
            sa.select(Service.kind, *counted)
            .join(Visit, Visit.id == Service.visit_id)
            .where(*self._conditions(), Service.state.not_in((State.REFUSED, State.CANCELLED)))
        )
        return db.session.execute(wanted.group_by(Service.kind).order_by(Service.kind)).all()
