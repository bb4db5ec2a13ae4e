"""The pages of an import: a workbook is tried out first and recorded once a person says so; the same for every kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import importing
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _, _l
from portal.importing import MOST_LINES, MOST_SHOWN, DryRun, ImportForm, Kept, Kind, Overtaken
from portal.kernel import clock, sheets, workbooks

PART, PAGE = "shared/import/_form.html", "shared/import/index.html"
BY_REFERENCE = _l(
    "A row with a reference of its own is never recorded twice. Without one, the same file is not, but a changed file "
    "counts as a new one."
)


@dataclass(frozen=True)
class ImportPages:
    """The import of one kind of thing. What differs from kind to kind is handed over: words and addresses.

    `button(count)` and `recorded(count)` are sentences, `address(number)` leads to one of the things, `promise` says
    what the confirmation means, `hint` how words may be written, `once` which rows are not recorded a second time.
    """

    kind: Kind
    title: Any
    about: Any
    promise: Any
    hint: Any
    sheet: Any  # name of the template's sheet
    file: Any  # name of the template
    button: Callable[[int], str]
    recorded: Callable[[int], str]
    address: Callable[[str], str]
    tabs: str  # the template above the area's pages
    endpoint: str  # of the form; the two others are named after it
    list_endpoint: str
    once: Any = BY_REFERENCE

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

        @needs(right)
        def form() -> Response | str:
            return self._try_out()

        @needs(right)
        def confirm() -> Response:
            return self._confirm()

        @needs(right)
        def template() -> Response:
            book = workbooks.template(str(self.sheet), self.kind.columns(), MOST_LINES)
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
        mark = Kept.put(checked, self.kind, me()) if found.fresh else ""
        drawn = self._drawn(form, found=found, mark=mark, name=checked.name)
        return render_template(PART if wants_fragment() else PAGE, **drawn)

    def _confirm(self) -> Response:
        form, kept = ImportForm.blank(), Kept.get(request.form.get("file", ""), self.kind, me())
        if kept is None:
            return self._wrong(form, _("This file is no longer here. Please choose it again."))
        sha256, content = kept
        try:
            found = importing.dry_run(self.kind, io.BytesIO(content), sha256, me())
            if found.wrong:  # somebody left the company, say
                return self._wrong(form, found=found)
            numbers = importing.record(self.kind, found, by=me(), now=clock.now())
        except Overtaken:
            said = _(
                "A colleague imported one of these rows in the meantime. Nothing was recorded; choose the file again."
            )
            answer = self._wrong(form, said)
            answer.status_code = 409
            return answer
        said = self.recorded(len(numbers)) if numbers else ""
        said = said or _("Every row was recorded before; nothing was recorded twice.")
        return gone_to(url_for(self.list_endpoint), said=said)

    def _wrong(self, form: ImportForm, said: str = "", **drawn: Any) -> Response:
        """The form again (422) with what is wrong: of the file as a whole, or by line and column."""
        if said:
            form.file.errors = [said]
        answer: Response = invalid(PART, page=PAGE, **self._drawn(form, **drawn))
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
            "most": MOST_LINES,
            "most_shown": MOST_SHOWN,
        }
