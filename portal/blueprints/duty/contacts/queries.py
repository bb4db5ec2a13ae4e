"""Which contacts the ledger lists. They are everybody's to read: whoever is on duty must be able to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.systems import System
from portal.kernel import lists, search
from portal.kernel.db import db
from portal.kernel.people import Viewer

MOST = 500  # of a page: a directory is read as a whole
SEARCHED = (Contact.company, Contact.person, Contact.phone, Contact.night_phone, Contact.contract)


@dataclass(frozen=True)
class Asked:
    """The filters of the ledger."""

    words: str = ""
    system: str = ""
    retired: bool = False

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> Asked:
        """What an address asks for; what cannot be read is left out."""
        return cls(
            words=lists.words(args.get("words")),
            system=lists.code(args.get("system"), tuple(System)),
            retired=args.get("retired") == "1",
        )

    @property
    def filtered(self) -> bool:
        """True when something is looked for."""
        return bool(self.words or self.system)

    def rows(self, most: int = MOST) -> Sequence[Contact]:
        """By system and company; those in use, or the retired ones."""
        wanted = sa.select(Contact).where(Contact.active.is_(not self.retired))
        if self.system:
            wanted = wanted.where(Contact.system == System(self.system))
        if self.words:
            wanted = wanted.where(search.scanned(self.words, *SEARCHED))
        order = sa.case({system: place for place, system in enumerate(System)}, value=Contact.system)
        return db.session.scalars(wanted.order_by(order, Contact.company, Contact.id).limit(most)).all()


def find(_viewer: Viewer, contact_id: int) -> Contact:
    """One contact; NotFound otherwise."""
    found = db.session.get(Contact, contact_id) if contact_id < 2**31 else None
    if found is None:
        raise NotFound
    return found
