"""/account/messages: what I hear outside the inbox, by which way, and when not."""

from __future__ import annotations

import re
from datetime import time
from functools import partial
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field
from wtforms.validators import ValidationError

from portal import notices
from portal.blueprints.account.routes import bp
from portal.forms import Choice, Line, OneOf, PortalForm
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, label
from portal.kernel import chat_robots, inbox, message_choices, reference
from portal.kernel.db import db
from portal.kernel.outbox import ALWAYS
from portal.kernel.quiet import Choices, Quiet, Where
from portal.kernel.rights import May

HANDLE = re.compile(r"[A-Za-z0-9_.@-]{1,64}", re.ASCII)
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
EVERY = (15, 30, 60, 120, 240)  # minutes
COLLECTED = "+"  # behind the ways of a topic whose messages leave together
TOPICS = [topic for topic in notices.TOPICS if topic not in ALWAYS]


def _ways(topic: str) -> list[tuple[str, str]]:
    """Every choice for a topic: by which ways, and whether at once; what no chat hears of leaves by mail alone."""
    if topic in inbox.IN_GROUPS or topic == "clock":
        named = [(where, label(where)) for where in Where if where is not Where.NONE]
    else:
        named = [(Where.ALL, label(Where.MAIL))]
    at_once = [(where.value, words) for where, words in named]
    collected = [
        (f"{where.value}{COLLECTED}", _("%(ways)s, collected", ways=words)) for where, words in named
    ]
    return [*at_once, *collected, (Where.NONE.value, label(Where.NONE))]


def _spans() -> list[tuple[str, str]]:
    return [(str(every), _("every %(minutes)s minutes", minutes=every)) for every in EVERY]


class TimeOfDay(Line):
    """A time of the company's day, typed as `20:00`; `data` is minutes."""

    def read(self, text: str) -> Any:
        if not text:
            return None
        if not (found := TIME.fullmatch(text)):
            raise ValueError(_("Please write the time as 20:00."))
        return int(found[1]) * 60 + int(found[2])

    def process_data(self, value: Any) -> None:
        self.data = value

    def _value(self) -> str:
        typed = self.typed()
        if typed is not None or self.data is None:
            return typed or ""
        return time(self.data // 60, self.data % 60).strftime("%H:%M")


class MessagesForm(PortalForm):
    """What holds for every topic; the topics' own fields are added below."""

    quiet = Choice(_l("Nothing is sent"), of=Quiet, words=label, default=Quiet.OFFICE, required=True)
    quiet_from = TimeOfDay(_l("From"), most=5)
    quiet_until = TimeOfDay(_l("Until"), most=5)
    every = OneOf(_l("What is collected leaves together"), codes=_spans, required=True)
    handle = Line(_l("My account in the chat service"), most=64)

    def validate_quiet_from(self, field: Field) -> None:
        """Two times, and different ones, where the person's own times count."""
        if self.quiet.data is not Quiet.OWN:
            return
        if field.data is None or self.quiet_until.data is None:
            raise ValidationError(_("Please give both times."))
        if field.data == self.quiet_until.data:
            raise ValidationError(_("The two times must differ."))

    def validate_handle(self, field: Field) -> None:
        if field.data and not HANDLE.fullmatch(field.data):
            raise ValidationError(_("Only letters, figures and _ . @ - fit here."))


def _topic(topic: str) -> str:
    return f"topic_{topic}"


# Sent without a topic, a form leaves it as everybody has it.
FORM: Any = type(
    "TopicsForm",
    (MessagesForm,),
    {
        _topic(topic): OneOf(notices.TOPICS[topic], codes=partial(_ways, topic), default=Where.ALL.value)
        for topic in TOPICS
    },
)


@bp.route("/account/messages", methods=["GET", "POST"])
@needs(May.USE_PORTAL)
def messages() -> Response | str:
    """The choices as they are, or as they are chosen now."""
    if request.method == "GET":
        return _drawn(_filled(message_choices.of(me().id)))
    form = FORM.of_request()
    if not form.validate():
        return make_response(_drawn(form), 422)
    with db.write():
        message_choices.keep(me().id, _chosen(form))
    return gone_to(url_for(".messages"), said=_("Your choices are kept."))


def _chosen(form: Any) -> Choices:
    """What a form says that can be taken."""
    ways = {topic: form[_topic(topic)].data or Where.ALL.value for topic in TOPICS}
    known = Choices()
    where = {topic: Where(code.removesuffix(COLLECTED)) for topic, code in ways.items()}
    return Choices(
        quiet=form.quiet.data,
        quiet_from=known.quiet_from if form.quiet_from.data is None else form.quiet_from.data,
        quiet_until=known.quiet_until if form.quiet_until.data is None else form.quiet_until.data,
        every=int(form.every.data),
        handle=form.handle.data,
        where={topic: ways for topic, ways in where.items() if ways is not Where.ALL},
        collected=frozenset(topic for topic, code in ways.items() if code.endswith(COLLECTED)),
    )


def _filled(chosen: Choices) -> Any:
    topics = {
        _topic(topic): chosen.where.get(topic, Where.ALL).value
        + (COLLECTED if topic in chosen.collected else "")
        for topic in TOPICS
    }
    return FORM.blank(
        quiet=chosen.quiet,
        quiet_from=chosen.quiet_from,
        quiet_until=chosen.quiet_until,
        every=str(chosen.every),
        handle=chosen.handle,
        **topics,
    )


def _drawn(form: Any) -> str:
    card = reference.staff().cards[me().id]
    robots = [chat_robots.known()[channel].name for channel in chat_robots.of_person(card)]
    return render_template(
        "account/messages.html",
        form=form,
        topics=[form[_topic(topic)] for topic in TOPICS],
        email=card.email,
        robots=robots,
    )
