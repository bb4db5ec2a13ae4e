"""What deposits, keys and goods passes plug in: addresses, words, tables of states, who reads of them in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception import traces
from portal.blueprints.reception.keeping import actions, labels, queries, routes
from portal.blueprints.reception.keeping.codes import PassState
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, KeyLoan
from portal.blueprints.reception.keeping.workflow import DEPOSIT, GOODS_PASS, KEY_LOAN
from portal.blueprints.reception.traces import Keeper
from portal.i18n import _l
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
traces.KEEPERS += (
    Keeper(
        key="deposits",
        model=Deposit,
        visit=Deposit.visit_id,
        caption=_l("Deposit"),
        number=Deposit.number,
        at=Deposit.taken_at,
        name=Deposit.name,
        within=True,  # with the company, as it was said
        there=Deposit.name != "",
        over=sa.or_(Deposit.returned_at.is_not(None), Deposit.lost_at.is_not(None)),
        forget=actions.forget,
        tell=lambda row, _person: {"tag": row.tag.number, **traces.told(row)},
        lines="deposit:",
        page="/reception/deposits/{number}",
        by_term=True,
    ),
    Keeper(
        key="key_loans",
        model=KeyLoan,
        visit=KeyLoan.visit_id,
        caption=_l("Key loan"),
        number=KeyLoan.number,
        at=KeyLoan.lent_at,
        name=KeyLoan.name,
        there=sa.and_(KeyLoan.borrower_id.is_(None), KeyLoan.name != ""),  # a colleague is no visitor
        over=sa.or_(KeyLoan.returned_at.is_not(None), KeyLoan.lost_at.is_not(None)),
        forget=actions.forget,
        tell=lambda row, _person: {"key": row.key.number, **traces.told(row)},
        lines="key_loan:",
        page="/reception/keys/{number}",
    ),
    Keeper(
        key="goods_passes",
        model=GoodsPass,
        visit=GoodsPass.visit_id,
        caption=_l("Goods pass"),
        number=GoodsPass.number,
        at=GoodsPass.asked_at,
        name=GoodsPass.carrier,
        within=True,
        there=GoodsPass.carrier != "",
        over=GoodsPass.state.in_((PassState.DECLINED, PassState.PASSED)),
        forget=actions.forget_carrier,
        lines="goods_pass:",
        page="/reception/goods/{number}",
        by_term=True,
    ),
)

__all__ = ["FLOWS", "labels", "routes"]
