"""Login and own settings: who I am, my language, my colours, my password, where I am logged in."""

import portal.blueprints.account.elsewhere
import portal.blueprints.account.messages  # noqa: F401  # each names its addresses
from portal.blueprints.account.routes import bp
from portal.signin import sync  # noqa: F401  # its nightly job

__all__ = ["bp"]
