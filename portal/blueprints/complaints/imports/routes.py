"""/complaints/import: a filled template is tried out first and recorded once a person says so (CP-01)."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal import importing
from portal.blueprints.complaints.imports.plug import CASES
from portal.blueprints.complaints.routes import bp
from portal.guards import me, needs
from portal.hx import gone_to, invalid, wants_fragment
from portal.i18n import _, ngettext
from portal.importing import MOST_LINES, MOST_SHOWN, DryRun, ImportForm, Kept, Overtaken
from portal.kernel import clock, sheets, workbooks
from portal.kernel.rights import May

PART, PAGE = "complaints/imports/_form.html", "complaints/imports/index.html"


@bp.route("/import", methods=["GET", "POST"], endpoint="import_")
@needs(May.IMPORT_CASES)
def try_out() -> Response | str:
    """The form; sent with a file, what importing it would do. Nothing is recorded yet."""
    if request.method == "GET":
        return render_template(PAGE, **_drawn(ImportForm.blank()))
    form = ImportForm.of_request()
    if not form.validate():
        return _wrong(form)
    checked = form.file.checked
    try:
        found = importing.dry_run(CASES, checked.stream, checked.sha256, me())
    except ValueError as error:
        return _wrong(form, str(error))
    if found.wrong:
        return _wrong(form, found=found, name=checked.name)
    mark = Kept.put(checked, CASES, me()) if found.fresh else ""
    drawn = _drawn(form, found=found, mark=mark, name=checked.name)
    return render_template(PART if wants_fragment() else PAGE, **drawn)


@bp.post("/import/confirm")
@needs(May.IMPORT_CASES)
def confirm_import() -> Response:
    """Record all lines of the file that was tried out, or none."""
    form, kept = ImportForm.blank(), Kept.get(request.form.get("file", ""), CASES, me())
    if kept is None:
        return _wrong(form, _("This file is no longer here. Please choose it again."))
    sha256, content = kept
    try:
        found = importing.dry_run(CASES, io.BytesIO(content), sha256, me())
        if found.wrong:  # somebody left the company, say
            return _wrong(form, found=found)
        numbers = importing.record(CASES, found, by=me(), now=clock.now())
    except Overtaken:
        said = _(
            "A colleague imported one of these rows in the meantime. Nothing was recorded; choose the file again."
        )
        answer = _wrong(form, said)
        answer.status_code = 409
        return answer
    if not numbers:
        return gone_to(
            url_for(".index"), said=_("Every row was recorded before; nothing was recorded twice.")
        )
    said = ngettext("%(num)s case recorded.", "%(num)s cases recorded.", len(numbers))
    return gone_to(url_for(".index"), said=said)


@bp.get("/import/template.xlsx")
@needs(May.IMPORT_CASES)
def import_template() -> Response:
    """The workbook to fill in, in the language of the page."""
    name = _("Cases")
    return sheets.send(_("Template for cases"), workbooks.template(name, CASES.columns(), MOST_LINES))


def _wrong(form: ImportForm, said: str = "", **drawn: Any) -> Response:
    """The form again (422) with what is wrong: of the file as a whole, or by line and column."""
    if said:
        form.file.errors = [said]
    answer: Response = invalid(PART, page=PAGE, **_drawn(form, **drawn))
    return answer


def _drawn(
    form: ImportForm, *, found: DryRun | None = None, mark: str = "", name: str = ""
) -> dict[str, Any]:
    return {
        "form": form,
        "found": found,
        "mark": mark,
        "name": name,
        "most": MOST_LINES,
        "most_shown": MOST_SHOWN,
    }
