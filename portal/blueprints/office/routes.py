"""/office/: what there is to look after."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.office import queries
from portal.blueprints.office.area import bp
from portal.guards import needs
from portal.kernel import clock
from portal.kernel.rights import May


@bp.get("/")
@needs(May.MANAGE_OFFICE)
def index() -> str:
    """The overview: warnings, figures, where to go."""
    return render_template(
        "office/index.html",
        system=queries.system_warnings(),
        warnings=queries.warnings(clock.now()),
        figures=queries.figures(),
    )
