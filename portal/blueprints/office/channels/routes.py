"""/office/channels/: the mail server as it is set, the robots as the office enters them, a test message for each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.audit.queries import lines_of
from portal.blueprints.office.channels import trial
from portal.blueprints.office.channels.forms import NewRobotForm, RobotForm
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import chat_robots, clock, outbox, reference
from portal.kernel.chat_robots import ChatRobot
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.outbox import Delivery
from portal.kernel.quiet import MAIL
from portal.kernel.rights import May


@bp.get("/channels/")
@needs(May.MANAGE_OFFICE)
def channels() -> str:
    """Every way out of the house, and whether it works."""
    return render_template("office/channels/index.html", **_list(NewRobotForm.blank()))


@bp.post("/channels/add")
@needs(May.MANAGE_OFFICE)
def add_robot() -> Response:
    """Enter a robot; its address and secret are sealed and never shown again."""
    form = NewRobotForm.of_request()
    if not form.validate():
        return make_response(render_template("office/channels/index.html", **_list(form)), 422)
    with db.write():
        robot = chat_robots.add(
            form.name.data,
            form.kind.data,
            form.department.data,
            form.webhook.data,
            form.secret.data,
            by=me().id,
            now=clock.now(),
        )
    said = _("The robot is entered; send a test message to see whether it speaks.")
    return gone_to(url_for(".robot", robot_id=robot.id), said=said)


@bp.post("/channels/test-mail")
@needs(May.MANAGE_OFFICE)
def test_mail() -> Response:
    """Send a test mail to oneself."""
    to = reference.staff().cards[me().id].email
    settings = current_app.config["SETTINGS"]
    if not to or not (settings.mail_server or settings.is_dry):
        abort(409)
    with db.write():
        trial.ask(MAIL, to, by=me().id, now=clock.now())
    return gone_to(url_for(".channels"), said=_("The test mail is on its way to %(address)s.", address=to))


@bp.get("/channels/<int:robot_id>")
@needs(May.MANAGE_OFFICE)
def robot(robot_id: int) -> str:
    """One robot: its words, what can be done, what was done."""
    return render_template("office/channels/show.html", **_page(_find(robot_id)))


@bp.post("/channels/<int:robot_id>/edit")
@needs(May.MANAGE_OFFICE)
def edit_robot(robot_id: int) -> Response:
    """Change a robot; a stale edit answers 409."""
    found = _find(robot_id)
    form = RobotForm.of_request(robot_kind=found.kind)
    if not form.validate():
        return make_response(render_template("office/channels/show.html", **_page(found, form)), 422)
    with db.write():
        found = _find(robot_id)
        form.version.insist(found.version)
        typed = (form.name.data, form.department.data, form.webhook.data, form.secret.data)
        chat_robots.edit(found, *typed, by=me().id, now=clock.now())
    return gone_to(url_for(".robot", robot_id=robot_id), said=_("Changed."))


@bp.post("/channels/<int:robot_id>/test")
@needs(May.MANAGE_OFFICE)
def test_robot(robot_id: int) -> Response:
    """Send a test message into the robot's group, switched on or not."""
    with db.write():
        found = _find(robot_id)
        trial.ask(found.channel, str(found.id), by=me().id, now=clock.now())
    return gone_to(url_for(".robot", robot_id=robot_id), said=_("The test message is on its way."))


@bp.post("/channels/<int:robot_id>/on")
@needs(May.MANAGE_OFFICE)
def robot_on(robot_id: int) -> Response:
    """Let the robot speak."""
    with db.write():
        chat_robots.switch(_find(robot_id), on=True, by=me().id, now=clock.now())
    return gone_to(url_for(".robot", robot_id=robot_id), said=_("The robot is switched on."))


@bp.post("/channels/<int:robot_id>/off")
@needs(May.MANAGE_OFFICE)
def robot_off(robot_id: int) -> Response:
    """Silence the robot; what waits for it is given up, inboxes have it all the same."""
    with db.write():
        found = _find(robot_id)
        chat_robots.switch(found, on=False, by=me().id, now=clock.now())
        outbox.give_up([Delivery.channel == found.channel], clock.now())
    return gone_to(url_for(".robot", robot_id=robot_id), said=_("The robot is switched off."))


@bp.post("/channels/<int:robot_id>/remove")
@needs(May.MANAGE_OFFICE)
def remove_robot(robot_id: int) -> Response:
    """Forget the robot with its address and secret."""
    with db.write():
        found = _find(robot_id)
        outbox.give_up([Delivery.channel == found.channel], clock.now())
        chat_robots.remove(found, by=me().id, now=clock.now())
    return gone_to(
        url_for(".channels"), said=_("The robot is removed; its address and secret are forgotten.")
    )


def _find(robot_id: int) -> ChatRobot:
    return db.session.get(ChatRobot, robot_id) or abort(404)


def _list(form: NewRobotForm) -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    tests = {job.key: job for job in db.session.scalars(sa.select(Job).where(Job.kind == trial.WORK))}
    return {
        "form": form,
        "robots": [(robot, trial.outcome(tests.get(robot.channel))) for robot in chat_robots.every()],
        "settings": settings,
        "mail_test": trial.outcome(tests.get(MAIL)),
        "my_address": reference.staff().cards[me().id].email,
    }


def _page(found: ChatRobot, form: RobotForm | None = None) -> dict[str, Any]:
    tried = db.session.scalars(sa.select(Job).where(Job.kind == trial.WORK, Job.key == found.channel))
    kept = {"name": found.name, "department": found.department, "version": found.version}
    return {
        "robot": found,
        "form": form or RobotForm.blank(robot_kind=found.kind, **kept),
        "test": trial.outcome(tried.one_or_none()),
        "lines": lines_of(found, me()),
    }
