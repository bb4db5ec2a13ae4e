"""The demo's regulations: a figure that changed, one that will, a clause in its second edition, another that waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.kernel import accounts, clock, documents, policies, sessions
from portal.kernel.db import db
from portal.kernel.people import Viewer

SECOND = {
    "rule_zh": "访客进门一分钟内应有人迎接；前台正在接待或通话时，先以目光或手势致意，并在三分钟内接待。",
    "rule_en": "A visitor is met within a minute of coming in. While the desk is busy or on the phone, a look or a sign"
    " comes first, and the visitor is received within three minutes.",
}
WAITS = {
    "rule_zh": "未在当班期间办结的事项应在交接时逐项说明，注明联系人和下一步，接班人确认后方可移交。",
    "rule_en": "What was not finished in the shift is explained one by one at the handover, with whom to call and what"
    " comes next, and passes on once the next shift has confirmed it.",
}


def load(now: datetime) -> None:
    """Write and approve both by two people of the general office (GO-05)."""
    one, other = (sessions.person_as_viewer(accounts.find(name).id) for name in ("office1", "office2"))
    month = (clock.local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)) + timedelta(days=32)
    with db.write():
        policies.set_value(
            "register.years", "5", from_=now - timedelta(days=40), reason="与公司档案管理办法的保存期限一致",
            by=one.id, now=now - timedelta(days=41),
        )  # fmt: skip
        policies.set_value(
            "limit.first_contact.normal", "20 min", from_=month.replace(day=1),
            reason="三季度客户意见：希望更早接到第一个电话", by=other.id, now=now - timedelta(days=2),
        )  # fmt: skip
    approved = _submitted("RC-23", SECOND, "访客反映前台忙时无人招呼", one, now - timedelta(hours=30))
    given = {"in_force_from": clock.local(now).date(), "to_confirm": True}
    documents.act(approved, "approve", by=other, now=now - timedelta(hours=4), **given)
    for name in ("desk1", "lead.admin"):
        reader = sessions.person_as_viewer(accounts.find(name).id)
        documents.act(approved, "confirm", by=reader, now=now - timedelta(hours=2))
    _submitted("DR-09", WAITS, "夜班交接时有事项没有说清联系人", other, now - timedelta(hours=26))


def _submitted(code: str, texts: dict[str, str], reason: str, by: Viewer, at: datetime) -> int:
    """A draft of another edition of a clause, submitted; its id."""
    current = documents.find("clause", code)
    if current is None:
        raise LookupError(code)
    with db.write():
        version = documents.propose("clause", code, {**current.body, **texts}, reason=reason, by=by, now=at)
    documents.act(version.id, "submit", by=by, now=at)
    return version.id
