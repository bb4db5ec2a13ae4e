"""My day and the inbox: what waits for a person, and what the portal told them."""

from portal.blueprints.home.routes import bp

__all__ = ["bp"]
