"""Approved documents: phrases, scripts, rules, standards, clauses. Draft, submitted, approved, replaced (GO-01, GO-05).

An area plugs in a `Kind` (what its documents are made of, which the portal ships with, what makes one unsound) and reads
what holds by `in_force` and `find`; neither asks a statement when nothing changed. The pages on which versions are
written, compared, approved and confirmed are the same for all kinds: see `portal/document_kinds.py`.
"""

from portal.kernel.documents.actions import act, hand_in, load_shipped, propose
from portal.kernel.documents.codes import State
from portal.kernel.documents.kinds import KINDS, Body, Kind, register
from portal.kernel.documents.models import Version
from portal.kernel.documents.reading import Current, coming, find, in_force, of_source, unread_by
from portal.kernel.documents.watch import about

__all__ = [
    "KINDS",
    "Body",
    "Current",
    "Kind",
    "State",
    "Version",
    "about",
    "act",
    "coming",
    "find",
    "hand_in",
    "in_force",
    "load_shipped",
    "of_source",
    "propose",
    "register",
    "unread_by",
]
