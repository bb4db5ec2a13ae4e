"""The regulations: every clause, readable and linked from each refusal."""

from portal.blueprints.handbook.routes import bp

__all__ = ["bp"]
