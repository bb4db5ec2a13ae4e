"""What the library plugs in: the kind of document that a phrase is, its pages, addresses and words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from flask import url_for

from portal.blueprints.phrases.library import finding, labels, page, queries, routes, rules
from portal.blueprints.phrases.library.codes import FITS, Moment
from portal.blueprints.phrases.library.forms import PhraseForm
from portal.blueprints.phrases.library.shipped import shipped
from portal.document_kinds import Drawn, draw
from portal.i18n import _, _l, label, listed
from portal.kernel import clock, documents, phrase_rules
from portal.kernel.documents import Body
from portal.kernel.workflow import Reason


def parts(body: Body) -> Iterator[tuple[Any, str]]:
    """A phrase as captions and texts."""
    yield _("For which moment"), label(Moment(body["moment"]))
    yield _("In Chinese"), body["zh"]
    yield _("In English"), body["en"]
    for caption, name in zip(page.CAPTIONS, FITS, strict=True):
        yield str(caption), listed(label(FITS[name](code)) for code in body[name]) or _("everywhere")


def address(code: str) -> str:
    """The page of the phrase of that code; empty where none is in force."""
    found = documents.find(queries.KIND, code)
    return url_for("phrases.phrase", phrase_id=found.document_id) if found else ""


def against(code: str, body: Body) -> Iterator[Reason]:
    """PG-03, PG-04: what is wrong with a phrase, and what the check would mark in it."""
    yield from rules.against(code, body)
    if words := phrase_rules.caught((body.get("zh") or "", body.get("en") or ""), clock.now()):
        yield Reason("PG-04", "phrase_is_taboo", {"words": tuple(words)})


documents.register(
    documents.Kind(
        queries.KIND,
        title=page.title,
        shipped=shipped,
        check=against,
        clause="PG-03",
    )
)
draw(
    Drawn(
        queries.KIND,
        _l("Phrase"),
        PhraseForm,
        parts=lambda body: list(parts(body)),
        address=address,
        tabs="phrases/_parts.html",
        fields="phrases/library/_fields.html",
        code=lambda form: f"{form.data['moment']}-{secrets.token_hex(4)}",
    )
)
FLOWS: tuple[Any, ...] = ()

__all__ = ["FLOWS", "finding", "labels", "routes"]
