"""/duty/log: what happened on duty, the quick entry, corrections as new entries, the workbook (DR-02)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.equipment.forms import choices
from portal.blueprints.duty.equipment.queries import ledger
from portal.blueprints.duty.log import actions, call_end, holds, queries, rules
from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.forms import EntryForm, FollowForm, posts_of
from portal.blueprints.duty.log.labels import SAID
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called, label
from portal.kernel import clock, files, pictures, sheets
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.workflow import Refused
from portal.parts import Part
from portal.verbs import tell_why

PARTS.append(Part(_l("Shift log"), "duty.log", May.SEE_DUTY, 12))
INDEX, SHOW = "duty/log/index.html", "duty/log/show.html"
TONES = {Standing.DONE: "ok", Standing.OPEN: "warn", Standing.RUNNING: "bad"}
TO_CALL = frozenset({Category.FAULT, Category.EQUIPMENT, Category.INCIDENT})  # DR-15


def _asked() -> queries.LogList:
    return queries.LogList.asked_for(me(), request.args)


def _mine(every: list[Post]) -> list[Post]:
    return call_end.writable(me(), every, clock.now())


def _listed(tried: EntryForm | None = None, code: int = 200) -> Response:
    asked, every = _asked(), list(posts.posts())
    rows, newer, older = asked.page()
    writable = _mine(every)
    chosen = posts_of(writable, called)
    form = tried or EntryForm.blank(posts=chosen, post=asked.post if asked.post in chosen else "")
    context: dict[str, Any] = {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "form": form if writable else None,
        "posts": {post.id: called(post) for post in every},
        "choices": [(post.code, called(post)) for post in every if post.active],
        "pictures": pictures.of_many("duty_log", [row.id for row in rows]),
        "equipment": choices() if writable else [],
        "categories": list(Category),
        "tones": TONES,
        "is_open": rules.is_open,
        "name_of": name_of,
    }
    return make_response(render_template(INDEX, **context), code)


@bp.get("/log")
@needs(May.SEE_DUTY)
def log() -> Response:
    """The entries, newest first, and the quick entry for whoever is on duty; its filters are in the address (DR-02)."""
    return _listed()


@bp.post("/log")
@needs(May.SEE_DUTY)
def write_log() -> Response:
    """One entry; of a major one the head hears at once (DR-02)."""
    writable = _mine(list(posts.posts()))
    if not writable:
        abort(403)
    form = EntryForm.of_request(posts=posts_of(writable, called))
    if not form.validate():
        return _listed(form, 422)
    (post,) = (each for each in writable if each.code == form.post.data)
    try:
        with db.write():
            made = actions.enter(post, by=me(), now=clock.now(), **form.given())
    except actions.SentBefore as sent:
        made = sent.made
    except SaidOtherwise as against:
        tell_why(form, against)
        return _listed(form, 409)
    return gone_to(url_for(".log"), said=_("%(number)s is written down.", number=made.number))


@bp.get("/log/export")
@needs(May.EXPORT_CASES)
def export_log() -> Response:
    """What the list shows, every row of it, as a workbook."""
    names = {post.id: called(post) for post in posts.posts()}
    captions = (
        _("Number"), _("Post"), _("Written at"), _("By"), _("Entry"), _("About entry"), _("Category of the entry"),
        _("Where it stands"), _("Major"), _("What happened"), _("Number of a case"), _("Number of a visit"),
        _("Code of equipment"),
    )  # fmt: skip
    lines = (
        [
            row.number, names[row.post_id], row.at, name_of(row.by_id), label(row.act), row.about, label(row.category),
            label(Standing.DONE if row.settled else row.standing), _("yes") if row.major else "", row.text,
            row.case_number, row.visit_number, row.equipment_code,
        ]
        for row in _asked().rows(sheets.MOST_ROWS)
    )  # fmt: skip
    book = sheets.workbook(_("Shift log"), [sheets.Column(caption) for caption in captions], lines)
    return sheets.send(f"{_('Shift log')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/log/<entry_number>")
@needs(May.SEE_DUTY)
def log_entry(entry_number: str) -> Response:
    """One entry and what was said of it later."""
    return _shown(entry_number)


@bp.get("/log/<entry_number>/pictures/<int:file_id>")
@needs(May.SEE_DUTY)
def log_picture(entry_number: str, file_id: int) -> Response:
    """One picture of an entry, to those who may read the entry."""
    return files.send_one_of("duty_log", queries.find(me(), entry_number).id, file_id)


def _shown(number: str, act: Act | None = None, tried: FollowForm | None = None, code: int = 200) -> Response:
    entry = queries.find(me(), number)
    every = list(posts.posts())
    (post,) = (each for each in every if each.id == entry.post_id)
    acts = [each for each in SAID if rules.may_follow(entry, each)] if post in _mine(every) else []
    held = holds.against_settling(entry) if rules.is_open(entry) else []
    if held and Act.SETTLE in acts:
        acts.remove(Act.SETTLE)
    context = {
        "entry": entry,
        "post": called(post),
        "later": queries.about(entry.id),
        "pictures": pictures.of_many("duty_log", [entry.id]).get(entry.id, []),
        "known": queries.known_of(me(), entry),
        "thing": ledger().get(entry.equipment_code),
        "may_report": bool(acts) and rules.may_be_ordered(entry),
        "called": called,
        "forms": {each: tried if each is act and tried else FollowForm.blank() for each in acts},
        "opened": act,
        "tone": TONES[entry.standing] if rules.is_open(entry) else "ok",
        "standing": entry.standing if rules.is_open(entry) else Standing.DONE,
        "held": [errors.say(reason) for reason in held],
        "whom_to_call": entry.category in TO_CALL,
        "name_of": name_of,
    }
    return make_response(render_template(SHOW, **context), code)


@bp.post("/log/<entry_number>/<any(correct,settle):act>")
@needs(May.SEE_DUTY)
def follow_entry(entry_number: str, act: str) -> Response:
    """A correction, or the word that a matter is settled: a new entry that points to the old one (DR-02)."""
    entry, which = queries.find(me(), entry_number), Act(act)
    writable = [post for post in _mine(list(posts.posts())) if post.id == entry.post_id]
    if not writable:
        abort(403)
    if not rules.may_follow(entry, which):
        abort(409)
    if which is Act.SETTLE and (held := holds.against_settling(entry)):
        raise Refused(held)
    form = FollowForm.of_request()
    if not form.validate():
        return _shown(entry_number, which, form, 422)
    try:
        with db.write():
            actions.enter(
                writable[0], by=me(), now=clock.now(), category=entry.category, act=which, about_id=entry.id,
                text=form.text.data, idempotency_key=form.idempotency_key.data,
            )  # fmt: skip
    except (actions.SentBefore, IntegrityError):
        db.session.rollback()  # it was said already
    except SaidOtherwise:
        abort(409)
    return gone_to(url_for(".log_entry", entry_number=entry_number), said=str(SAID[which]))
