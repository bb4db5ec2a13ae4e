"""Clauses named in a text lead to the handbook: in refusals, messages, hints, wherever a template says `| linked`."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.kernel import clauses

# A clause; or the number of a form (`QR-CP-10 · V1`), which is named after its clause and is one link as a whole.
_CLAUSE = re.compile(r"\b(QR-)?([A-Z]{2}-\d{2})\b(?(1)(?:-\d{2})? · V\d+)", re.ASCII)


def init_app(app: Flask) -> None:
    """Give templates the filter `linked`."""
    app.jinja_env.filters.update(linked=_filter)


@pass_context  # or the compiler would draw it once, for whoever came first
def _filter(context: Context, text: Any, *, passed_by: bool = False) -> Markup:
    return linked(text, passed_by=passed_by, on_paper=bool(context.get("on_paper")))


def linked(text: Any, *, passed_by: bool = False, on_paper: bool = False) -> Markup:
    """A text, escaped unless it was before, in which each clause's id is a link to its page.

    Whoever is not logged in, and the tablet in the lobby, could not open it and reads the id alone. `passed_by` is for
    what stands between two fields: who types a form from field to field does not stop there. What is drawn `on_paper`
    knows no address of its own: there it is a link where the portal's address is configured, else the id alone.
    """
    safe = escape(text)
    if not _may_follow():
        return safe
    root = current_app.config["SETTINGS"].base_url.rstrip("/") if on_paper else request.script_root
    if on_paper and not root:
        return safe
    stop = ' tabindex="-1"' if passed_by else ""

    def link(found: re.Match[str]) -> str:
        words, its_id = found[0], found[2]
        return (
            f'<a href="{escape(root)}/handbook/{its_id}"{stop}>{words}</a>'
            if clauses.known(its_id)
            else words
        )

    return Markup(_CLAUSE.sub(link, safe))  # noqa: S704  # escaped just before


def _may_follow() -> bool:
    return has_request_context() and "tablet" not in g and bool(current_user.is_authenticated)
