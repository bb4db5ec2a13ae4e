"""What may be typed to be tried."""

from __future__ import annotations

from portal.blueprints.phrases.taboo.labels import scopes
from portal.forms import OneOf, Paragraph, PortalForm
from portal.i18n import _l

MOST = 10_000


class TryForm(PortalForm):
    """A text that is sent nowhere; only looked at."""

    text = Paragraph(_l("Text for a customer"), most=MOST, required=True)
    scope = OneOf(_l("Where it is to be said"), codes=scopes, empty=_l("anywhere"))
