"""/documents/: what is proposed and waits, a proposal, one version with its verbs and its differences (GO-01)."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.documents import page
from portal.blueprints.documents.labels import SAID, kind_name
from portal.blueprints.documents.queries import VersionList
from portal.document_kinds import DRAWN, DocumentForm
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, documents, lists, wording
from portal.kernel.db import db
from portal.kernel.documents import reading
from portal.kernel.documents.models import Version
from portal.kernel.documents.workflow import DOCUMENT
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.papers import Paper, printed
from portal.verbs import Verbs, tell_why

bp = Blueprint("documents", __name__, url_prefix="/documents")
INDEX, NEW, SHOW = (f"documents/{name}.html" for name in ("index", "new", "show"))
FORM_NUMBER = "QR-GO-01-01 · V1"


@bp.get("/")
@needs(May.USE_PORTAL)
def index() -> str:
    """What is being written or waits for a decision; other states by the filter in the address."""
    return render_template(INDEX, **page.listed(VersionList.asked_for(me(), request.args)))


@bp.route("/new", methods=["GET", "POST"])
@needs(May.USE_PORTAL)
def propose() -> Response | str:
    """A proposal: a new document (`?kind=`), another version of one (`&code=`), its end (`&withdraws=1`).

    Another version begins with the last approved words, also when they are still to come or out of force.
    """
    kind, code = lists.code(request.values.get("kind"), DRAWN), lists.words(request.values.get("code"), 64)
    if not kind:
        abort(404)
    if not me().may(documents.KINDS[kind].proposer):
        abort(403)
    last = reading.latest(kind, code) if code else None
    withdraws = request.values.get("withdraws") == "1"
    asks_for_one = code or withdraws or DRAWN[kind].only_known
    if (last is None and asks_for_one) or (last is not None and last.withdraws and withdraws):
        abort(404)
    kind_form = DocumentForm if withdraws else DRAWN[kind].form
    if request.method == "GET":
        words = {} if withdraws or last is None else kind_form.of_body(last.body)
        form = kind_form.blank(version=last.edition if last else None, **words)
        if last is None:
            form.prefill(_brought())
        return _drawn(kind, code, form)
    form = kind_form.of_request()
    if not form.validate():
        return make_response(_drawn(kind, code, form), 422)
    return _proposed(kind, code, form, withdraws=withdraws)


def _proposed(kind: str, code: str, form: DocumentForm, *, withdraws: bool) -> Response:
    drawn, this = DRAWN[kind], sent(f"document {kind} {code}", "propose")
    named = code or (drawn.code(form) if drawn.code else "")
    made: Version | None = None
    try:
        with suppress(TakenBefore), db.write():
            made = documents.propose(
                kind,
                named,
                by=me(),
                now=clock.now(),
                source=_source(),
                withdraws=withdraws,
                based_on=form.version.number,
                sent=this,
                **form.given(),
            )
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(_drawn(kind, code, form), 409)
    back = url_for(".show", version_id=made.id) if made else url_for(".index", mine=1)
    return gone_to(back, said=_("The draft is saved. Submit it when it is ready."))


def _brought() -> dict[str, str]:
    """What a new document begins with: a text that a link brought, else the answer of what it comes from."""
    text = request.args.get("text", "")
    found = None if text else wording.about(me(), _source())
    return {"text": found.text if found else text}


def _source() -> str:
    return lists.words(request.values.get("source"), 40)


def _drawn(kind: str, code: str, form: DocumentForm) -> str:
    return render_template(NEW, source=_source(), **page.proposed(kind, code, form))


@bp.get("/<int:version_id>/")
@needs(May.USE_PORTAL)
def show(version_id: int) -> str:
    """One version: what it says, what it changes, what comes next; `?do=verb` opens that verb's form."""
    do = request.args.get("do", "").removeprefix("document-")
    return render_template(SHOW, **page.shown(reading.version(me(), version_id), me(), do=do))


@printed(bp, "/<int:version_id>/print", May.USE_PORTAL)
def show_print(version_id: int) -> Paper:
    """The version on A4: cover lines, number and edition, signatures (GO-01)."""
    found = reading.version(me(), version_id)
    name = found.number or f"{found.document.code} {found.edition}"
    return Paper(
        "documents/print.html",
        name,
        _("PDF of %(name)s", name=name),
        f"{name}.pdf",
        {
            "version": found,
            "parts": DRAWN[found.kind].parts(found.body),
            "kind": kind_name(found.kind),
            "form_number": FORM_NUMBER,
            "titled": page.titled,
            "name_of": name_of,
            "since": page.since,
        },
        version=found.edition or found.version,
    )


VERBS = Verbs(
    flow=DOCUMENT,
    find=reading.version,
    form=lambda found, verb: page.form_of(found, verb).of_request(),
    act=documents.act,
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".show", version_id=found.id),
    page=SHOW,
)
VERBS.add_to(bp, "/<int:version_id>", "document_{}", May.USE_PORTAL)
