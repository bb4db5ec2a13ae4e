"""My day, the inbox, the notice board and the one search: what waits, what was told, what a person looks for."""

from portal.blueprints.home import board, search  # noqa: F401 -- they name their addresses
from portal.blueprints.home.labels import LABELS
from portal.blueprints.home.routes import bp

__all__ = ["LABELS", "bp"]
