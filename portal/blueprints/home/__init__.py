"""My day and the inbox: what waits for a person, what the portal told them, and the company's notice board."""

from portal.blueprints.home import board  # noqa: F401 -- it names its addresses
from portal.blueprints.home.labels import LABELS
from portal.blueprints.home.routes import bp

__all__ = ["LABELS", "bp"]
