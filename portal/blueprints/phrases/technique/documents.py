"""Technique cards as documents (GO-01, PG-08)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.blueprints.phrases import shipped
from portal.blueprints.phrases.technique import rules
from portal.blueprints.phrases.technique.codes import Stage
from portal.blueprints.phrases.technique.labels import FIELDS
from portal.document_kinds import DocumentForm, Drawn, Parts
from portal.forms import Choice, Line, Paragraph
from portal.i18n import _l, label
from portal.kernel.clauses import Words
from portal.kernel.documents import Body, Kind

NAME = "technique"
SHIPPED = Path(__file__).parent / "shipped.toml"


class TechniqueForm(DocumentForm):
    """One card; each point is a line."""

    title = Line(FIELDS["title"], most=80, required=True)
    title_en = Line(FIELDS["title_en"], most=80, required=True)
    stage = Choice(FIELDS["stage"], of=Stage, words=label, required=True)
    states = Line(FIELDS["states"], most=200)
    points = Paragraph(FIELDS["points"], most=2000, required=True)
    points_en = Paragraph(FIELDS["points_en"], most=4000, required=True)

    def body(self) -> dict[str, Any]:
        """What is stored."""
        told = super().body()
        for name in ("points", "points_en"):
            told[name] = shipped.lines_of(told[name])
        return told | {"states": told["states"].replace(",", " ").split()}

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The fields of a stored one."""
        joined = {name: "\n".join(body[name]) for name in ("points", "points_en")}
        return {**body, **joined, "states": " ".join(body.get("states", ()))}


def parts(body: Body) -> Parts:
    """The whole of it."""
    told = TechniqueForm.of_body(body)
    return [(caption, str(told.get(name, ""))) for name, caption in FIELDS.items()]


KIND = Kind(
    NAME,
    title=lambda body: Words(body["title"], body["title_en"]),
    shipped=lambda: shipped.cards(SHIPPED),
    check=rules.check,
)
DRAWN = Drawn(
    NAME, _l("Technique card"), TechniqueForm, parts, address=lambda code: f"/phrases/scripts/#{code}",
    tabs="phrases/_parts.html",
)  # fmt: skip
