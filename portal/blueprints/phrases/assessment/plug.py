"""What assessments plug in: addresses, words, their tables of states, what stands against their figures."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from portal.blueprints.phrases.assessment import labels, queries, routes, rules
from portal.blueprints.phrases.assessment.models import Period, Sheet
from portal.blueprints.phrases.assessment.workflow import PERIOD, SHEET
from portal.kernel import audit, clock, policies
from portal.kernel.workflow import Reason

FLOWS = (PERIOD, SHEET)


def _against(key: str, value: str) -> Reason | None:
    """GO-03: the least score of a better grade is the higher one."""
    of_key = {figure: band for band, figure in queries.BANDS.items()}
    if key not in of_key:
        return None
    bands = queries.bands(clock.now()) | {of_key[key]: int(Decimal(value))}
    return None if rules.descends([bands[band] for band in queries.BANDS]) else Reason("GO-03", "bands_cross")


policies.OBJECTIONS.append(_against)
audit.REACH["assessment_period"] = lambda viewer, its_id: sa.exists().where(
    Period.id == its_id, queries.period_visible_to(viewer)
)
# Nobody reads in the audit what was said of them before it is published.
audit.REACH["assessment_sheet"] = lambda viewer, its_id: sa.exists().where(
    Sheet.id == its_id,
    queries.visible_to(viewer),
    Period.id == Sheet.period_id,
    sa.or_(Sheet.person_id != viewer.id, Period.state.in_(rules.AFTER)),
)

__all__ = ["FLOWS", "labels", "routes"]
