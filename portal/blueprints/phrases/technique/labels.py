"""What people read of technique cards."""

from __future__ import annotations

from typing import Any

from portal.blueprints.phrases.technique.codes import Stage
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    Stage: {
        Stage.LISTEN: _l("Listen"),
        Stage.ASK: _l("Ask"),
        Stage.COMFORT: _l("Comfort"),
        Stage.EXPLAIN: _l("Explain"),
        Stage.CONFIRM: _l("Confirm what was said"),
    }
}
FIELDS: dict[str, Any] = {
    "title": _l("Title in Chinese"),
    "title_en": _l("Title in English"),
    "stage": _l("Stage of the talk"),
    "states": _l("States of a case beside which it is shown"),
    "points": _l("Points in Chinese, one a line"),
    "points_en": _l("Points in English, one a line"),
}
REASONS: dict[str, Any] = {"technique_stage": _l("A card is shown at one of these stages: %(stages)s.")}
