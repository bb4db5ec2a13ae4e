"""The measure of everything: a Flask page that does nothing."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Five letters."""
    return "hello"


@app.get("/healthz")
def healthz() -> str:
    """The same under the address by which a start is timed."""
    return "hello"
