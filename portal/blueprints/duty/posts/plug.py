"""What posts plug in: addresses and words; their history is the office's own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.posts import crews, labels, routes
from portal.kernel import audit
from portal.kernel import crews as all_crews

FLOWS: tuple[Any, ...] = ()
all_crews.PROVIDERS.append(crews.of_posts)
for _kind in ("post", "shift_kind", "work_limits", "duty_day"):
    audit.REACH[_kind] = lambda viewer, its_id: sa.true()

__all__ = ["FLOWS", "labels", "routes"]
