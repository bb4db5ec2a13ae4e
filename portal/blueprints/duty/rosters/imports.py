"""/duty/rosters/<id>/import: shifts from a workbook into a draft, tried out first; and the workbook out (DR-01)."""

from __future__ import annotations

import io
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import importing
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.rosters import excel, queries
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, ngettext
from portal.import_files import ImportForm, Kept
from portal.importing import MOST_SHOWN
from portal.kernel import clock, sheets, workbooks
from portal.kernel.rights import May
from portal.kernel.workflow import Reason, Refused

PAGE = "duty/rosters/import.html"


@bp.route("/rosters/<int:roster_id>/import", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def import_shifts(roster_id: int) -> Response | str:
    """The form; sent with a workbook, what it would change. Nothing changes yet (DR-01)."""
    found = _draft(roster_id)
    if request.method == "GET":
        return _drawn(found, ImportForm.blank())
    form = ImportForm.of_request()
    if not form.validate():
        return _wrong(found, form)
    kind, checked = excel.into(roster_id), form.file.checked
    try:
        run = importing.dry_run(kind, checked.stream, checked.sha256, me())
    except ValueError as error:
        return _wrong(found, form, str(error))
    if run.wrong:
        return _wrong(found, form, found=run, name=checked.name)
    mark = Kept.put(checked, kind, me(), run.seen) if run.fresh else ""
    return _drawn(found, form, found=run, mark=mark, name=checked.name)


@bp.post("/rosters/<int:roster_id>/import/confirm")
@needs(May.PLAN_DUTY)
def confirm_shifts(roster_id: int) -> Response:
    """The draft as the workbook that was tried out says, all of it or nothing (DR-01)."""
    found, kind, form = _draft(roster_id), excel.into(roster_id), ImportForm.blank()
    kept = Kept.get(request.form.get("file", ""), kind, me())
    if kept is None:
        return _wrong(found, form, _("This file is no longer here. Please choose it again."))
    try:
        run = importing.dry_run(kind, io.BytesIO(kept.content), kept.sha256, me())
        if run.wrong:  # the roster moved on meanwhile
            return _wrong(found, form, found=run)
        if run.seen != kept.seen:
            said = _("A colleague changed the draft in the meantime. Nothing was taken over; look again.")
            mark = Kept.mark(kept.sha256, kind, me(), run.seen) if run.fresh else ""
            return _wrong(found, form, said, status=409, found=run, mark=mark)
        lines = importing.record(kind, run, by=me(), now=clock.now())
    except ValueError as error:
        return _wrong(found, form, str(error))
    said = ngettext("%(num)s shift taken over.", "%(num)s shifts taken over.", len(lines))
    return gone_to(url_for(".roster", roster_id=roster_id), said=said)


@bp.get("/rosters/<int:roster_id>/import/template.xlsx")
@needs(May.PLAN_DUTY)
def shifts_template(roster_id: int) -> Response:
    """The workbook to fill in, in the language of the page."""
    queries.find(me(), roster_id)
    return sheets.send(_("Template for shifts"), workbooks.template(_("Shifts"), excel.columns(), excel.MOST))


@bp.get("/rosters/<int:roster_id>/export")
@needs(May.SEE_DUTY)
def roster_export(roster_id: int) -> Response:
    """The shifts as a workbook that can be read in again, with the grid as a second sheet."""
    found = queries.find(me(), roster_id)
    return sheets.send(f"{_('Roster')} {found.number}", excel.of_roster(found))


def _draft(roster_id: int) -> Roster:
    found = queries.find(me(), roster_id)
    if found.state is not State.DRAFT:
        raise Refused([Reason("DR-01", "wrong_state", {"state": found.state})])
    return found


def _wrong(roster: Roster, form: ImportForm, said: str = "", *, status: int = 422, **drawn: Any) -> Response:
    """The form again with what is wrong: of the file as a whole, or by line and column."""
    if said:
        form.file.errors = [said]
    return make_response(_drawn(roster, form, **drawn), status)


def _drawn(roster: Roster, form: ImportForm, **drawn: Any) -> str:
    return render_template(
        PAGE, **{"roster": roster, "form": form, "most": excel.MOST, "most_shown": MOST_SHOWN, **drawn}
    )
