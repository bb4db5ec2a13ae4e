"""/office/audit/: what happened, newest first."""

from __future__ import annotations

from flask import render_template, request, url_for

from portal.blueprints.office import labels
from portal.blueprints.office.area import bp
from portal.blueprints.office.audit.queries import AuditList
from portal.guards import me, needs
from portal.kernel import audit as readable
from portal.kernel.rights import May


@bp.get("/audit/")
@needs(May.READ_AUDIT)
def audit() -> str:
    """The history, by person, kind of subject, subject and event."""
    asked = AuditList.asked_for(me(), request.args)
    page = asked.page()
    kinds = [(kind, str(labels.KINDS.get(kind, kind))) for kind in readable.kinds()]
    return render_template(
        "office/audit/index.html",
        lines=page.lines,
        older=f"{url_for('.audit')}?{page.older}" if page.older else None,
        back_to=page.back_to,
        asked=asked,
        kinds=kinds,
    )
