"""/office/sheets/: every kind of list with its template, its import and its export; those of the office itself."""

from __future__ import annotations

from typing import NamedTuple

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.people import sheet as people
from portal.blueprints.office.people.queries import PeopleList
from portal.blueprints.office.structure import sheet as structure
from portal.guards import me, needs
from portal.i18n import _, _l
from portal.import_pages import PAGES, ImportPages
from portal.kernel import clock, sheets
from portal.kernel.people import Viewer
from portal.kernel.rights import May

# In the order in which an office that starts takes over what it has: what others name comes first.
ORDER = (
    "departments", "people", "positions", "contacts", "equipment", "supplies", "phrases", "customers", "visits",
    "register", "cases",
)  # fmt: skip


class Row(NamedTuple):
    """One kind as the page draws it: addresses are empty where the viewer may not."""

    name: str
    title: str
    list: str
    template: str
    imports: str
    export: str


def _row(pages: ImportPages, viewer: Viewer) -> Row:
    kind = pages.kind
    imports = kind.trusts(viewer) and viewer.may(kind.may_import)
    exports = kind.trusts_export(viewer) and viewer.may(kind.may_export) and pages.exported
    return Row(
        kind.name,
        str(pages.sheet),
        url_for(pages.list_endpoint),
        url_for(pages.template_endpoint) if imports else "",
        url_for(pages.endpoint) if imports else "",
        url_for(pages.exported) if exports else "",
    )


@bp.get("/sheets/")
@needs(May.MANAGE_OFFICE)
def all_sheets() -> str:
    """Every kind of list that goes in and out by Excel; others find theirs beside their lists."""
    known = sorted(PAGES, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return render_template("office/sheets/index.html", rows=[_row(PAGES[name], me()) for name in known])


def _sent(title: str, book: bytes) -> Response:
    return sheets.send(f"{title} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/people/export")
@needs(May.MANAGE_OFFICE)
def export_people() -> Response:
    """What the list shows, every row of it, as a workbook that can be read in again."""
    asked = PeopleList.asked_for(request.args)
    return _sent(_("People"), people.book([card.id for card in asked.every()]))


@bp.get("/departments/export")
@needs(May.MANAGE_OFFICE)
def export_departments() -> Response:
    """The departments as a workbook that can be read in again."""
    return _sent(_("Departments"), structure.DEPARTMENTS.export(me()))


@bp.get("/positions/export")
@needs(May.MANAGE_OFFICE)
def export_positions() -> Response:
    """The positions as a workbook that can be read in again."""
    return _sent(_("Positions"), structure.POSITIONS.export(me()))


ImportPages(
    kind=people.PEOPLE,
    title=_l("Import people"),
    about=_l(
        "Who works here, from a workbook: new people are added without a password, others are changed. Hand out one-time "
        "passwords on the people's own pages."
    ),
    sheet=_l("People"),
    file=_l("Template for people"),
    tabs="office/sheets/_people.html",
    endpoint="office.import_people",
    list_endpoint="office.people",
    exported="office.export_people",
).add_to(bp, "/people/import")
ImportPages(
    kind=structure.DEPARTMENTS,
    title=_l("Import departments"),
    about=_l("The departments of the company, from a workbook. Import them before their people."),
    sheet=_l("Departments"),
    file=_l("Template for departments"),
    tabs="office/sheets/_departments.html",
    endpoint="office.import_departments",
    list_endpoint="office.departments",
    exported="office.export_departments",
).add_to(bp, "/departments/import")
ImportPages(
    kind=structure.POSITIONS,
    title=_l("Import positions"),
    about=_l("Who holds which position and who stands in, from a workbook. Import the people first."),
    sheet=_l("Positions"),
    file=_l("Template for positions"),
    tabs="office/sheets/_positions.html",
    endpoint="office.import_positions",
    list_endpoint="office.positions",
    exported="office.export_positions",
).add_to(bp, "/positions/import")
