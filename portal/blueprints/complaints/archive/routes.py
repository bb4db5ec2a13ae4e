"""/complaints/archive/: what was put away, one entry, its retention class, its errata, and what may go."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.complaints import actions as of_cases
from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.archive import actions, forms, page, queries
from portal.blueprints.complaints.archive.labels import SAID
from portal.blueprints.complaints.archive.workflow import ARCHIVE
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.routes import bp
from portal.forms import VerbForm
from portal.guards import me, needs
from portal.hx import invalid, wants_fragment
from portal.i18n import _, ngettext
from portal.kernel import clock, lists, sheets
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden, Refused
from portal.verbs import Verbs

LIST = "complaints/archive/index.html"
ENTRY, PAGE = "complaints/archive/_entry.html", "complaints/archive/show.html"


@bp.get("/archive/")
@needs(May.SEE_CASES)
def archive_list() -> str:
    """What was archived, with class, term and both filings (CP-20); its filters are in the address."""
    return render_template(LIST, **page.listed(queries.ArchiveList.asked_for(me(), request.args)))


@bp.get("/archive/export")
@needs(May.EXPORT_CASES)
def archive_export() -> Response:
    """What the list shows, as a workbook."""
    asked = queries.ArchiveList.asked_for(me(), request.args)
    rows = [page.sheet_row(row) for row in asked.rows(clock.now(), sheets.MOST_ROWS)]
    name = f"{_('Archive')} {clock.local(clock.now()):%Y-%m-%d}"
    return sheets.send(name, sheets.workbook(_("Archive"), page.columns(), rows))


@bp.post("/archive/dispose")
@needs(May.MANAGE_OFFICE)
def archive_dispose() -> Response:
    """Propose several records for disposal (CP-20): each is a write of its own, and what became of it is told."""
    viewer, form = me(), forms.DisposeForm.of_request()
    if not form.validate():
        asked = queries.ArchiveList(viewer, term=True)
        return invalid(LIST, page=LIST, **page.listed(asked, form))
    proposed = 0
    for number in (form.number.data or [])[: lists.PAGE]:
        if said := _propose(number, form.reason.data):
            flash(f"{number}: {said}", "bad")
        else:
            proposed += 1
    if proposed:
        told = ngettext("%(num)s record is proposed", "%(num)s records are proposed", proposed)
        flash(_("%(told)s; somebody else of the office decides. (CP-20)", told=told), "good")
    return redirect(url_for(".archive_list", term=1), 303)


def _propose(number: str, reason: str) -> str:
    """Propose one record; why not, when it could not be."""
    viewer = me()
    try:
        # The second POST of this verb decides; here nothing is decided for several at once.
        if cases.find(viewer, number).asked("dispose"):
            return _("is proposed already")
        of_cases.act(number, "dispose", by=viewer, now=clock.now(), reason=reason)
    except NotFound:
        return _("There is nothing here, or nothing that you may see.")
    except Forbidden:
        return _("This is not for you to do.")
    except Refused as refused:
        return " ".join(errors.say(reason) for reason in refused.reasons)
    return ""


@bp.get("/archive/<case:number>")
@needs(May.SEE_CASES)
def archive_entry(number: str) -> str:
    """One case as it lies in the archive; `?do=verb` opens that verb's form."""
    case = cases.find(me(), number)
    template = ENTRY if wants_fragment() and request.args.get("part") == "card" else PAGE
    return render_template(template, **page.entry(case, me(), do=request.args.get("do", "")))


def _sent(case: Case, verb: str) -> VerbForm:
    """One erratum at a time: the form of one that waits signs it."""
    waits = verb == "correct" and queries.open_erratum(case) is not None
    return page.form_for(case, verb, None, waits, sent=True)


VERBS_OF_ONE = Verbs(
    flow=ARCHIVE,
    find=cases.find,
    form=_sent,
    act=actions.act,
    draw=page.entry,
    said=SAID,
    back=lambda case, _verb: url_for(".archive_entry", number=case.number),
    page=PAGE,
    part=ENTRY,
)
VERBS_OF_ONE.add_to(bp, "/archive/<case:number>", "archive_{}", May.SEE_CASES)
