"""/phrases/call: the call screen, its notes, and what the call becomes (PG-01, PG-02)."""

from __future__ import annotations

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.calls import actions, page, queries
from portal.blueprints.phrases.calls.forms import EndForm, NoteForm
from portal.blueprints.phrases.parts import PARTS
from portal.forms import fresh_key
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l
from portal.kernel import calls, clock, taboos
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise
from portal.parts import Part

PAGE, SIDE = "phrases/calls/index.html", "phrases/calls/_side.html"
PARTS.append(Part(_l("Incoming call"), "phrases.call", May.REGISTER_CASES, 20))


@bp.get("/call")
@needs(May.REGISTER_CASES)
def call() -> str:
    """The call screen, with what was noted before the page was left (PG-01, PG-02)."""
    drawn = page.screen(me(), clock.now(), queries.mine(me()), opened=request.args.get("end", ""))
    return render_template(PAGE, **drawn)


@bp.post("/call")
@needs(May.REGISTER_CASES)
def end_call() -> Response:
    """The call becomes a case, a question or an entry of the log, by that area's own action (PG-02)."""
    end = calls.end_of(request.form.get("end", ""))
    if end is None:
        abort(404)
    forms = [(each, each.form(me(), True)) for each in sorted(calls.ENDS, key=lambda each: each.order)]
    asked = dict(forms)[end]
    if asked is None:
        abort(403)
    form, now = EndForm.of_request(), clock.now()
    fine = form.validate()
    if not asked.validate() or not fine:
        return _again(form, forms, end, 422)
    draft = queries.mine(me())
    noted = page.call_of(form.data | {"on_site": bool(draft and draft.on_site)})
    key = form.idempotency_key.data or fresh_key()
    try:
        with db.write():
            made = actions.become(end, noted, asked, by=me(), now=now, key=key)
    except calls.MadeBefore as before:
        made = before.made
    except SaidOtherwise:
        db.session.rollback()
        form.idempotency_key.data = None
        form.form_errors.append(
            _("This form was sent before with other words. Send it again to record a second one.")
        )
        return _again(form, forms, end, 409)
    return gone_to(made.address, said=made.said)


def _again(form: NoteForm, forms: list[tuple[calls.End, object]], end: calls.End, code: int) -> Response:
    """The screen with everything as it was typed and the messages beside it; the notes are kept meanwhile."""
    taboos.went_nowhere()  # an answer that was fine by itself is not sent: its words go along with nothing
    with db.write():
        draft = actions.keep(form.noted(), by=me(), now=clock.now(), key=form.idempotency_key.data)
    shown = [(each, asked) for each, asked in forms if asked is not None]
    drawn = page.screen(me(), clock.now(), draft, opened=end.code, form=form, ends=shown)
    return make_response(render_template(PAGE, **drawn), code)


@bp.post("/call/note")
@needs(May.REGISTER_CASES)
def note_call() -> Response:
    """Keep what is noted so far; asked in every pause of typing, or by the button (PG-02)."""
    form = NoteForm.of_request()
    form.validate()  # what cannot be kept stays in the page, where its end asks for it
    noted = form.noted()
    if request.form.get("use") and (known := _whose(noted.get("phone", ""))):
        noted |= {"caller": known.name, "company": known.company}
    with db.write():
        draft = actions.keep(noted, by=me(), now=clock.now(), key=form.idempotency_key.data)
    if wants_fragment():
        return make_response(render_template(SIDE, **page.side(me(), draft)))
    return redirect(url_for(".call"), 303)


def _whose(phone: str) -> calls.Known | None:
    return next((each for each in calls.known(me(), phone) if each.name), None)


@bp.post("/call/drop")
@needs(May.REGISTER_CASES)
def drop_call() -> Response:
    """Nothing of this call is kept."""
    with db.write():
        actions.drop(by=me())
    return gone_to(url_for(".call"), said=_("The notes are gone; the screen is ready for the next call."))
