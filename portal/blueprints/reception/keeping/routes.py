"""The addresses of deposits, keys and goods passes, their tabs, and a visit's page of them."""

from __future__ import annotations

from flask import render_template, url_for

from portal.blueprints.reception import reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.keeping import deposits, goods, keys, page, stock
from portal.blueprints.reception.parts import PARTS
from portal.guards import me, needs
from portal.i18n import _l
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(
    Part(
        _l("Deposits"),
        "reception.deposits",
        May.RECEIVE,
        order=30,
        of=lambda number: url_for("reception.visit_keeping", visit_number=number),
    )
)
PARTS.append(Part(_l("Keys"), "reception.keys", May.RECEIVE, order=31))
PARTS.append(Part(_l("Goods passes"), "reception.goods", May.SEE_VISITS, order=45))


@bp.get("/visits/<visit:visit_number>/keeping")
@needs(May.RECEIVE)
def visit_keeping(visit_number: str) -> str:
    """What is held for a visit and lent to it; one form for each, one touch to give back (RC-26, RC-27)."""
    return render_template(deposits.VISIT, **page.of_visit(reach.find(me(), visit_number)))


__all__ = ["deposits", "goods", "keys", "stock"]
