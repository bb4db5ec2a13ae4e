"""/phrases/customers/: the five kinds of upset customer, a card each (PG-07)."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.phrases import asides
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.customers import queries, rules
from portal.blueprints.phrases.parts import PARTS
from portal.guards import me, needs
from portal.i18n import _l
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(Part(_l("Customer types"), "phrases.customer_types", May.USE_PORTAL, 50))


@bp.get("/customers/")
@needs(May.USE_PORTAL)
def customer_types() -> str:
    """How to tell each, why they are so, how to answer, what to do and to leave (PG-07)."""
    cards = [(found, asides.of_type(found, me(), rules.PARTS)) for found in queries.types()]
    return render_template("phrases/customers/index.html", cards=cards)
