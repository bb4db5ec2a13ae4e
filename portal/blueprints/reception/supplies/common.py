"""What the pages of the stock and of purchase requests share: who may look, and what a form sent twice is told."""

from __future__ import annotations

from portal.blueprints.reception.supplies import queries, rules
from portal.guards import me
from portal.i18n import _l
from portal.kernel.people import Viewer
from portal.kernel.workflow import Forbidden

RESENT = _l("This form was sent before with other words. Send it again if both are to stand.")


def looking() -> Viewer:
    """Whoever may look at the stock; 403 for anybody else."""
    viewer = me()
    if not queries.looks(viewer):
        raise Forbidden("look", rules.CLAUSE)
    return viewer
