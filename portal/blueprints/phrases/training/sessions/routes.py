"""/phrases/training/sessions/: trainings with their people, material, attendance and reflections (GO-02)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import timeline
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.training import audience, page
from portal.blueprints.phrases.training.codes import Presence, SessionState, Topic
from portal.blueprints.phrases.training.labels import BUTTONS, SAID
from portal.blueprints.phrases.training.models import Training
from portal.blueprints.phrases.training.plan import queries as plan
from portal.blueprints.phrases.training.rules import attending
from portal.blueprints.phrases.training.sessions import actions, queries
from portal.blueprints.phrases.training.sessions.forms import CLAUSE, FORMS, SessionForm, stored
from portal.blueprints.phrases.training.workflow import HELD, MARK, REFLECT, SIGN_IN, TRAINING
from portal.drawing import clause_title, department_name, name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.i18n import _
from portal.kernel import clock, files, ics, lists, policies, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.making import made_once
from portal.papers import Paper, printed
from portal.security import SANDBOX
from portal.verbs import Verbs

INDEX, NEW, SHOW, SHEET = (
    f"phrases/training/sessions/{name}.html" for name in ("index", "new", "show", "sheet")
)
FORM_NUMBER = "QR-GO-02 · V1"
TONES = {SessionState.PLANNED: "info", SessionState.HELD: "ok", SessionState.CANCELLED: ""}
MARKS = {Presence.INVITED: "", Presence.PRESENT: "ok", Presence.LATE: "warn", Presence.ABSENT: "bad"}
ALIASES = {"training-attend": "sign-in", "training-reflect": "reflect", "training-held": "held"}


@bp.get("/training/sessions/")
@needs(May.USE_PORTAL)
def training_sessions() -> str:
    """The trainings, newest first."""
    asked = queries.SessionList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    return render_template(
        INDEX,
        asked=asked,
        rows=rows,
        newer=newer,
        older=older,
        topics=list(Topic),
        states=list(SessionState),
        keeps=attending.keeps_training(me()),
        tones=TONES,
        trainer=page.trainer,
    )


@bp.route("/training/sessions/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_training_session() -> Response:
    """A training, from a line of the plan or without one; the invitations go out at once."""
    line = _line()
    if request.method == "GET":
        return _form(_blank(line), 200)
    return made_once(
        SessionForm.of_request(),
        sent(f"training {line.id if line else ''}", "add"),
        make=lambda **given: actions.arrange(**given, plan_id=line.id if line else None),
        draw=_form,
        back=lambda made: (
            url_for(".training_session", training_number=made.number)
            if made
            else url_for(".training_sessions")
        ),
        said=_("The training is arranged; whoever is invited hears of it."),
    )


def _line() -> Any:
    number = lists.number(request.values.get("plan"))
    return plan.find(me(), number) if number is not None else None


def _blank(line: Any) -> SessionForm:
    if line is None:
        return SessionForm.blank()
    codes = {name: getattr(line, name).split() for name in ("departments", "roles", "posts")}
    if not any(codes.values()):
        codes["departments"] = [code for code, _name in audience.departments()]
    day = clock.local(clock.now()) + timedelta(days=7)
    begins = day.replace(hour=14, minute=0, second=0, microsecond=0)
    return SessionForm.blank(
        topic=line.topic, title=line.title, place=line.place, trainer=line.trainer, note=line.note,
        starts_at=begins, ends_at=begins + timedelta(hours=2), **codes,
    )  # fmt: skip


def _form(form: SessionForm, code: int) -> Response:
    context = {"form": form, "line": _line(), "people": page.colleagues()}
    return make_response(render_template(NEW, **context), code)


# -- one session ----------------------------------------------------------------------------------------------------


@bp.get("/training/sessions/<training_number>")
@needs(May.USE_PORTAL)
def training_session(training_number: str) -> str:
    """One training; `?do=` opens the form of a verb."""
    asked = request.args.get("do", "")
    found = queries.find(me(), training_number)
    return render_template(SHOW, **_shown(found, me(), do=ALIASES.get(asked, asked)))


def _shown(found: Training, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    steps = [step.verb for step in TRAINING.open_to(found, viewer)]
    forms = {verb: FORMS[verb].blank(**stored(found, verb, viewer.id)) for verb in steps}
    for verb in _not_yet(found, viewer):
        forms.pop(verb, None)
    if tried is not None and do in steps:
        forms[do] = tried
    own, links = found.of(viewer.id), found.material.split()
    return {
        "found": found,
        "own": own,
        "rows": queries.shown_to(viewer, found),
        "forms": {verb: form for verb, form in forms.items() if verb != MARK},
        "mark": forms.get(MARK),
        "tried": do,
        "buttons": BUTTONS,
        "tone": TONES[found.state],
        "marks": MARKS,
        "presences": [each for each in Presence if each is not Presence.INVITED],
        "clauses": [(code, clause_title(code)) for code in links if CLAUSE.fullmatch(code)],
        "phrases": [code for code in links if not CLAUSE.fullmatch(code)],
        "files": files.listed(found),
        "people": page.colleagues(),
        "name_of": name_of,
        "username_of": lambda person: reference.staff().cards[person].username,
        "trainer": page.trainer,
        "keeps": MARK in steps,
        "timeline": timeline.of(found) if MARK in steps else [],
    }


def _not_yet(found: Training, viewer: Viewer) -> set[str]:
    """Verbs whose time has not come, or is over, for this viewer: their forms would only be refused."""
    now, own, closed = clock.now(), found.of(viewer.id), set()
    early = timedelta(minutes=policies.number("training.sign_in_before", now))
    signs = own is not None and own.presence is Presence.INVITED
    if not (signs and found.starts_at - early <= now <= found.ends_at):
        closed.add(SIGN_IN)
    if own is None or not own.came:
        closed.add(REFLECT)
    if now < found.starts_at:
        closed |= {MARK, HELD}
    return closed


@bp.get("/training/sessions/<training_number>/files/<int:file_id>")
@needs(May.USE_PORTAL)
def training_file(training_number: str, file_id: int) -> Response:
    """One file of the material."""
    return files.send_one_of("training", queries.find(me(), training_number).id, file_id)


@bp.get("/training/sessions/<training_number>/invite.ics")
@needs(May.USE_PORTAL)
def training_invite(training_number: str) -> Response:
    """The training as an entry for a calendar; fetched again after a move, it takes the old one's place."""
    found = queries.find(me(), training_number)
    if found.of(me().id) is None and not attending.standing(found, me()):
        raise NotFound
    settings = current_app.config["SETTINGS"]
    card = reference.staff().cards.get(found.trainer_id) if found.trainer_id else None
    cancelled = found.state is SessionState.CANCELLED
    entry = ics.Entry(
        uid=f"{found.number}@{urlsplit(settings.base_url).hostname or 'front-office-portal'}",
        sequence=found.moves,
        made_at=clock.now(),
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        summary=found.title,
        place=found.place,
        description=found.note,
        status="CANCELLED" if cancelled else "CONFIRMED",
        organizer=page.trainer(found.trainer),
        mail=(card.email if card else "") or settings.mail_from,
    )
    answer = make_response(ics.written(entry, clock.zone()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    answer.headers["Content-Disposition"] = f"attachment; filename={found.number}.ics"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@printed(bp, "/training/sessions/<training_number>/sheet", May.USE_PORTAL)
def training_sheet(training_number: str) -> Paper:
    """The sign-in sheet on A4, with its form number (GO-01, GO-02); for whoever keeps the list, and leads."""
    found = queries.find(me(), training_number)
    rows = queries.shown_to(me(), found)
    if not rows:
        raise NotFound
    context = {
        "found": found, "rows": rows, "form_number": FORM_NUMBER, "name_of": name_of, "trainer": page.trainer,
        "department_of": lambda person: department_name(reference.staff().cards[person].department),
    }  # fmt: skip
    title = _("PDF of the sign-in sheet %(number)s", number=found.number)
    return Paper(SHEET, found.number, title, f"{found.number}.pdf", context, version=found.version)


VERBS = Verbs(
    flow=TRAINING,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: url_for(".training_session", training_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/training/sessions/<training_number>", "{}_training", May.USE_PORTAL)
