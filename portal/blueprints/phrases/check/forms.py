"""What may be typed to be tried."""

from __future__ import annotations

from portal.customer_texts import Checked
from portal.forms import Paragraph, PortalForm
from portal.i18n import _l

MOST = 10_000


class TriedText(Checked, Paragraph):
    """A text that is checked as one for a customer is, by every rule; nothing stops it, for it is sent nowhere."""

    scope = ""


class TryForm(PortalForm):
    """A text that is only looked at."""

    text = TriedText(_l("Text for a customer"), most=MOST, required=True)
