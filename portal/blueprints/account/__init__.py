"""Login and own settings: who I am, my language, my colours, my password, where I am logged in."""

import portal.blueprints.account.messages  # noqa: F401  # names its addresses
from portal.blueprints.account.routes import bp

__all__ = ["bp"]
