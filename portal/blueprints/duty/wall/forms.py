"""What may be typed about a screen."""

from __future__ import annotations

from portal.forms import Line, PortalForm
from portal.i18n import _l


class ScreenForm(PortalForm):
    name = Line(_l("Name of the screen"), most=80, required=True)
