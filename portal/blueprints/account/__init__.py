"""Login and own settings: who I am, my language, my colours, my password, where I am logged in."""

from portal.blueprints.account import elsewhere  # noqa: F401  # its routes
from portal.blueprints.account.routes import bp
from portal.signin import sync  # noqa: F401  # its nightly job

__all__ = ["bp"]
