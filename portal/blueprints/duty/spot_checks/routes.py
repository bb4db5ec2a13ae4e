"""/duty/spot-checks/: the head looks at the duty at random, and deals with what is found (DR-05)."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import timeline
from portal.blueprints.duty import heads
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.routes import colleagues
from portal.blueprints.duty.spot_checks import actions, queries
from portal.blueprints.duty.spot_checks.codes import State
from portal.blueprints.duty.spot_checks.forms import FORMS, RecordForm, record_form
from portal.blueprints.duty.spot_checks.labels import BUTTONS, SAID
from portal.blueprints.duty.spot_checks.models import DutyCheck
from portal.blueprints.duty.spot_checks.workflow import DUTY_CHECK
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.i18n import _, _l, called, label, listed
from portal.kernel import clock, reference, sheets
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.making import made_once
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs

PARTS.append(Part(_l("Checks on duty"), "duty.spot_checks", May.SEE_DUTY, 50, shown=heads.heads_somewhere))
INDEX, NEW, SHOW = (f"duty/spot_checks/{page}.html" for page in ("index", "new", "show"))
FORM_NUMBER = "QR-DR-05 · V1"
TONES = {State.OPEN: "bad", State.SETTLED: "ok", State.CLEAN: "ok"}


@bp.get("/spot-checks/")
@needs(May.SEE_DUTY)
def spot_checks() -> str:
    """The checks that the viewer may see, and the week's proposal to the viewer alone."""
    asked = queries.DutyCheckList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    mine = queries.posts_of(me())
    return render_template(
        INDEX,
        asked=asked,
        rows=rows,
        newer=newer,
        older=older,
        mine=mine,
        proposal=queries.proposal(me(), clock.local(clock.now()).date()) if mine else None,
        choices=[(post.code, called(post)) for post in mine],
        called=called,
        tones=TONES,
        name_of=name_of,
    )


@bp.get("/spot-checks/export")
@needs(May.EXPORT_CASES)
def export_spot_checks() -> Response:
    """What the list shows, every row of it, as a workbook."""
    captions = (
        _("Number"), _("Post"), _("Checked at"), _("Who checked"), _("On duty"), _("What was found"),
        _("What was dealt with at once"), _("Note"), _("Answers"), _("State"), _("What came of it"), _("Settled by"),
    )  # fmt: skip
    rows = queries.DutyCheckList.asked_for(me(), request.args).rows(sheets.MOST_ROWS)
    cells = (
        [
            row.number, called(row.post), row.checked_at, name_of(row.by_id), listed(name_of(i) for i in row.people),
            listed(row.found), row.dealt, row.note, listed(each.answer for each in row.met if each.answer),
            label(row.state), row.settled_note, name_of(row.settled_by_id) if row.settled_by_id else "",
        ]
        for row in rows
    )  # fmt: skip
    book = sheets.workbook(_("Checks on duty"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(f"{_('Checks on duty')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/spot-checks/new")
@needs(May.SEE_DUTY)
def new_spot_check() -> Response:
    """The form for the post that the week proposes to the viewer, else for the first one."""
    mine = queries.posts_of(me())
    if not mine:
        abort(403)
    row = queries.proposal(me(), clock.local(clock.now()).date())
    wanted = (
        row.post.code
        if row and row.done_id is None and row.post_id in {post.id for post in mine}
        else mine[0].code
    )
    return redirect(url_for(".spot_check_of", post_code=wanted))


@bp.route("/spot-checks/new/<post_code>", methods=["GET", "POST"])
@needs(May.SEE_DUTY)
def spot_check_of(post_code: str) -> Response:
    """A check of one post; whoever is on duty there by the signed handovers is filled in (DR-05, DR-10)."""
    post = posts.post(post_code)
    if not heads.is_head(me(), post.department):
        abort(403)
    form = record_form().of_request() if request.method == "POST" else _blank(post)
    if request.method == "GET":
        return _form(post, form, 200)
    return made_once(
        form,
        sent(f"duty check {post_code}", "record"),
        make=partial(actions.record, post),
        draw=lambda form, code: _form(posts.post(post_code), form, code),
        back=lambda made: (
            url_for(".spot_check", check_number=made.number) if made else url_for(".spot_checks")
        ),
        said=_("The check is recorded; whoever was met is told."),
    )


def _blank(post: Any) -> RecordForm:
    there = who.on_duty(clock.now()).get(post.id, [])
    cards = reference.staff().cards
    names = [cards[person].username for seats in there for person in seats.people]
    return record_form().blank(people=", ".join(dict.fromkeys(names)), checked_at=clock.now())


def _form(post: Any, form: RecordForm, code: int) -> Response:
    context = {
        "post": post,
        "form": form,
        "mine": queries.posts_of(me()),
        "called": called,
        "people": colleagues(),
    }
    return make_response(render_template(NEW, **context), code)


# -- one check ------------------------------------------------------------------------------------------------------


def _shown(found: DutyCheck, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    steps = DUTY_CHECK.open_to(found, viewer)
    forms = {step.verb: FORMS[step.verb].blank(version=found.version) for step in steps}
    if tried is None and viewer.id in found.answered:
        forms.pop("answer", None)
    if tried is not None and do in forms:
        forms[do] = tried
    return _drawn(found) | {
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "timeline": timeline.of(found),
    }


def _drawn(found: DutyCheck) -> dict[str, Any]:
    """What page and print have in common."""
    return {
        "found": found,
        "called": called,
        "tone": TONES[found.state],
        "name_of": name_of,
        "form_number": FORM_NUMBER,
    }


@bp.get("/spot-checks/<check_number>")
@needs(May.SEE_DUTY)
def spot_check(check_number: str) -> str:
    """One check: what was found, the answers, what came of it."""
    return render_template(SHOW, **_shown(queries.find(me(), check_number), me()))


@printed(bp, "/spot-checks/<check_number>/print", May.SEE_DUTY)
def spot_check_print(check_number: str) -> Paper:
    """The check on A4, with its form number (GO-01)."""
    found = queries.find(me(), check_number)
    title = _("PDF of the check %(number)s", number=found.number)
    return Paper(
        "duty/spot_checks/print.html", found.number, title, f"{found.number}.pdf", _drawn(found), version=found.version
    )  # fmt: skip


VERBS = Verbs(
    flow=DUTY_CHECK,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: url_for(".spot_check", check_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/spot-checks/<check_number>", "{}_spot_check", May.SEE_DUTY)
