"""What people read of technique cards."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

REASONS: dict[str, Any] = {"technique_stage": _l("A card is shown at one of these stages: %(stages)s.")}
