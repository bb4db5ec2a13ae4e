"""The file of an import: judged by its content when it is sent, kept between the dry run and the confirmation."""

from __future__ import annotations

from typing import Any, NamedTuple

from itsdangerous import BadSignature
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from portal.forms import REQUIRED, PortalForm
from portal.i18n import _, _l
from portal.importing import Kind
from portal.kernel import files, sealing
from portal.kernel.people import Viewer
from portal.labels import rejected


class WorkbookField(FileField):
    """One Excel workbook, judged by its content; `checked` is it."""

    checked: files.Checked

    def pre_validate(self, form: Any) -> None:
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            raise StopValidation(str(REQUIRED))
        try:
            self.checked = check(self.data)
        except ValueError as error:
            raise StopValidation(str(error)) from error


def check(sent: FileStorage) -> files.Checked:
    """A workbook that may be read; ValueError with the message for anything else."""
    other = _(
        "Please choose an Excel workbook (.xlsx) without a password. Save .xls or .csv files as .xlsx first; a new name "
        "alone will not do."
    )
    name = files.clean_name(sent.filename or "")
    if "." in name and not name.lower().endswith(".xlsx"):
        raise ValueError(other)
    try:
        checked = files.check(sent)
    except files.Rejected as error:
        raise ValueError(other if error.code in {"unknown_type", "lies"} else rejected(error)) from error
    if files.TYPES["xlsx"] != checked.mime:
        raise ValueError(other)
    return checked


class ImportForm(PortalForm):
    """The file to import."""

    file = WorkbookField(_l("Excel workbook (.xlsx, up to 20 MB)"))


class Found(NamedTuple):
    """The file of a mark: digest and content, and what stood there when it was tried out."""

    sha256: str
    content: bytes
    seen: str


class Kept:
    """A file between dry run and confirmation: it lies among the attachments without a row, so that the daily cleaning
    takes it, and a signed mark leads the same person back to it."""

    @classmethod
    def put(cls, checked: files.Checked, kind: Kind, by: Viewer, seen: str = "") -> str:
        """Keep the file; the mark for the form. `seen` is the digest of what stood there when it was tried out."""
        files.keep(checked)
        return cls.mark(checked.sha256, kind, by, seen)

    @classmethod
    def mark(cls, sha256: str, kind: Kind, by: Viewer, seen: str) -> str:
        """The mark of a file that lies here already."""
        return str(sealing.signer("import").dumps([kind.name, by.id, sha256, seen]))

    @classmethod
    def get(cls, mark: str, kind: Kind, by: Viewer) -> Found | None:
        """The file; None when the mark is another's, or the file is gone."""
        try:
            name, person, sha256, seen = sealing.signer("import").loads(
                mark, max_age=int(files.ORPHANS_REST.total_seconds())
            )
            content = files.path_of(sha256).read_bytes()
        except (BadSignature, OSError, ValueError):
            return None
        return Found(sha256, content, seen) if (name, person) == (kind.name, by.id) else None
