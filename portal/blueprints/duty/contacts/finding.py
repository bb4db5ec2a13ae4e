"""How contacts are found by the one search: everybody on duty may call them (DR-15)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.contacts.queries import SEARCHED
from portal.blueprints.duty.systems import System
from portal.i18n import _l, label
from portal.kernel import finders, search
from portal.kernel.finders import Hit, Ids, Stored
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _ids(_viewer: Viewer, words: str) -> Ids:
    return sa.select(Contact.id).where(Contact.active, search.scanned(words, *SEARCHED)), Contact.id


def _drawn(row: Any) -> Hit:
    return Hit(
        label(System(row.state)),
        row.title,
        url_for("duty.contacts", words=row.title),
        row.more,
        row.about,
    )


finders.KINDS.append(
    Stored(
        "contact",
        _l("Contacts"),
        "phone",
        56,
        May.SEE_DUTY,
        every=lambda _viewer, words: url_for("duty.contacts", words=words),
        ids=_ids,
        id=Contact.id,
        columns={
            "title": Contact.company,
            "more": Contact.person,
            "about": Contact.phone,
            "state": Contact.system,
        },
        draw=_drawn,
    )
)
