"""My day, the inbox, the notice board and the one search: what waits for a person, what they were told, what they seek."""

from portal.blueprints.home import board, search  # noqa: F401 -- they name their addresses
from portal.blueprints.home.labels import LABELS
from portal.blueprints.home.routes import bp

__all__ = ["LABELS", "bp"]
