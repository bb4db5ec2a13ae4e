"""What the handbook shows of cases with each clause: limits kept and what customers said, from the counters (CP-21)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.complaints.codes import Outcome
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.behind import Behind
from portal.blueprints.complaints.figures.reach import N, Reach, counted, reach
from portal.blueprints.complaints.figures.rules import Facet, Judged, Kept
from portal.blueprints.complaints.labels import CLOCKS
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.watch import CLOCKS as LIMITS
from portal.i18n import _l
from portal.kernel import clause_figures, timers
from portal.kernel.clause_figures import Figure, Group, Span
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

# Code -> facet, the code that counts as good, the one that does not.
SAID = {
    "satisfied": (Facet.VERDICT, str(Outcome.SATISFIED), str(Outcome.DISSATISFIED)),
    "upheld": (Facet.JUDGED, str(Judged.UPHELD), str(Judged.NOT_UPHELD)),
}
WORDS = {"satisfied": _l("Customers who were satisfied"), "upheld": _l("Complaints that were upheld")}
CLAUSES = {"satisfied": "CP-18", "upheld": "CP-34"}
KINDS = {kind: clause for kind, (_basis, clause) in LIMITS.items() if kind not in timers.WARN_ONLY}
KINDS["promise"] = "CP-15"


def _codes(code: str) -> tuple[Facet, str, str]:
    met, late = (rules.clock_code(code, how) for how in (Kept.MET, Kept.LATE))
    return SAID.get(code, (Facet.CLOCK, met, late))


def _company(viewer: Viewer) -> Reach:
    """CP-04, CP-09: the company's figures; tip-offs are the general office's, and nobody counts what is about them."""
    return Reach(viewer, None, confidential=viewer.role is Role.OFFICE)


def count(
    viewer: Viewer, codes: Collection[str], spans: Sequence[Span]
) -> Mapping[tuple[str, str], clause_figures.Kept]:
    """Cases registered in the spans, which are whole months; one statement over the monthly counters."""
    wanted = [
        sa.and_(N.facet == str(facet), N.code.in_([good, bad])) for facet, good, bad in map(_codes, codes)
    ]
    rows = sa.select(N.since, N.facet, N.code, sa.func.sum(N.n)).where(
        N.grain == "m",
        N.since.between(min(s.since for s in spans), max(s.until for s in spans)),
        sa.or_(sa.false(), *wanted),
        *counted(_company(viewer), "", ""),
    )
    found = db.session.execute(rows.group_by(N.since, N.facet, N.code)).all()
    told = {}
    for code in codes:
        facet, good, bad = _codes(code)
        for span in spans:
            ours = [
                (is_, n) for month, of, is_, n in found if span.since <= month <= span.until and of == facet
            ]
            well, ill = (sum(n for is_, n in ours if is_ == wanted) for wanted in (good, bad))
            told[code, span.code] = clause_figures.Kept(well, well + ill)
    return told


def behind(viewer: Viewer, code: str, span: Span, late: bool) -> str:  # one of a port's calls
    """The list of those cases, for those who have figures (CP-21); a lead's is of the own departments."""
    if (mine := reach(viewer)) is None:
        return ""
    facet, good, bad = _codes(code)
    asked = Behind(mine, since=span.since, until=span.until, facet=facet, code=bad if late else good)
    return f"{url_for('complaints.figure_cases')}?{asked.address()}"


GROUP = Group(
    tuple(Figure(clause, kind, CLOCKS[kind]) for kind, clause in KINDS.items())
    + tuple(Figure(clause, code, WORDS[code]) for code, clause in CLAUSES.items()),
    count,
    behind,
)


def may_count(viewer: Viewer, case_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The condition under which a case may stand in a number that the viewer reads (CP-04, CP-09)."""
    return sa.exists().where(Case.id == case_id, *_company(viewer).of_cases())
