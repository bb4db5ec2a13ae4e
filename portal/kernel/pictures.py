"""Pictures that a page shows: drawn anew before they are kept, and asked for by the subjects that they belong to."""

from __future__ import annotations

import io
from collections.abc import Collection

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from portal.kernel import files
from portal.kernel.db import db
from portal.kernel.files import PICTURES, Attachment, Checked, Rejected

WIDEST = 1600  # pixels of a side


def check(storage: FileStorage) -> Checked:
    """A picture drawn anew, upright and no larger than a page needs: where and with what it was taken goes.

    Rejected with the reason for anything else.
    """
    from PIL import Image, ImageOps

    checked = files.check(storage)
    if checked.mime not in PICTURES:
        raise Rejected("no_picture", name=checked.name)
    fresh = io.BytesIO()
    try:
        with Image.open(checked.stream, formats=[PICTURES[checked.mime]]) as picture:
            picture.draft("RGB", (WIDEST, WIDEST))  # a camera's picture is read at the size that is needed
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((WIDEST, WIDEST))
            upright.save(fresh, "JPEG", quality=82)
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Rejected("damaged", name=checked.name) from None
    stem = checked.name.rpartition(".")[0] or checked.name
    return Checked(f"{stem}.jpg", "image/jpeg", fresh.tell(), files.digest(fresh), fresh)


def of_many(kind: str, ids: Collection[int]) -> dict[int, list[int]]:
    """The ids of the pictures of many subjects of a kind, by subject, oldest first; one statement."""
    wanted = sa.select(Attachment.subject_id, Attachment.id).where(
        Attachment.subject_kind == kind, Attachment.subject_id.in_(ids), Attachment.mime.in_(PICTURES)
    )
    found: dict[int, list[int]] = {}
    for subject_id, file_id in db.session.execute(wanted.order_by(Attachment.id)):
        found.setdefault(subject_id, []).append(file_id)
    return found
