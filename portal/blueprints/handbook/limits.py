"""The limits behind a figure of a clause: when each began, ran out and was met, and whose it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.kernel import audit, clause_figures, lists, timers
from portal.kernel.clause_figures import Span
from portal.kernel.db import Model, db
from portal.kernel.people import Viewer
from portal.kernel.timers import Clock

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One limit, and the thing it ran on: its number and address, empty where the viewer may not know of it."""

    clock: Clock
    number: str
    address: str
    late: bool


@dataclass(frozen=True)
class LimitList:
    """Which limits an address asks for: of a kind, begun from one day until another, all that ended or the late ones."""

    viewer: Viewer
    kind: str
    since: date
    until: date
    late: bool = False
    before: int | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str], kinds: tuple[str, ...], usual: Span) -> Any:
        """What the address says; this month where it says no days, the first kind where it says none."""
        return cls(
            viewer,
            lists.code(args.get("kind"), kinds) or kinds[0],
            lists.day(args.get("since")) or usual.since,
            lists.day(args.get("until")) or usual.until,
            late=args.get("late") == "1",
            before=lists.number(args.get("before")),
        )

    def address(self, before: int) -> str:
        """The query string of the page after this one."""
        named = {"kind": self.kind, "since": self.since, "until": self.until, "before": before}
        return urlencode(named | ({"late": 1} if self.late else {}))

    def page(self) -> tuple[list[Row], str]:
        """The rows from where the address says, newest first, and the address of the older ones."""
        span, late = Span("", self.since, self.until), sa.func.coalesce(clause_figures.is_late(), sa.false())
        ended = sa.or_(Clock.met_at.is_not(None), late)
        rows = sa.select(Clock, late).where(
            Clock.kind == self.kind,
            Clock.started_at >= span.begins,
            Clock.started_at < span.ends,
            late if self.late else sa.and_(ended, sa.not_(late)),
        )
        if self.before is not None:
            rows = rows.where(Clock.id < self.before)
        found = db.session.execute(rows.order_by(Clock.id.desc()).limit(PAGE + 1)).all()
        shown = [(clock, bool(was_late)) for clock, was_late in found[:PAGE]]
        known = self._subjects([clock for clock, _ in shown])
        drawn = [
            Row(clock, *known.get((clock.subject_kind, clock.subject_id), ("", "")), was_late)
            for clock, was_late in shown
        ]
        return drawn, self.address(shown[-1][0].id) if len(found) > PAGE else ""

    def _subjects(self, clocks: list[Clock]) -> dict[tuple[str, int], tuple[str, str]]:
        """Number and address of what the limits ran on, as far as the viewer may know; a statement a kind of thing."""
        ids = defaultdict(set)
        for each in clocks:
            ids[each.subject_kind].add(each.subject_id)
        found = {}
        for kind, these in ids.items():
            model, reach = _model(kind), audit.REACH.get(kind)
            if model is None or reach is None:
                continue
            rows = sa.select(model).where(model.id.in_(these), reach(self.viewer, model.id))
            for subject in db.session.scalars(rows).unique():
                found[kind, subject.id] = (subject.number, timers.WATCHED[kind].address(subject))
        return found


def _model(kind: str) -> Any:
    mapped = (mapper.class_ for mapper in Model.registry.mappers)
    return next((model for model in mapped if getattr(model, "history_kind", "") == kind), None)
