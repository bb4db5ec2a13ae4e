"""Login and own settings: who I am, my language, my colours, my password, where I am logged in."""

from portal.blueprints.account.routes import bp

__all__ = ["bp"]
