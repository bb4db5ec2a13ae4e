"""What is read during a call."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from portal.blueprints.phrases.calls.models import CallDraft
from portal.i18n import _
from portal.kernel.customers import Met
from portal.kernel.db import db
from portal.kernel.people import Viewer


def mine(viewer: Viewer) -> CallDraft | None:
    """What this person has noted of the call under way; nobody else's is ever read."""
    return db.session.scalars(sa.select(CallDraft).where(CallDraft.by_id == viewer.id)).one_or_none()


def of_phones(_viewer: Viewer, phones: Collection[str]) -> list[Met]:
    """RC-20: notes of calls with these numbers that became nothing yet; they go by themselves within a day."""
    ours = sa.select(CallDraft.updated_at).where(CallDraft.phone.in_(phones), CallDraft.phone != "")
    return [
        Met(_("Note of a call"), "", "/phrases/call", at, _("Goes by itself within a day"), "")
        for at in db.session.scalars(ours)
    ]
