"""How equipment is found by the one search; this process holds the ledger, and everybody on duty may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for

from portal.blueprints.duty.equipment.queries import ledger
from portal.blueprints.duty.systems import System
from portal.i18n import _l, called, label
from portal.kernel import finders
from portal.kernel.finders import Held, Hit
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _found(_viewer: Viewer, words: str) -> Iterator[Hit]:
    for row in finders.answering(words, finders.held("equipment", _in_use)):
        page = url_for("duty.one_equipment", equipment_code=row.code)
        yield Hit(row.code, called(row), page, row.place, label(System(row.system)))


def _in_use() -> Iterator[tuple[Any, Iterable[str]]]:
    for row in ledger().values():
        if row.active:
            yield row, (row.code, row.name, row.name_en, row.place)


finders.KINDS.append(
    Held(
        "equipment",
        _l("Equipment"),
        "screen",
        54,
        May.SEE_DUTY,
        every=lambda _viewer, words: url_for("duty.equipment", words=words),
        find=_found,
    )
)
