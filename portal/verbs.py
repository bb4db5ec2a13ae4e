"""How the verbs of a workflow are asked for: an address each, one order of checks, once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors
from portal.forms import PortalForm, VerbForm, VersionedForm, fresh_key
from portal.forms import sent as sent_form
from portal.guards import me, needs
from portal.hx import done, gone_to, invalid, wants_fragment
from portal.i18n import _l
from portal.kernel import clock, sent_forms, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, Sent
from portal.kernel.workflow import Refused, Workflow

SAID_OTHERWISE = _l("This form was sent before with other words. Send it again if both are to stand.")


def tell_why(form: PortalForm, against: Refused | SaidOtherwise) -> None:
    """Say on a form that is drawn again why it was not taken; one that came under a used key gets a key of its own."""
    db.session.rollback()
    if isinstance(against, Refused):
        form.form_errors.extend(errors.say(reason) for reason in against.reasons)
        return
    form["idempotency_key"].data = fresh_key()
    form.form_errors.append(str(SAID_OTHERWISE))


def whole(_found: Any, _viewer: Viewer) -> bool:
    """The thing stays in the viewer's sight whatever is done to it."""
    return True


@dataclass(frozen=True)
class Verbs:
    """The verbs of one kind of thing. What differs from kind to kind is handed over; the order of checks does not differ.

    `find(viewer, key)` is reach: NotFound for who may not know of the thing. `form(thing, verb)` is the form as it was
    sent; a table says it where only the verb counts. `act(key, verb, by=, now=, sent=, **given)` is one write, as
    `transitions.one_write` makes it, and answers the thing as it is then; of a form with a version it is given `seen`.
    `draw(thing, viewer, do=, tried=)` is all that the templates draw, with the form that came back. `said(thing, verb)`
    tells what was done; so does a table, whose words may name the thing's `number`. `back(thing, verb)` is where a page
    goes on; `list_page()` where somebody goes who may no longer see the thing, which `said` then does without.
    """

    flow: Workflow
    find: Callable[[Viewer, Any], Any]
    form: Callable[[Any, str], VerbForm] | Mapping[str, type[VerbForm]]
    act: Callable[..., Any]
    draw: Callable[..., dict[str, Any]]
    said: Callable[[Any, str], Any] | Mapping[str, Any]
    back: Callable[[Any, str], str]
    page: str
    part: str = ""  # what htmx swaps; without one it goes where a page goes
    still_visible: Callable[[Any, Viewer], bool] = whole
    list_page: Callable[[], str] = str

    def take(self, verb: str, key: Any) -> Response:
        """One verb, done once however often its form is sent."""
        sent = sent_form(f"{self.flow.name} {key}", verb)
        try:
            return self._attempt(verb, key, sent)
        except NotFound:
            listed = self.list_page()
            if listed and sent_forms.done_before(
                me(), sent
            ):  # and with it the thing went out of the sender's sight
                return gone_to(listed, said=self._words(None, verb))
            raise

    def _sent(self, found: Any, verb: str) -> VerbForm:
        return self.form[verb].of_request() if isinstance(self.form, Mapping) else self.form(found, verb)

    def _words(self, found: Any, verb: str) -> str:
        if isinstance(self.said, Mapping):
            return str(self.said[verb]) % {"number": getattr(found, "number", "")}
        return str(self.said(found, verb))

    def _attempt(self, verb: str, key: Any, sent: Sent | None) -> Response:
        """Reach (404), right (403), state (409), form (422), gates (409); what was taken before is answered alike."""
        viewer = me()
        found = self.find(viewer, key)
        if sent_forms.done_before(viewer, sent):
            return self._done(found, verb)
        transitions.check(self.flow, found, verb, viewer)
        form = self._sent(found, verb)
        if not form.validate():
            return invalid(
                self.part or self.page, page=self.page, **self.draw(found, viewer, do=verb, tried=form)
            )
        given = form.given()
        if isinstance(form, VersionedForm):
            given["seen"] = form.version.number
        try:
            found = self.act(key, verb, by=viewer, now=clock.now(), sent=sent, **given)
        except Refused as refused:
            return self._refused(refused, key, verb, form)
        except SaidOtherwise:
            form.idempotency_key.data = fresh_key()
            return self._again(key, verb, form, [str(SAID_OTHERWISE)]) or errors.answer(409)
        return self._done(found, verb)

    def _done(self, found: Any, verb: str) -> Response:
        said, viewer = self._words(found, verb), me()
        if not self.still_visible(found, viewer):
            return gone_to(self.list_page(), said=said)
        back = self.back(found, verb)
        if not self.part or not wants_fragment():
            return gone_to(back, said=said)
        return done(self.part, back=back, said=said, **self.draw(found, viewer))

    def _refused(self, refused: Refused, key: Any, verb: str, form: VerbForm) -> Response:
        """A gate's answer (409): for htmx a toast that leaves the page alone, else the page with what was typed."""
        if not wants_fragment():
            said = [errors.say(reason) for reason in refused.reasons]
            if again := self._again(key, verb, form, said):
                return again
        raise refused

    def _again(self, key: Any, verb: str, form: VerbForm, said: Iterable[str]) -> Response | None:
        """The form as it was typed, and why it was not taken (409); None when the verb itself is gone."""
        db.session.rollback()
        viewer = me()
        found = self.find(viewer, key)
        if all(step.verb != verb for step in self.flow.open_to(found, viewer)):
            return None
        form.form_errors.extend(said)
        template = self.part if self.part and wants_fragment() else self.page
        return make_response(render_template(template, **self.draw(found, viewer, do=verb, tried=form)), 409)

    def add_to(self, bp: Blueprint, address: str, endpoint: str, right: May, but: Iterable[str] = ()) -> None:
        """`POST <address>/<verb>` for every verb of the table but those; `{}` in `endpoint` is the verb."""
        for verb in self.flow.verbs:
            if verb not in but:
                self.add(verb, bp, address, endpoint, right)

    def add(self, verb: str, bp: Blueprint, address: str, endpoint: str, right: May) -> None:
        """One of them, where it asks for a right of its own."""

        @needs(right)
        def view(**at: Any) -> Response:
            (key,) = at.values()
            return self.take(verb, key)

        view.__doc__ = f"`{verb}` on one {self.flow.name}."
        name = endpoint.format(verb.replace("-", "_"))
        bp.add_url_rule(f"{address}/{verb}", endpoint=name, view_func=view, methods=["POST"])
