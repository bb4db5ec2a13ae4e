"""What may be typed about a notice of the board."""

from __future__ import annotations

from portal.forms import Line, Moment, OneOf, Paragraph, PortalForm, Version
from portal.i18n import _l, label
from portal.kernel.notice_board import BoardKind

WRITTEN = (BoardKind.ANNOUNCEMENT, BoardKind.DECISION)  # the others come from what they tell of


class NoticeForm(PortalForm):
    title = Line(_l("Title"), most=120, required=True)
    text = Paragraph(_l("Text"), most=8000, required=True)
    until = Moment(_l("On the board until (empty: without an end)"))
    version = Version()


class NewNoticeForm(NoticeForm):
    kind = OneOf(_l("Kind"), codes=lambda: [(kind.value, label(kind)) for kind in WRITTEN], required=True)


class WithdrawForm(PortalForm):
    reason = Line(_l("Why it is withdrawn"), most=400, required=True)


class CorrectForm(PortalForm):
    title = Line(_l("Title"), most=120, required=True)
    text = Paragraph(_l("What is right"), most=8000, required=True)
