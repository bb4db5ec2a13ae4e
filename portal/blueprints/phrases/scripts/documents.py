"""Scripts as documents: what is shipped and sound, how they are written, compared and printed (GO-01)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import url_for
from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.phrases import shipped, spoken
from portal.blueprints.phrases.scripts import notation, rules
from portal.blueprints.phrases.scripts.codes import Channel
from portal.blueprints.phrases.scripts.labels import FIELDS
from portal.document_kinds import DocumentForm, Drawn, Parts
from portal.forms import Choice, Line, Paragraph
from portal.i18n import _, _l, label
from portal.kernel.clauses import Words, known
from portal.kernel.documents import Body, Kind
from portal.kernel.workflow import Reason

NAME = "script"
SHIPPED = Path(__file__).parent / "shipped"
# In the order in which they are offered.
CODES = (
    "complaint-call", "bad-line", "take-message", "transfer", "asks-for-person", "complaint-on-site", "angry-walk-in",
    "second-visitor",
)  # fmt: skip


class ScriptForm(DocumentForm):
    """A script: what it is for, and its steps in the notation of `notation.py`."""

    title = Line(_l("Title in Chinese"), most=80, required=True)
    title_en = Line(_l("Title in English"), most=80, required=True)
    about = Line(_l("What for, in Chinese"), most=200, required=True)
    about_en = Line(_l("What for, in English"), most=200, required=True)
    channel = Choice(_l("Where it is spoken"), of=Channel, words=label, required=True)
    clause = Line(_l("Clause"), most=8, required=True)
    steps = Paragraph(_l("Steps"), most=20_000, required=True)

    def validate_clause(self, field: Field) -> None:
        if not known(field.data):
            raise ValidationError(_("There is no such clause."))

    def validate_steps(self, field: Field) -> None:
        try:
            notation.read(field.data)
        except notation.Unreadable as error:
            raise ValidationError(
                _("Line %(number)s cannot be read: %(line)s", number=error.number, line=error.line)
            ) from error

    def body(self) -> dict[str, Any]:
        """What is stored; a script starts with its first step."""
        told = super().body()
        nodes = notation.read(told.pop("steps"))
        return told | {"nodes": nodes, "start": nodes[0]["code"] if nodes else ""}

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The fields of a stored one."""
        first = [node for node in body["nodes"] if node["code"] == body["start"]]
        nodes = [*first, *(node for node in body["nodes"] if node not in first)]
        return {**{name: body[name] for name in FIELDS}, "steps": notation.written(nodes)}


def parts(body: Body) -> Parts:
    """The whole of it, a step an entry, so that a change is seen where it was made."""
    head = [(caption, str(body.get(name, ""))) for name, caption in FIELDS.items()]
    return [*head, *((node["code"], notation.written([node])) for node in body["nodes"])]


def read_shipped() -> shipped.Shipped:
    """Those that the portal comes with."""
    return tuple((code, shipped.read(SHIPPED / f"{code}.toml")) for code in CODES)


def check(code: str, body: Body) -> list[Reason]:
    """PG-06, PG-04: what stands against approving a script: where it leads, and what it has people say."""
    lines = [node.get(name, "") for node in body["nodes"] for name in ("say", "say_en")]
    return [*rules.check(code, body), *spoken.caught(lines)]


KIND = Kind(
    NAME, title=lambda body: Words(body["title"], body["title_en"]), shipped=read_shipped, check=check
)
DRAWN = Drawn(
    NAME,
    _l("Script"),
    ScriptForm,
    parts,
    address=lambda code: url_for("phrases.script", script_code=code),
    tabs="phrases/_parts.html",
    fields="phrases/scripts/_fields.html",
)
