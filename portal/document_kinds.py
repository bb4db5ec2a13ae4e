"""How each kind of document is written and drawn; an area plugs in its own, the pages of versions are made of it.

An area registers twice: a `documents.Kind` (what is stored, shipped, sound) and, here, a `Drawn` (form, words, address).
Everybody else links: `url_for("documents.propose", kind="phrase", code="…", text="…", source="…")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.forms import Line, VersionedForm
from portal.i18n import _l
from portal.kernel.documents import Body

Parts = Sequence[tuple[Any, str]]  # caption and text, in the order of the page


class DocumentForm(VersionedForm):
    """What is typed of one kind of document; each kind adds its fields before these and says how a body is made.

    `body(code)` is what is stored. `of_body(body)` gives the fields' values of a stored one.
    """

    reason = Line(_l("Why this is proposed"), most=400, required=True)

    def body(self) -> dict[str, Any]:
        """What is stored: the fields of the kind."""
        return {name: value for name, value in super().given().items() if name != "reason"}

    def given(self) -> dict[str, Any]:
        """What the actions take."""
        return {"body": self.body(), "reason": self.reason.data}

    @classmethod
    def of_body(cls, body: Body) -> dict[str, Any]:
        """The values of the fields, of a stored body."""
        return dict(body)

    def prefill(self, args: Mapping[str, str]) -> None:
        """Take what a link brought along: a `text` that is to become one."""


def _none(_document: Any) -> str:
    return ""


@dataclass(frozen=True)
class Drawn:
    """One kind as the pages of versions draw it.

    `parts(body)` is the whole of it as captions and texts: shown, compared side by side and printed alike.
    `address(code)` leads to the document in force. `fields` is a template part that draws the form where the plain order
    of its fields will not do; `tabs` is the template above the area's pages. `code(form)` names a new document; without
    it a number is given. `only_known` says that nobody makes a new one: there are those that the portal ships with.
    """

    kind: str
    name: Any  # 'Phrase'
    form: type[DocumentForm]
    parts: Callable[[Body], Parts]
    address: Callable[[str], str] = _none
    tabs: str = ""
    fields: str = ""
    code: Callable[[DocumentForm], str] | None = None
    only_known: bool = False


DRAWN: dict[str, Drawn] = {}


def draw(drawn: Drawn) -> None:
    """Take in a kind; again without harm."""
    DRAWN[drawn.kind] = drawn
