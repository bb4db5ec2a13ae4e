"""Login and own settings: who I am, my language, my colours, my password and second factor, where I am logged in."""

# Each of these modules names its addresses.
import portal.blueprints.account.code
import portal.blueprints.account.elsewhere
import portal.blueprints.account.factor
import portal.blueprints.account.first_run
import portal.blueprints.account.messages  # noqa: F401  # named for what it does when it is loaded
from portal import notices
from portal.blueprints.account.labels import FIGURES, HISTORY, NOTICES, REASONS, roles
from portal.blueprints.account.routes import bp
from portal.kernel.second_factor import ROLES
from portal.signin import sync  # noqa: F401  # its nightly job

notices.VALUES[ROLES] = roles

__all__ = ["FIGURES", "HISTORY", "NOTICES", "REASONS", "bp"]
