"""For machines: does the process answer, is the database ready."""

from portal.blueprints.system.routes import bp

__all__ = ["bp"]
