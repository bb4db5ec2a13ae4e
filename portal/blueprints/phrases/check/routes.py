"""/phrases/check: a text is tried, and every text area for customers is answered while somebody types (PG-04, PG-11)."""

from __future__ import annotations

import re

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from portal import customer_texts
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.check.forms import MOST, TryForm
from portal.blueprints.phrases.parts import PARTS
from portal.forms import TextScope
from portal.guards import needs
from portal.hx import part
from portal.i18n import _l
from portal.kernel import lists
from portal.kernel.rights import May
from portal.parts import Part

PARTS.append(Part(_l("Check a text"), "phrases.check", May.USE_PORTAL, 50))
PAGE = "phrases/check/index.html"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}", re.ASCII)


@bp.get("/check")
@needs(May.USE_PORTAL)
def check() -> str:
    """An empty text, to be tried."""
    return _drawn(TryForm.blank())


@bp.post("/check")
@needs(May.USE_PORTAL)
def check_text() -> Response:
    """What the rules in force say of a text (PG-04, PG-09, PG-11)."""
    form = TryForm.of_request()
    if not form.validate():
        return make_response(_drawn(form), 422)
    form.text.judge(dated=False)
    return make_response(_drawn(form))


def _drawn(form: TryForm) -> str:
    return render_template(PAGE, form=form, judged=form.text.judged[0] if form.text.judged else None)


@bp.post("/check/live")
@needs(May.USE_PORTAL)
def live() -> str:
    """What is drawn beneath a text area while somebody types in it; nothing is kept of the text."""
    name, area, scope = (request.args.get(key, "") for key in ("field", "area", "scope"))
    if not (NAME.fullmatch(name) and NAME.fullmatch(area) and scope in {"", *TextScope}):
        abort(404)
    texts, place = request.form.getlist(name), lists.number(request.args.get("place")) or 0
    text = texts[place].replace("\r\n", "\n")[:MOST] if place < len(texts) and _for_customer() else ""
    judged = customer_texts.judge(text, scope)
    if request.args.get("promised") or request.form.get("due_at"):
        judged = judged.with_a_date()
    return part("phrases/check/_live.html", judged=judged, name=name, area=area)


def _for_customer() -> bool:
    """True unless the text is one for a customer only with an answer in another field that is not given."""
    other = request.args.get("other")
    return not other or request.form.get(other) == request.args.get("answer")
