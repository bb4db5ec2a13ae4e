"""The regulations: every clause, readable and linked from each refusal; its words are approved documents."""

import portal.blueprints.handbook.finding  # noqa: F401  # named for what it does when it is loaded
from portal.blueprints.handbook.labels import REASONS
from portal.blueprints.handbook.routes import bp

__all__ = ["REASONS", "bp"]
