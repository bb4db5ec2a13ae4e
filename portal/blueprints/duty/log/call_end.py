"""A call that becomes an entry of the shift log without retyping (PG-02, DR-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from portal.blueprints.duty.handover import who
from portal.blueprints.duty.log import actions, rules
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.duty.log.forms import posts_of
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.forms import Choice, OneOf, PortalForm
from portal.i18n import _, _l, called, label, listed
from portal.kernel import clock, customers
from portal.kernel.calls import Call, End, Made, MadeBefore
from portal.kernel.people import Viewer


class EntryOfCall(PortalForm):
    """What an entry needs besides what was noted (DR-02)."""

    post = OneOf(_l("Post"), codes=lambda: (), required=True)
    category = Choice(
        _l("Category of the entry"), of=Category, words=label, required=True, default=Category.VISITOR
    )
    standing = Choice(_l("Where it stands"), of=Standing, words=label, required=True, default=Standing.DONE)

    def __init__(self, *args: Any, posts: dict[str, str], **more: Any) -> None:
        self.posts = posts
        super().__init__(*args, **more)

    def process(self, *args: Any, **more: Any) -> None:
        """The posts to choose from are known before anything is read."""
        self.post.codes = self.posts.items
        super().process(*args, **more)


def writable(viewer: Viewer, every: list[Post], now: datetime) -> list[Post]:
    """DR-02: the posts whose log somebody may write; where they are on duty first."""
    here = who.posts_of(viewer.id, now)
    mine = [post for post in every if post.active and rules.may_write(viewer, post.id in here)]
    return sorted(mine, key=lambda post: post.id not in here)


def _form(viewer: Viewer, sent: bool) -> EntryOfCall | None:
    mine = writable(viewer, list(posts.posts()), clock.now())
    if not mine:
        return None
    more: dict[str, Any] = {"posts": posts_of(mine, called), "prefix": "log-"}
    return EntryOfCall.of_request(**more) if sent else EntryOfCall.blank(post=mine[0].code, **more)


def _make(call: Call, asked: EntryOfCall, by: Viewer, now: datetime, key: str) -> Made:
    try:
        made = actions.enter(
            posts.post(asked.post.data), by=by, now=now, category=asked.category.data, text=said(call),
            standing=asked.standing.data, idempotency_key=key,
        )  # fmt: skip
    except actions.SentBefore as sent:
        raise MadeBefore(_told(sent.made.number)) from sent
    return _told(made.number)


def said(call: Call) -> str:
    """The entry's words. Nothing in the log can be erased, so a number stands there only in part (RC-20)."""
    who_called = listed([part for part in (call.caller, customers.masked(call.phone)) if part])
    lines = [
        _("Call from %(who)s", who=who_called) if who_called else "",
        call.text,
        _("Wanted: %(demand)s", demand=call.demand) if call.demand else "",
        _("Put through to %(who)s", who=call.transfer) if call.transfer else "",
    ]
    return "\n".join(filter(None, lines))


def _told(number: str) -> Made:
    return Made(
        number,
        url_for("duty.log_entry", entry_number=number),
        _("%(number)s is written down.", number=number),
    )


END = End("log", _l("Only write it into the log"), "edit", 30, _form, _make)
