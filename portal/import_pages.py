"""The pages of an import: a workbook is tried out first and recorded once a person says so; the same for every kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors, importing
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.import_files import ImportForm, Kept
from portal.importing import MOST_SHOWN, DryRun, Kind, NotAllowed, Overtaken
from portal.kernel import clock, sheets, workbooks

PART, PAGE = "shared/import/_form.html", "shared/import/index.html"
BY_REFERENCE = _l(
    "A row with a reference of its own is never recorded twice. Without one, the same file is not, but a changed file "
    "counts as a new one."
)
BY_KEY = _l(
    "A row whose key is there already changes what is there: the columns of the sheet, and no others. An empty cell "
    "empties the field."
)


ALL_OR_NONE = _l("All of them are recorded at once, or none.")
WORDS_OR_CODES = _l("Words or codes can be written where there is a list to choose from.")


def _button(count: int) -> str:
    return ngettext("Record %(num)s row", "Record %(num)s rows", count)


def _recorded(count: int) -> str:
    return ngettext("%(num)s row recorded.", "%(num)s rows recorded.", count)


@dataclass(frozen=True)
class ImportPages:
    """The import of one kind of thing. What differs from kind to kind is handed over: words and addresses.

    `button(count)` and `recorded(count)` are sentences, `address(number)` leads to one of the things, `promise` says
    what the confirmation means, `hint` how words may be written, `once` which rows are not recorded a second time.
    `exported` is the endpoint of the workbook that the list gives, for the page of all kinds.
    """

    kind: Kind
    title: Any
    about: Any
    sheet: Any  # name of the template's sheet
    file: Any  # name of the template
    tabs: str  # the template above the area's pages
    endpoint: str  # of the form; the two others are named after it
    list_endpoint: str
    exported: str = ""
    promise: Any = ALL_OR_NONE
    hint: Any = WORDS_OR_CODES
    button: Callable[[int], str] = _button
    recorded: Callable[[int], str] = _recorded
    address: Callable[[str], str] = lambda _number: ""
    once: Any = None

    @property
    def confirm_endpoint(self) -> str:
        """Where the tried file is recorded."""
        area, _dot, name = self.endpoint.partition(".")
        return f"{area}.confirm_{name.rstrip('_')}"

    @property
    def template_endpoint(self) -> str:
        """Where the workbook to fill in is."""
        return f"{self.endpoint.rstrip('_')}_template"

    def add_to(self, bp: Blueprint, address: str) -> None:
        """The three addresses: the form, its confirmation, the template."""
        right = self.kind.may_import
        PAGES[self.kind.name] = self

        @needs(right)
        def form() -> Response | str:
            self._trust()
            return self._try_out()

        @needs(right)
        def confirm() -> Response:
            self._trust()
            return self._confirm()

        @needs(right)
        def template() -> Response:
            self._trust()
            book = workbooks.template(str(self.sheet), self.kind.columns(), self.kind.most)
            return sheets.send(str(self.file), book)

        form.__doc__ = "The form; sent with a file, what importing it would do. Nothing is recorded yet."
        confirm.__doc__ = "Record all lines of the file that was tried out, or none."
        template.__doc__ = "The workbook to fill in, in the language of the page."
        for where, endpoint, view, methods in (
            (address, self.endpoint, form, ["GET", "POST"]),
            (f"{address}/confirm", self.confirm_endpoint, confirm, ["POST"]),
            (f"{address}/template.xlsx", self.template_endpoint, template, ["GET"]),
        ):
            bp.add_url_rule(where, endpoint.partition(".")[2], view, methods=methods)

    def _trust(self) -> None:
        if not self.kind.trusts(me()):
            abort(403)

    def _try_out(self) -> Response | str:
        if request.method == "GET":
            return render_template(PAGE, **self._drawn(ImportForm.blank()))
        form = ImportForm.of_request()
        if not form.validate():
            return self._wrong(form)
        checked = form.file.checked
        try:
            found = importing.dry_run(self.kind, checked.stream, checked.sha256, me())
        except ValueError as error:
            return self._wrong(form, str(error))
        if found.wrong:
            return self._wrong(form, found=found, name=checked.name)
        mark = Kept.put(checked, self.kind, me(), found.seen) if found.fresh or found.changed else ""
        drawn = self._drawn(form, found=found, mark=mark, name=checked.name)
        return render_template(PART if wants_fragment() else PAGE, **drawn)

    def _confirm(self) -> Response:
        form, kept = ImportForm.blank(), Kept.get(request.form.get("file", ""), self.kind, me())
        if kept is None:
            return self._wrong(form, _("This file is no longer here. Please choose it again."))
        try:
            found = importing.dry_run(self.kind, io.BytesIO(kept.content), kept.sha256, me())
            if found.wrong:  # somebody left the company, say
                return self._wrong(form, found=found)
            if found.seen != kept.seen:
                mark = Kept.mark(kept.sha256, self.kind, me(), found.seen)
                said = _(
                    "A colleague changed one of these in the meantime. Nothing was recorded; look again."
                )
                return self._wrong(form, said, status=409, found=found, mark=mark)
            numbers = importing.record(self.kind, found, by=me(), now=clock.now())
        except Overtaken:
            said = _(
                "A colleague imported one of these rows in the meantime. Nothing was recorded; choose the file again."
            )
            return self._wrong(form, said, status=409)
        except NotAllowed as refused:
            why = " ".join(errors.say(reason) for reason in refused.reasons)
            said = _("Row %(line)s: %(why)s Nothing was recorded.", line=refused.line, why=why)
            return self._wrong(form, said, status=409)
        said = self.recorded(len(numbers)) if numbers else ""
        said = said or _("Every row was recorded before; nothing was recorded twice.")
        return gone_to(url_for(self.list_endpoint), said=said)

    def _wrong(self, form: ImportForm, said: str = "", *, status: int = 422, **drawn: Any) -> Response:
        """The form again with what is wrong: of the file as a whole, or by line and column."""
        if said:
            form.file.errors = [said]
        answer: Response = invalid(PART, page=PAGE, **self._drawn(form, **drawn))
        answer.status_code = status
        return answer

    def _drawn(
        self, form: ImportForm, *, found: DryRun | None = None, mark: str = "", name: str = ""
    ) -> dict[str, Any]:
        return {
            "pages": self,
            "form": form,
            "found": found,
            "mark": mark,
            "name": name,
            "once": self.once or (BY_KEY if self.kind.ledger else BY_REFERENCE),
            "most": self.kind.most,
            "most_shown": MOST_SHOWN,
        }


# By the name of the kind, for the page of all of them.
PAGES: dict[str, ImportPages] = {}
