"""The words for the notice board's codes."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l
from portal.kernel.notice_board import BoardKind, BoardState

LABELS: dict[Any, Any] = {
    BoardKind: {
        BoardKind.ANNOUNCEMENT: _l("Announcement"),
        BoardKind.DECISION: _l("Company decision"),
        BoardKind.PENALTY: _l("Penalty notice"),
        BoardKind.CORRECTION: _l("Correction"),
    },
    BoardState: {
        BoardState.DRAFT: _l("Draft"),
        BoardState.PUBLISHED: _l("Published"),
        BoardState.WITHDRAWN: _l("Withdrawn"),
    },
}
