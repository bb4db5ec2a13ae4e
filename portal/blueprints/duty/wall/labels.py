"""What the history says of screens."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

HISTORY: dict[str, Any] = {
    "wall_screen:create": _l("Screen of the wall added"),
    "wall_screen:withdraw": _l("Screen of the wall withdrawn"),
}
