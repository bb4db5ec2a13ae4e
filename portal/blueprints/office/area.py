"""The general office's blueprint; every page of it needs the right to manage the office."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("office", __name__, url_prefix="/office")
