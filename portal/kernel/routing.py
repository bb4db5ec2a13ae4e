"""Which department a category of matter goes to (CP-05); kept by the general office."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import reference
from portal.kernel.db import Model, db


class Routing(Model):
    """One category's department; empty: the general office decides each time."""

    __tablename__ = "routing"
    history_kind = "routing"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(sa.String(24), unique=True)
    department: Mapped[str] = mapped_column(sa.String(24), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


# CP-05: quality to technology, operation and on-site staff to implementation, service inside the house to
# administration, price to marketing.
SHIPPED = {
    "product": "tech",
    "operation": "impl",
    "attitude": "impl",
    "service": "admin",
    "price": "market",
    "other": "",
}


def proposed(category: str) -> str:
    """The department proposed for a category, or an empty text when the general office must say."""
    return reference.kept("routing", _read).get(category, "")


def _read() -> dict[str, str]:
    return dict(db.session.execute(sa.select(Routing.category, Routing.department)).all())


def load_shipped() -> None:
    """Add the categories this installation does not have yet. Inside a write."""
    there = set(db.session.scalars(sa.select(Routing.category)))
    fresh = [Routing(category=c, department=d) for c, d in SHIPPED.items() if c not in there]
    db.session.add_all(fresh)
    if fresh:
        reference.changed()
