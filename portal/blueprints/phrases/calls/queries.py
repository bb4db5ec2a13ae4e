"""What is read during a call."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.phrases.calls.models import CallDraft
from portal.kernel.db import db
from portal.kernel.people import Viewer


def mine(viewer: Viewer) -> CallDraft | None:
    """What this person has noted of the call under way; nobody else's is ever read."""
    return db.session.scalars(sa.select(CallDraft).where(CallDraft.by_id == viewer.id)).one_or_none()
