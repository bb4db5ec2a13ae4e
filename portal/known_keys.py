"""What is there under the keys of a workbook's lines, so many keys a statement as both databases take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db

AT_ONCE = 400


def rows_with(wanted: sa.Select[Any], column: Any, values: Sequence[Any]) -> Iterator[Any]:
    """The rows of `wanted` whose column is one of these values; nothing is asked where there are none."""
    for start in range(0, len(values), AT_ONCE):
        yield from db.session.execute(wanted.where(column.in_(values[start : start + AT_ONCE])))
