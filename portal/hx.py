"""Page or fragment; the answers to a request; an element's id."""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_htmx import HTMX
from werkzeug.wrappers import Response as BaseResponse

htmx = HTMX()


def init_app(app: Flask) -> None:
    """Templates get `layout` and `dom_id`; every answer varies by HX-Request."""
    htmx.init_app(app)

    @app.context_processor
    def layout() -> dict[str, Any]:
        return {
            "layout": "layouts/fragment.html" if wants_fragment() else "layouts/page.html",
            "dom_id": dom_id,
        }

    @app.after_request
    def vary(response: Response) -> Response:
        response.vary.add("HX-Request")
        return response


def wants_fragment() -> bool:
    """True when htmx will swap a part; false for pages, boosted links and the back button."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-Boosted"):
        return False
    return not headers.get("HX-History-Restore-Request") and headers.get("HX-Request-Type") != "full"


def is_for(element: str) -> bool:
    """True when htmx will put the answer into that very element, so that nothing around it need be drawn."""
    return wants_fragment() and request.headers.get("HX-Target") == element


def part(template: str, **context: Any) -> str:
    """A part that draws nothing of the page's frame, without what every page is given, which takes longer."""
    return current_app.jinja_env.get_template(template).render(context)


def dom_id(thing: Any, part: str = "") -> str:
    """The id of the element that draws a thing, or a part of it: `case-7`, `case-7-approve`."""
    return f"{thing.history_kind}-{thing.id}{f'-{part}' if part else ''}"


def toast(said: str, tone: str = "good") -> str:
    """The HX-Trigger header that shows a message; JSON, hence ASCII, hence safe for Chinese."""
    return json.dumps({"toast": {"text": str(said), "tone": tone}})


def done(part: str, *, back: str, said: str, **context: Any) -> BaseResponse:
    """A change worked: htmx gets the redrawn part and a toast, a plain form gets a redirect."""
    if wants_fragment():
        response = make_response(render_template(part, **context))
        response.headers["HX-Trigger"] = toast(said)
        return response
    flash(str(said), "good")
    return redirect(back, 303)


def gone_to(back: str, *, said: str) -> BaseResponse:
    """A change worked and the person belongs on another page now."""
    flash(str(said), "good")
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = back
        return response
    return redirect(back, 303)


def invalid(part: str, *, page: str, **context: Any) -> BaseResponse:
    """A form was wrong: the same form again with its messages and the typed text, nothing saved (422)."""
    return make_response(render_template(part if wants_fragment() else page, **context), 422)


def to_login() -> BaseResponse:
    """Nobody is logged in: the login page, whole, never inside a fragment."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else g.get("back", "/")
    login = url_for("account.login", next=wanted)
    if htmx:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = login
        return response
    return redirect(login, 302)
