"""Pictures with a form: judged, drawn anew, and not lost when the form comes back."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadSignature
from markupsafe import Markup
from wtforms import MultipleFileField
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from portal.guards import me
from portal.i18n import _, ngettext
from portal.kernel import files, pictures, sealing
from portal.kernel.files import Checked
from portal.labels import rejected

MOST = 6  # of one field
ACCEPT = ",".join(files.PICTURES)


class Pictures(MultipleFileField):
    """Pictures of one field; `checked` are those that may be attached, and their content is kept already.

    A browser sends no file a second time by itself: of a form that comes back each picture is known by a signed mark.
    """

    def __init__(self, text: Any = None, **more: Any) -> None:
        super().__init__(text, **more)
        self.checked: list[Checked] = []
        self.marks: list[str] = []

    def process(self, formdata: Any, *more: Any, **others: Any) -> None:
        """What was chosen now, and the marks of what was sent before."""
        super().process(formdata, *more, **others)
        self.marks = list(formdata.getlist(f"{self.name}-kept"))[:MOST] if formdata is not None else []

    def pre_validate(self, form: Any) -> None:
        """Judge each; those that will do are kept, also where the form will come back."""
        self.checked = [kept for mark in self.marks if (kept := _marked(mark))]
        chosen = [storage for storage in self.data or [] if getattr(storage, "filename", "")]
        if len(chosen) > MOST:  # none of them is drawn anew
            raise StopValidation(_("At most %(most)s can be given here.", most=MOST))
        try:
            for storage in chosen:
                fresh = pictures.check(storage)
                files.keep(fresh)
                if fresh.sha256 not in {one.sha256 for one in self.checked}:
                    self.checked.append(fresh)
        except files.Rejected as error:
            raise StopValidation(rejected(error)) from error
        if len(self.checked) > MOST:
            raise StopValidation(_("At most %(most)s can be given here.", most=MOST))

    def widget(self, field: Pictures, **kwargs: Any) -> Markup:
        """A field for files that a phone's camera answers, too, and what came already."""
        kwargs.setdefault("id", field.id)
        params = html_params(type="file", name=field.name, multiple=True, accept=ACCEPT, **kwargs)
        drawn = Markup("<input {}>").format(Markup(params))  # noqa: S704  # html_params escapes
        for kept in field.checked[:MOST]:
            drawn += Markup('<input type="hidden" name="{}-kept" value="{}">').format(field.name, _mark(kept))
        if count := len(field.checked):
            said = ngettext("%(num)s picture is kept already.", "%(num)s pictures are kept already.", count)
            drawn += Markup('<span class="hint">{}</span>').format(said)
        return drawn


def _mark(kept: Checked) -> str:
    return str(sealing.signer("pictures").dumps([me().id, kept.sha256, kept.name, kept.size]))


def _marked(mark: str) -> Checked | None:
    """The picture of a mark; None when it is another's, or gone."""
    try:
        person, sha256, name, size = sealing.signer("pictures").loads(
            mark, max_age=int(files.ORPHANS_REST.total_seconds())
        )
        if person != me().id:
            return None
        with files.path_of(sha256).open("rb") as stream:
            kept = Checked(name, "image/jpeg", size, sha256, stream)
            files.keep(kept)  # young again
    except (BadSignature, OSError, ValueError):
        return None
    return kept
