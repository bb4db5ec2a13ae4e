"""What stands in an area's papers when somebody's work goes to another because they left."""

from __future__ import annotations

from flask import current_app

from portal.i18n import _, speaking


def reason() -> str:
    """The reason, in the company's language: it is kept with the papers."""
    with speaking(current_app.config["SETTINGS"].default_locale):
        return _("The colleague who had this has left the company.")
