"""Printed forms: each is a page on A4, and the worker makes a PDF of it for those who may see the page (GO-01)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import worker
from portal.guards import me, needs
from portal.hx import wants_fragment
from portal.kernel import clock, jobs
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.kernel.rights import May

KIND = "print"  # of the job
Found = Callable[..., "Paper"]


@dataclass(frozen=True)
class Paper:
    """One printed form of one thing, as it stands now."""

    template: str
    number: str  # of the thing
    title: str  # of the page that waits for the PDF
    file: str
    context: dict[str, Any]
    version: int = 0  # a print is of one version of its thing, also where the form does not show what changed
    query: dict[str, Any] = field(default_factory=dict)  # what the form's address says beside its path


def printed(bp: Blueprint, address: str, right: May) -> Callable[[Found], Found]:
    """The addresses of a form: its page, and with `.pdf` behind it the PDF; POST asks for it, GET fetches it.

    The function finds the thing through what the viewer may see and says what its form shows.
    """

    def add(found: Found) -> Found:
        name = found.__name__

        @needs(right)
        def page(**where: Any) -> str:
            paper = found(**where)
            pdf = url_for(f".{name}_pdf", **where, **paper.query) if prints.available() else ""
            return render_template(paper.template, **paper.context, pdf_url=pdf)

        @needs(right)
        def make(**where: Any) -> Response:
            paper = found(**where)
            return _make(paper, here=url_for(f".{name}_pdf", **where, **paper.query))

        @needs(right, polled=True)
        def fetch(**where: Any) -> Response:
            paper = found(**where)
            here, back = (url_for(f".{each}", **where, **paper.query) for each in (f"{name}_pdf", name))
            return _fetch(paper, here=here, back=back)

        make.__doc__ = f"Have the worker make the PDF of `{name}`, unless it lies there already."
        fetch.__doc__ = f"The PDF of `{name}`; a page that waits for it while it is being made."
        page.__doc__ = found.__doc__
        bp.add_url_rule(address, name, page, methods=["GET"])
        bp.add_url_rule(f"{address}.pdf", f"make_{name}_pdf", make, methods=["POST"])
        bp.add_url_rule(f"{address}.pdf", f"{name}_pdf", fetch, methods=["GET"])
        return found

    return add


def _drawn(paper: Paper) -> tuple[str, str]:
    """The form without the bar above it, and the name of its print, which follows from every sign of it."""
    html = render_template(paper.template, **paper.context, on_paper=True)
    return html, prints.key_of(paper.number, paper.version, html)


def _make(paper: Paper, *, here: str) -> Response:
    if not prints.available():
        abort(404)
    html, key = _drawn(paper)
    if not prints.path_of(key).exists():
        prints.lay_down(key, html)
        with db.write():
            jobs.ask(KIND, key, by=me().id, now=clock.now(), again=True, print=key)
            db.afterwards(worker.wake)
    return redirect(here, 303)


def _fetch(paper: Paper, *, here: str, back: str) -> Response:
    """The PDF; a page that waits for it while it is being made, and asks again by itself."""
    _, key = _drawn(paper)
    ready = prints.path_of(key).exists()
    if ready and not wants_fragment():
        return prints.send(key, paper.file)
    job = None if ready else jobs.find(KIND, key)
    waits = job is not None and job.standing is jobs.Standing.WAITING
    if waits and wants_fragment():
        return make_response("", 204)
    part = "shared/_pdf.html" if wants_fragment() else "shared/pdf.html"
    told = {"paper": paper, "here": here, "back": back}
    drawn = make_response(render_template(part, **told, ready=ready, waits=waits, failed=job and not waits))
    drawn.status_code = 202 if waits else 200
    return drawn


def _work(given: dict[str, Any]) -> str:
    return prints.make(given["print"])


jobs.WORK[KIND] = _work
