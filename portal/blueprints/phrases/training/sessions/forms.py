"""What may be typed about a session."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field, MultipleFileField
from wtforms.validators import StopValidation, ValidationError

from portal.blueprints.phrases.training import fields
from portal.blueprints.phrases.training.codes import Presence, Topic
from portal.blueprints.phrases.training.models import Training
from portal.blueprints.phrases.training.quizzes import queries as quizzes
from portal.blueprints.phrases.training.workflow import (
    CANCEL,
    HELD,
    INVITE,
    MARK,
    MATERIAL,
    MOVE,
    REFLECT,
    SIGN_IN,
)
from portal.forms import Choice, Line, Moment, OneOf, Paragraph, Someone, VerbForm, VersionedForm
from portal.i18n import _, _l, label
from portal.kernel import clauses, files
from portal.kernel.files import Checked
from portal.labels import rejected

CLAUSE = re.compile(r"[A-Z]{2}-\d{2}", re.ASCII)
PHRASE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)


class Files(MultipleFileField):
    """Files of one field, judged and kept before the write."""

    checked: tuple[Checked, ...] = ()

    def pre_validate(self, form: Any) -> None:
        """Judge each; what may be attached is kept."""
        chosen = [storage for storage in self.data or [] if getattr(storage, "filename", "")]
        try:
            self.checked = tuple(files.check(storage) for storage in chosen[: files.MOST])
        except files.Rejected as error:
            raise StopValidation(rejected(error)) from error
        for each in self.checked:
            files.keep(each)


class Material(Line):
    """Ids of clauses and codes of phrases, one after another."""

    def read(self, text: str) -> str:
        """In one way of writing; ValueError names the first that is neither."""
        found = [part.upper() if CLAUSE.fullmatch(part.upper()) else part.lower()
                 for part in fields.BETWEEN.split(super().read(text)) if part]  # fmt: skip
        for part in found:
            if CLAUSE.fullmatch(part):
                if not clauses.known(part):
                    raise ValueError(_("There is no clause %(clause)s.", clause=part))
            elif not PHRASE.fullmatch(part):
                raise ValueError(_("%(part)s is neither a clause nor the code of a phrase.", part=part))
        return " ".join(dict.fromkeys(found))


def _ends_after(form: Any, field: Field) -> None:
    starts = form.starts_at.data
    if starts and field.data and field.data <= starts:
        raise ValidationError(_("It ends after it begins."))


class InviteForm(VerbForm):
    """Who is invited: by name, or everybody of the groups that are ticked."""

    people = fields.People(_l("People (user names)"), most=1000)
    departments = fields.departments()
    roles = fields.roles()
    posts = fields.posts()

    def validate(self, *args: Any, **more: Any) -> bool:
        """Somebody is named or ticked."""
        fine = super().validate(*args, **more)
        if not (self.people.data or self.departments.data or self.roles.data or self.posts.data):
            self.form_errors.append(_("Say who is invited: name people, or tick a group."))
            return False
        return fine

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        return super().given() | {"people": self.people.cards}


class SessionForm(InviteForm):
    """A new session."""

    topic = Choice(_l("Subject area"), of=Topic, words=label, required=True)
    title = Line(_l("What is taught"), most=120, required=True)
    starts_at = Moment(_l("Begins"), required=True)
    ends_at = Moment(_l("Ends"), required=True)
    place = Line(_l("Place"), most=80, required=True)
    trainer = Line(_l("Trainer (user name, or somebody from outside)"), most=80, required=True)
    material = Material(_l("Material: clauses and phrases"), most=400)
    note = Paragraph(_l("Note"), most=1000)
    quiz = OneOf(_l("Quiz that tests the effect"), codes=quizzes.choices, empty=_l("No quiz"))

    def validate_ends_at(self, field: Field) -> None:
        _ends_after(self, field)

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        given = super().given()
        return given | {"quiz_id": quizzes.id_of(given.pop("quiz"))}


class MoveForm(VersionedForm):
    starts_at = Moment(_l("Begins"), required=True)
    ends_at = Moment(_l("Ends"), required=True)
    place = Line(_l("Place"), most=80, required=True)
    reason = Line(_l("Reason"), most=400, required=True)

    def validate_ends_at(self, field: Field) -> None:
        _ends_after(self, field)


class CancelForm(VersionedForm):
    reason = Line(_l("Reason"), most=400, required=True)


class MaterialForm(VerbForm):
    material = Material(_l("Material: clauses and phrases"), most=400)
    note = Paragraph(_l("Note"), most=1000)
    uploads = Files(_l("Files"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them, files judged."""
        given = super().given()
        given.pop("uploads")
        return given | {"files_": self.uploads.checked}


class MarkForm(VerbForm):
    """Attendance of one person; an absence has a reason (GO-02)."""

    person = Someone(_l("Person"), required=True)
    presence = Choice(_l("Presence"), of=Presence, words=label, required=True)
    reason = Line(_l("Reason of an absence"), most=200)

    def validate_presence(self, field: Field) -> None:
        if field.data is Presence.INVITED:
            raise ValidationError(_("Say whether the person was there."))

    def validate_reason(self, field: Field) -> None:
        if self.presence.data is Presence.ABSENT and not field.data:
            raise ValidationError(_("Say why the person was absent. (GO-02)"))


class ReflectForm(VerbForm):
    text = Paragraph(_l("What I take along"), most=2000, required=True)


class PlainForm(VerbForm):
    """Nothing is asked."""


FORMS: dict[str, type[VerbForm]] = {
    SIGN_IN: PlainForm, REFLECT: ReflectForm, MARK: MarkForm, HELD: PlainForm, INVITE: InviteForm,
    MATERIAL: MaterialForm, MOVE: MoveForm, CANCEL: CancelForm,
}  # fmt: skip


def stored(session: Training, verb: str, person_id: int) -> dict[str, Any]:
    """What the form of a verb shows before anybody typed."""
    if verb == MOVE:
        return {"version": session.version} | {
            name: getattr(session, name) for name in ("starts_at", "ends_at", "place")
        }
    if verb == MATERIAL:
        return {"material": session.material, "note": session.note}
    if verb == CANCEL:
        return {"version": session.version}
    row = session.of(person_id)
    return {"text": row.reflection} if verb == REFLECT and row else {}
