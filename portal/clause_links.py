"""Clauses named in a text lead to the handbook: in refusals, messages, hints, wherever a template says `| linked`."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.kernel import clauses

_CLAUSE = re.compile(r"\b[A-Z]{2}-\d{2}\b", re.ASCII)


def init_app(app: Flask) -> None:
    """Give templates the filter `linked`."""
    app.jinja_env.filters.update(linked=_filter)


@pass_context  # or the compiler would draw it once, for whoever came first
def _filter(_context: Context, text: Any) -> Markup:
    return linked(text)


def linked(text: Any) -> Markup:
    """A text, escaped unless it was before, in which each clause's id is a link to its page.

    Whoever is not logged in, and the tablet in the lobby, could not open it and reads the id alone.
    """
    safe = escape(text)
    return Markup(_CLAUSE.sub(_link, safe)) if _may_follow() else safe  # noqa: S704  # escaped just before


def _link(found: re.Match[str]) -> str:
    clause_id = found[0]
    if not clauses.known(clause_id):
        return clause_id
    return f'<a href="{escape(request.script_root)}/handbook/{clause_id}">{clause_id}</a>'


def _may_follow() -> bool:
    return has_request_context() and "tablet" not in g and bool(current_user.is_authenticated)
