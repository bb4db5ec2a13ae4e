"""The demo's intake tokens: one in use, one revoked; nobody knows their keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.kernel import accounts, intake_tokens


def add(now: datetime) -> None:
    """Two programs that record cases. Inside a write."""
    desk, office = accounts.find("desk1").id, accounts.find("office1").id
    old, _key = intake_tokens.issue("旧呼叫中心", desk, by=office, now=now - timedelta(days=300))
    intake_tokens.revoke(old, by=office, now=now - timedelta(days=40))
    intake_tokens.issue("微信公众号", desk, by=office, now=now - timedelta(days=40))
