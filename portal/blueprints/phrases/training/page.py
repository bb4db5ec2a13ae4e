"""What the pages of training have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from portal import telling
from portal.blueprints.phrases.training.models import Attempt
from portal.blueprints.phrases.training.quizzes import actions
from portal.drawing import name_of
from portal.forms import VerbForm, sent
from portal.guards import me
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, history, reference, sent_forms
from portal.kernel.db import db
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.kernel.workflow import Refused
from portal.verbs import tell_why


def made(
    name: str,
    form: VerbForm,
    add: Callable[..., Any],
    draw: Callable[[Any, int], Response],
    back: Callable[[Any], str],
    said: str,
) -> Response:
    """A form that makes something new, made once however often it is sent; `back` is handed None for a double."""
    this = sent(name, "add")
    if sent_forms.done_before(me(), this):
        return gone_to(back(None), said=said)
    if not form.validate():
        return draw(form, 422)
    given = {key: value for key, value in form.given().items() if key != "version"}
    try:
        with db.write():
            new = add(by=me(), now=clock.now(), sent=this, **given)
    except TakenBefore:
        return gone_to(back(None), said=said)
    except (Refused, SaidOtherwise) as against:
        tell_why(form, against)
        return draw(form, 409)
    return gone_to(back(new), said=said)


def timeline(subject: Any) -> list[dict[str, Any]]:
    """The history of a thing as `shared/_timeline.html` draws it, newest first."""
    return [
        {
            "what": str(telling.EVENTS[event.event]),
            "who": name_of(event.by_id) if event.by_id else _("The portal"),
            "at": event.at,
            "clause": event.clause,
            "tone": "",
            "told": telling.pairs(subject.history_kind, event.details, event.words),
        }
        for event in history.events(subject)
    ]


def pass_of(
    attempt: Attempt | None, in_force: Mapping[tuple[str, str], int]
) -> tuple[Attempt | None, str, str]:
    """A paper with where it leaves its taker with the quiz, in words, and the tone of these."""
    if attempt is None:
        return None, _("Not taken"), ""
    if not attempt.passed:
        return attempt, _("Not passed"), "bad"
    if actions.is_stale(attempt, in_force):
        return attempt, _("To be taken again"), "warn"
    return attempt, _("Passed"), "ok"


def trainer(written: str) -> str:
    """Who trains: a colleague by name, anybody else as written."""
    card = reference.staff().by_username(written)
    return name_of(card.id) if card else written


def colleagues() -> list[Any]:
    """Everybody who may be named in a field for a person."""
    return [card for card in reference.staff().cards.values() if card.active]
