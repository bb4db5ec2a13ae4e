"""Customer types as documents (GO-01, PG-07)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.blueprints.phrases import shipped, spoken
from portal.blueprints.phrases.customers import rules
from portal.blueprints.phrases.customers.labels import FIELDS
from portal.document_kinds import DocumentForm, Drawn, Parts
from portal.forms import Line, Paragraph
from portal.i18n import _l
from portal.kernel.clauses import Words
from portal.kernel.documents import Body, Kind
from portal.kernel.workflow import Reason

NAME = "customer_type"
SHIPPED = Path(__file__).parent / "shipped.toml"
LISTS = tuple(name for name in FIELDS if not name.startswith("title"))


class TypeForm(DocumentForm):
    """One card; each part in both languages, a point a line."""

    title = Line(FIELDS["title"], most=40, required=True)
    title_en = Line(FIELDS["title_en"], most=40, required=True)
    signs = Paragraph(FIELDS["signs"], most=2000, required=True)
    signs_en = Paragraph(FIELDS["signs_en"], most=2000, required=True)
    why = Paragraph(FIELDS["why"], most=2000, required=True)
    why_en = Paragraph(FIELDS["why_en"], most=2000, required=True)
    answer = Paragraph(FIELDS["answer"], most=2000, required=True)
    answer_en = Paragraph(FIELDS["answer_en"], most=2000, required=True)
    do = Paragraph(FIELDS["do"], most=2000, required=True)
    do_en = Paragraph(FIELDS["do_en"], most=2000, required=True)
    avoid = Paragraph(FIELDS["avoid"], most=2000, required=True)
    avoid_en = Paragraph(FIELDS["avoid_en"], most=2000, required=True)
    phrases = Paragraph(FIELDS["phrases"], most=2000, required=True)
    phrases_en = Paragraph(FIELDS["phrases_en"], most=2000, required=True)

    def body(self) -> dict[str, Any]:
        """What is stored."""
        told = super().body()
        return told | {name: shipped.lines_of(told[name]) for name in LISTS}

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The fields of a stored one."""
        return {**body, **{name: "\n".join(body[name]) for name in LISTS}}


def parts(body: Body) -> Parts:
    """The whole of it."""
    told = TypeForm.of_body(body)
    return [(caption, str(told.get(name, ""))) for name, caption in FIELDS.items()]


def check(code: str, body: Body) -> list[Reason]:
    """PG-07, PG-04: what stands against approving a card: what is missing, and what it has people say."""
    return [*rules.check(code, body), *spoken.caught([*body["phrases"], *body["phrases_en"]])]


KIND = Kind(
    NAME,
    title=lambda body: Words(body["title"], body["title_en"]),
    shipped=lambda: shipped.cards(SHIPPED),
    check=check,
)
DRAWN = Drawn(
    NAME, _l("Customer type"), TypeForm, parts, address=lambda code: f"/phrases/customers/#{code}",
    tabs="phrases/_parts.html", fields="phrases/customers/_fields.html",
)  # fmt: skip
