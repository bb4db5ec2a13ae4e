"""/complaints/import: a filled template is tried out first and recorded once a person says so (CP-01)."""

from __future__ import annotations

from flask import url_for

from portal.blueprints.complaints.imports.plug import CASES
from portal.blueprints.complaints.routes import bp
from portal.i18n import _l, ngettext
from portal.import_pages import ImportPages

PAGES = ImportPages(
    kind=CASES,
    title=_l("Import cases"),
    about=_l(
        "Cases from elsewhere, written into an Excel workbook, are recorded as if each had been typed. (CP-01)"
    ),
    promise=_l("All of them are recorded at once, or none. You are the first responder of each. (CP-03)"),
    hint=_l("Words or codes can be written, such as Phone or phone."),
    sheet=_l("Cases"),
    file=_l("Template for cases"),
    button=lambda count: ngettext("Record %(num)s case", "Record %(num)s cases", count),
    recorded=lambda count: ngettext("%(num)s case recorded.", "%(num)s cases recorded.", count),
    address=lambda number: url_for("complaints.show", number=number),
    tabs="complaints/_parts.html",
    endpoint="complaints.import_",
    list_endpoint="complaints.index",
    exported="complaints.export",
)
PAGES.add_to(bp, "/import")
