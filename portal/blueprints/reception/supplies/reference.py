"""The supplies that every installation begins with (RC-15); what is there stays as it is."""

from __future__ import annotations

import sqlalchemy as sa

from portal import setup
from portal.blueprints.reception.supplies.codes import SupplyKind
from portal.blueprints.reception.supplies.models import Supply
from portal.kernel.db import db

G, S = SupplyKind.GENERAL, SupplyKind.SPECIAL
# code, names, kind, units, minimum
SHIPPED: tuple[tuple[str, str, str, SupplyKind, str, str, int], ...] = (
    ("ashtray", "烟灰缸", "Ashtrays", G, "个", "pcs", 4),
    ("cups", "纸杯", "Paper cups", G, "个", "pcs", 100),
    ("water", "瓶装水", "Bottled water", G, "瓶", "bottles", 24),
    ("notepaper", "便签纸", "Notepaper", G, "本", "pads", 10),
    ("pencils", "铅笔", "Pencils", G, "支", "pcs", 20),
    ("coffee", "速溶咖啡", "Instant coffee", S, "条", "sachets", 30),
    ("green-tea", "绿茶", "Green tea", S, "袋", "bags", 30),
    ("black-tea", "红茶", "Black tea", S, "袋", "bags", 20),
    ("tea-set", "茶具", "Tea sets", S, "套", "sets", 2),
)


def load_shipped() -> None:
    """Add the shipped supplies that are not there, with an empty stock. Inside a write."""
    there = set(db.session.scalars(sa.select(Supply.code)))
    db.session.add_all(
        Supply(
            code=code,
            name=zh,
            name_en=en,
            kind=kind,
            unit=unit,
            unit_en=unit_en,
            minimum=minimum,
            on_hand=0,
            order=place,
        )
        for place, (code, zh, en, kind, unit, unit_en, minimum) in enumerate(SHIPPED)
        if code not in there
    )


setup.LOADERS.append(load_shipped)
