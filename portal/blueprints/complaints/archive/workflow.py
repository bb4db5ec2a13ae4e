"""What may be done to a case in the archive: a table; nothing of it leads out of the archive (CP-20)."""

from __future__ import annotations

from portal.blueprints.complaints.archive import rules
from portal.blueprints.complaints.codes import State
from portal.kernel.workflow import Step, Workflow

ARCHIVED, OFFICE = frozenset({State.ARCHIVED}), frozenset({"office"})

STEPS = (
    Step("keep", ARCHIVED, None, OFFICE, "CP-20", (rules.not_shortened,), (rules.not_disposed,)),
    Step(
        "correct",
        ARCHIVED,
        None,
        OFFICE,
        "GO-01",
        (rules.another_signs, rules.fits_what_waits, rules.something_to_correct),
        (rules.not_disposed,),
        also=("CP-20",),
    ),
)

ARCHIVE = Workflow("archive", STEPS, rules.standing)
