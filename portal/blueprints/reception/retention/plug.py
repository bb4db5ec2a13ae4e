"""What keeping and forgetting plugs in: addresses and words."""

from __future__ import annotations

from portal.blueprints.reception.retention import kept, labels, routes
from portal.i18n import _l
from portal.kernel import personal_data

FLOWS = ()

personal_data.declare(*kept.CLASSES)
personal_data.OWN.append(kept.OWN)
personal_data.nobodys(_l("The company's own things"), ("places", "tags", "keys", "supplies"))

__all__ = ["FLOWS", "labels", "routes"]
