"""`…/retraining` of a case and of an improvement case: what was asked for, and one more wish (GO-02)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.complaints import parts, queries
from portal.blueprints.complaints.improvements import queries as improvements
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.retraining import rules
from portal.blueprints.complaints.retraining.forms import AskForm
from portal.blueprints.complaints.routes import bp
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, history, reference, retraining, sent_forms
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.workflow import Reason, Refused
from portal.verbs import tell_why

PAGE = "complaints/retraining/show.html"


@dataclass(frozen=True)
class Source:
    """A kind of thing that may ask: how it is found, what stands against it, where its page and its wishes are."""

    find: Callable[..., Any]
    against: Callable[[Any], Iterable[Reason]]
    address: Callable[[Any], str]
    responsible: Callable[[Any], int | None]


CASE = Source(
    queries.find,
    rules.against_case,
    lambda case: f"/complaints/{case.number}",
    lambda case: case.responsible_id,
)
IMPROVEMENT = Source(
    improvements.find,
    rules.against_improvement,
    lambda found: f"/complaints/improvements/{found.number}",
    lambda _found: None,
)


def _offer(case: Case, viewer: Viewer) -> tuple[Any, str] | None:
    """What a closed case with a breach or a mistake offers; no statement is asked."""
    if any(rules.against_case(case)) or not rules.may_ask(viewer, case.department):
        return None
    return _l("Ask for training"), url_for("complaints.case_retraining", number=case.number)


parts.OFFERS.append(_offer)


@bp.route("/<number>/retraining", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def case_retraining(number: str) -> Response:
    """The training that a closed case asks for."""
    return _page(CASE, number)


@bp.route("/improvements/<improvement:improvement_number>/retraining", methods=["GET", "POST"])
@needs(May.SEE_CASES)
def improvement_retraining(improvement_number: str) -> Response:
    """The training that an improvement case asks for."""
    return _page(IMPROVEMENT, improvement_number)


def _page(source: Source, number: str) -> Response:
    viewer = me()
    found = source.find(viewer, number)
    if not rules.may_ask(viewer, found.department):
        abort(403)
    if request.method == "GET":
        return _drawn(source, found, _blank(source, found), 200)
    this = sent(f"retraining {number}", "ask")
    back, said = request.path, _("The training is asked for; the lead and the general office hear of it.")
    if sent_forms.done_before(viewer, this):
        return gone_to(back, said=said)
    if against := list(source.against(found)):
        raise Refused(against)
    form = AskForm.of_request()
    if not form.validate():
        return _drawn(source, found, form, 422)
    try:
        _ask(source, number, form, this)
    except (Refused, SaidOtherwise) as refused:
        tell_why(form, refused)
        return _drawn(source, source.find(viewer, number), form, 409)
    return gone_to(back, said=said)


def _ask(source: Source, number: str, form: AskForm, this: Any) -> None:
    """GO-02: the wish, and a line in the history of what it comes from. Raises Refused, SaidOtherwise."""
    viewer, now = me(), clock.now()
    given = form.given()
    person = given.pop("person")
    with db.write():
        found = source.find(viewer, number, lock=True)
        if not sent_forms.taken(found, viewer, this, now):
            return
        if against := [*source.against(found), *rules.against_person(viewer, person)]:
            raise Refused(against)
        need = retraining.ask(
            person.id, subject=found, address=source.address(found), by=viewer, now=now, **given
        )
        history.record(
            found, f"{found.history_kind}:retraining", by=viewer.id, now=now, clause="GO-02", need=need,
            words={"note": given["what"]},
        )  # fmt: skip


def _blank(source: Source, found: Any) -> AskForm:
    who = source.responsible(found)
    return AskForm.blank(person=reference.staff().cards[who].username if who else "")


def _drawn(source: Source, found: Any, form: AskForm, code: int) -> Response:
    viewer = me()
    cards = reference.staff().cards.values()
    context = {
        "found": found,
        "back": source.address(found),
        "form": None if any(source.against(found)) else form,
        "asked": retraining.of(found),
        "people": [card for card in cards if card.active and rules.may_ask(viewer, card.department)],
        "name_of": name_of,
    }
    return make_response(render_template(PAGE, **context), code)
