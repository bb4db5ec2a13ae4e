"""Printed forms as PDF: asked for by their pages, made by the worker. The case's own is the handling notice (CP-10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import worker
from portal.blueprints.complaints import page
from portal.blueprints.complaints.models import Case
from portal.guards import me
from portal.hx import wants_fragment
from portal.i18n import _, choose, speaking
from portal.kernel import clock, jobs
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.kernel.people import Viewer

KIND = "notice"
TEMPLATE = "complaints/notice.html"
FRAME = ("templates/layouts/print.html", "templates/shared/print.html", "static/css/sheet.css")


@dataclass(frozen=True)
class Paper:
    """One printed form of one thing, as it stands now."""

    kind: str  # of the job that draws it
    key: str
    number: str  # of the thing
    title: str
    file: str
    back: str  # the form as a page
    url: str  # the form as a PDF: POST asks for it, GET fetches it
    given: dict[str, Any]  # what the job must know besides the print's name and the language


def key_of(template: str, number: str, viewer: Viewer, *state: object) -> str:
    """The name of the print that shows a thing in this state, in the language of the page.

    The generation of the reference data is part of it, because forms name people and departments.
    """
    company = current_app.config["SETTINGS"].company
    look = prints.look(Path(current_app.root_path), f"templates/{template}", *FRAME)
    return prints.key_of(number, *state, choose(), viewer.generation, company, look)


def make(paper: Paper) -> Response:
    """Have the worker make the PDF, unless it lies there already."""
    if not prints.available():
        abort(404)
    if not prints.path_of(paper.key).exists():
        with db.write():
            given = {**paper.given, "locale": choose(), "print": paper.key}
            jobs.ask(paper.kind, paper.key, by=me().id, now=clock.now(), again=True, **given)
            db.afterwards(worker.wake)
    return redirect(paper.url, 303)


def fetch(paper: Paper) -> Response:
    """The PDF; a page that waits for it while it is being made, and asks again by itself."""
    ready = prints.path_of(paper.key).exists()
    if ready and not wants_fragment():
        return prints.send(paper.key, paper.file)
    job = None if ready else jobs.find(paper.kind, paper.key)
    waits = job is not None and job.standing is jobs.Standing.WAITING
    if waits and wants_fragment():
        return make_response("", 204)
    part = "complaints/_pdf.html" if wants_fragment() else "complaints/pdf.html"
    drawn = make_response(
        render_template(part, paper=paper, ready=ready, waits=waits, failed=job and not waits)
    )
    drawn.status_code = 202 if waits else 200
    return drawn


@contextmanager
def played(locale: str) -> Iterator[None]:
    """A page's surroundings in the worker, in a language."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    # A context of its own: the request it plays must not lend its moment to the worker's later work.
    with app.app_context(), app.test_request_context(), speaking(locale):
        yield


# -- the handling notice ---------------------------------------------------------------------------------------


def of_notice(case: Case) -> Paper:
    """The handling notice of a case."""
    return Paper(
        KIND,
        key_of(TEMPLATE, case.number, me(), case.version),
        case.number,
        _("PDF of notice %(number)s", number=case.notice_number),
        f"{case.notice_number}.pdf",
        url_for("complaints.notice", number=case.number),
        url_for("complaints.pdf", number=case.number),
        {"number": case.number},
    )


def draw(given: dict[str, Any]) -> str:
    """The job: draw the notice of a case as it stands; the file's name."""
    with played(given["locale"]):
        case = db.session.scalars(sa.select(Case).where(Case.number == given["number"])).one()
        return prints.make(given["print"], render_template(TEMPLATE, **page.notice(case)))


jobs.WORK[KIND] = draw
