"""Small makers: a kind of document of the tests' own, a version brought some way by its verbs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask

from portal.document_kinds import DocumentForm, Drawn
from portal.forms import Line, Paragraph
from portal.kernel import clock, documents
from portal.kernel.clauses import Words
from portal.kernel.db import db
from portal.kernel.documents import Body, Kind, Version
from portal.kernel.workflow import Reason
from tests import factories

BODY = {"title": "雨天", "text": "请把雨伞放在门口"}


class NoteForm(DocumentForm):
    title = Line("Title", most=80, required=True)
    text = Paragraph("Text", most=400, required=True)

    def prefill(self, args: Any) -> None:
        """The text that a link brought along."""
        self.text.data = args.get("text", "")


def _sound(code: str, body: Body) -> Iterable[Reason]:
    return [Reason("GO-01", "nothing_to_confirm")] if "错" in body["text"] else []


KIND = Kind(
    "note",
    title=lambda body: Words(body["title"], f"Note: {body['title']}"),
    shipped=lambda: [("rain", BODY)],
    check=_sound,
)
DRAWN = Drawn(
    "note",
    "Note",
    NoteForm,
    parts=lambda body: [("Title", body["title"]), ("Text", body["text"])],
    address=lambda code: f"/documents/?words={code}",
)


def propose(app: Flask, by: str = "emp.tech", code: str = "", **said: Any) -> int:
    """A draft by somebody; its id."""
    with app.app_context(), db.write():
        made = documents.propose(
            "note", code, BODY | said, reason="更清楚", by=factories.viewer(by), now=clock.now()
        )
        return made.id


def do(app: Flask, version_id: int, verb: str, by: str, **given: Any) -> Version:
    """One verb by one person; the version as it is then."""
    with app.app_context():
        if verb == "approve":
            given = {"in_force_from": clock.today()} | given
        return documents.act(version_id, verb, by=factories.viewer(by), now=clock.now(), **given)


def approved(app: Flask, by: str = "emp.tech", code: str = "", *, said: dict[str, str], **given: Any) -> int:
    """A version that is approved; its id."""
    version_id = propose(app, by, code, **said)
    do(app, version_id, "submit", by)
    do(app, version_id, "approve", "office1", **given)
    return version_id
