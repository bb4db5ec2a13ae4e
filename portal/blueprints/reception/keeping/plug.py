"""What deposits, keys and goods passes plug in: addresses, words, tables of states, who reads of them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.keeping import labels, queries, routes
from portal.blueprints.reception.keeping.models import GoodsPass, KeyLoan
from portal.blueprints.reception.keeping.workflow import DEPOSIT, GOODS_PASS, KEY_LOAN
from portal.kernel import audit
from portal.kernel.rights import May

FLOWS = (DEPOSIT, KEY_LOAN, GOODS_PASS)
audit.REACH["key_loan"] = lambda viewer, its_id: sa.exists().where(
    KeyLoan.id == its_id, queries.loans_visible_to(viewer)
)
audit.REACH["goods_pass"] = lambda viewer, its_id: sa.exists().where(
    GoodsPass.id == its_id, queries.goods_visible_to(viewer)
)
for kind in ("deposit", "tag", "key"):
    audit.REACH[kind] = lambda viewer, its_id: sa.true() if viewer.may(May.RECEIVE) else sa.false()

__all__ = ["FLOWS", "labels", "routes"]
