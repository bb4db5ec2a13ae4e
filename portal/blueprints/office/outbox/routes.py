"""/office/outbox/: what waits, what left, what failed; send again, give up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import worker
from portal.blueprints.office.area import bp
from portal.blueprints.office.outbox import queries
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label, ngettext
from portal.kernel import clock, history, outbox
from portal.kernel.db import db
from portal.kernel.outbox import Delivery, Fate
from portal.kernel.rights import May


@dataclass(frozen=True)
class AllOf:
    """Every delivery of a channel, for the history."""

    id: int = 0
    history_kind: str = Delivery.history_kind


@bp.get("/outbox/", endpoint="outbox")
@needs(May.MANAGE_OFFICE)
def index() -> str:
    """Each message outside the inbox, newest first, and how each channel stands."""
    asked = queries.OutboxList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    here = url_for(".outbox")
    return render_template(
        "office/outbox/index.html",
        rows=rows,
        newer=f"{here}?{newer}" if newer else None,
        older=f"{here}?{older}" if older else None,
        asked=asked,
        ways=queries.ways(clock.now()),
        channels=queries.channels(),
        fates=[(fate.value, label(fate)) for fate in Fate],
        dry=current_app.config["SETTINGS"].is_dry,
    )


@bp.post("/outbox/<int:delivery_id>/again")
@needs(May.MANAGE_OFFICE)
def send_again(delivery_id: int) -> Response:
    """Have one message tried anew."""
    with db.write():
        found = _find(delivery_id)
        if not outbox.send_again([Delivery.id == found.id], clock.now()):
            abort(409)
        history.record(found, "outbox:again", by=me().id, now=clock.now())
        db.afterwards(worker.wake)
    return gone_to(_back(), said=_("The message is sent again."))


@bp.post("/outbox/<int:delivery_id>/give-up")
@needs(May.MANAGE_OFFICE)
def give_up(delivery_id: int) -> Response:
    """Send one message no more; the person has it in the inbox."""
    with db.write():
        found = _find(delivery_id)
        if not outbox.give_up([Delivery.id == found.id], clock.now()):
            abort(409)
        history.record(found, "outbox:give_up", by=me().id, now=clock.now())
    return gone_to(_back(), said=_("The message is given up; it stands in the inbox all the same."))


@bp.post("/outbox/again")
@needs(May.MANAGE_OFFICE)
def send_all_again() -> Response:
    """Have everything that failed by a channel tried anew."""
    channel = _channel()
    with db.write():
        count = outbox.send_again([Delivery.channel == channel], clock.now())
        history.record(AllOf(), "outbox:again", by=me().id, now=clock.now(), channel=channel, count=count)
        db.afterwards(worker.wake)
    said = ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", count)
    return gone_to(_back(), said=said)


@bp.post("/outbox/give-up")
@needs(May.MANAGE_OFFICE)
def give_all_up() -> Response:
    """Send nothing of a channel any more that failed; what waits goes on."""
    channel = _channel()
    with db.write():
        count = outbox.give_up([Delivery.channel == channel, Delivery.fate == Fate.DEAD], clock.now())
        history.record(AllOf(), "outbox:give_up", by=me().id, now=clock.now(), channel=channel, count=count)
    said = ngettext("%(num)s message is given up.", "%(num)s messages are given up.", count)
    return gone_to(_back(), said=said)


def _find(delivery_id: int) -> Delivery:
    return db.session.get(Delivery, delivery_id) or abort(404)


def _channel() -> str:
    """The channel of the form, known or of a robot that was removed."""
    channel = request.form.get("channel", "")
    if not channel or len(channel) > 16 or not channel.isascii() or not channel.isprintable():
        abort(400)
    return channel


def _back() -> str:
    """The list with the filters that it had."""
    fate = request.form.get("fate", "")
    return url_for(".outbox", fate=fate if fate in set(Fate) else None)
