"""The handling notice as a PDF: asked for by the page, made by the worker (CP-10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template

from portal.blueprints.complaints import page
from portal.blueprints.complaints.models import Case
from portal.i18n import choose, speaking
from portal.kernel import jobs
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.kernel.people import Viewer

KIND = "notice"
TEMPLATE = "complaints/notice.html"
LOOK = (
    f"templates/{TEMPLATE}",
    "templates/layouts/print.html",
    "templates/shared/print.html",
    "static/css/sheet.css",
)


def key(case: Case, viewer: Viewer) -> str:
    """The name of the print that shows the case as it is now, in the language of the page.

    The generation of the reference data is part of it, because a notice names people and departments.
    """
    company = current_app.config["SETTINGS"].company
    look = prints.look(Path(current_app.root_path), *LOOK)
    return prints.key_of(case.number, case.version, choose(), viewer.generation, company, look)


def draw(given: dict[str, Any]) -> str:
    """The job: draw the notice of a case as it stands; the file's name."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    # A context of its own: the request it plays must not lend its moment to the worker's later work.
    with app.app_context(), app.test_request_context(), speaking(given["locale"]):
        case = db.session.scalars(sa.select(Case).where(Case.number == given["number"])).one()
        return prints.make(given["print"], render_template(TEMPLATE, **page.notice(case)))


jobs.WORK[KIND] = draw
