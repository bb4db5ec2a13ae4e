"""The regulations: every clause, readable and linked from each refusal; its words are approved documents."""

from portal.blueprints.handbook.labels import REASONS
from portal.blueprints.handbook.routes import bp

__all__ = ["REASONS", "bp"]
