"""The headers that every answer carries."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's stylesheet draws some signs as data images
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A download must not act as a page of ours, whatever is in it.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
}
ON_PAGES = ALWAYS | {"Cache-Control": "no-store"}
SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def headers(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        wanted = ALWAYS if request.endpoint == "static" else ON_PAGES
        if app.config["SESSION_COOKIE_SECURE"]:
            wanted = wanted | SECURE
        for name, value in wanted.items():
            if name.lower() not in there:
                response.headers.add(name, value)
        return response
