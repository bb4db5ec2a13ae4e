"""/phrases/training/quizzes/ and /attempts/: quizzes, and the papers drawn from what is in force (GO-02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors, notices
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.training import page, reach, sources
from portal.blueprints.phrases.training.codes import AttemptState, QuestionKind, QuizState
from portal.blueprints.phrases.training.labels import BUTTONS, CHAPTERS, QUESTIONS, SAID
from portal.blueprints.phrases.training.limits import in_words
from portal.blueprints.phrases.training.models import Attempt, Quiz
from portal.blueprints.phrases.training.quizzes import actions, queries
from portal.blueprints.phrases.training.quizzes.forms import FORMS, HandInForm, QuizForm, answers, stored
from portal.blueprints.phrases.training.rules import attending, marks
from portal.blueprints.phrases.training.rules.draw import Question, Text
from portal.blueprints.phrases.training.workflow import ATTEMPT, EDIT, QUIZ
from portal.drawing import name_of
from portal.forms import VerbForm, sent
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, called, is_chinese
from portal.kernel import clock, policies
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.making import made_once
from portal.verbs import Verbs, tell_why

INDEX, NEW, SHOW, PAPER = (
    f"phrases/training/quizzes/{name}.html" for name in ("index", "new", "show", "paper")
)


@bp.get("/training/quizzes/")
@needs(May.USE_PORTAL)
def training_quizzes() -> str:
    """Every quiz, and where the viewer stands with it."""
    now = clock.now()
    latest, in_force = queries.latest(me().id), sources.in_force(now)
    return render_template(
        INDEX,
        rows=[(quiz, *page.pass_of(latest.get(quiz.id), in_force)) for quiz in queries.every()],
        keeps=attending.keeps_training(me()),
        mark=policies.number("quiz.pass_mark", now),
        called=called,
    )


@bp.route("/training/quizzes/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_quiz() -> Response:
    """A new quiz."""
    if request.method == "GET":
        kinds = [kind.value for kind in QuestionKind]
        return _form(QuizForm.blank(questions=10, kinds=kinds), 200)
    return made_once(
        QuizForm.of_request(),
        sent("quiz", "add"),
        make=actions.make,
        draw=_form,
        back=lambda made: url_for(".quiz", quiz_number=made.number) if made else url_for(".training_quizzes"),
        said=_("The quiz is open."),
    )


def _form(form: QuizForm, code: int) -> Response:
    return make_response(render_template(NEW, form=form), code)


@bp.get("/training/quizzes/<quiz_number>")
@needs(May.USE_PORTAL)
def quiz(quiz_number: str) -> str:
    """One quiz: what it asks, the own papers, another try."""
    return render_template(SHOW, **_shown(queries.find(me(), quiz_number), me()))


def _shown(
    found: Quiz, viewer: Viewer, *, do: str = "", tried: Any = None, against: Sequence[str] = ()
) -> dict[str, Any]:
    forms: dict[str, Any] = {}
    for step in QUIZ.open_to(found, viewer):
        given = stored(found) if step.verb == EDIT else {"version": found.version}
        forms[step.verb] = FORMS[step.verb].blank(**given)
    if tried is not None and do in forms:
        forms[do] = tried
    now = clock.now()
    where = actions.standing(viewer, found, now)
    handed = [each for each in where["papers"] if each.state is AttemptState.HANDED_IN]  # the newest first
    return {
        "found": found,
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "called": called,
        "where": where,
        "chapters": [CHAPTERS[code] for code in found.chapters.split() if code in CHAPTERS],
        "reasons": [errors.say(reason) for reason in where["against"]],
        "refused": against,
        "lacking": [kind for kind, count in where["offered"].items() if not count],
        "few": 0 < sum(where["offered"].values()) < found.questions,
        "mark": policies.number("quiz.pass_mark", now),
        "closed": found.state is QuizState.CLOSED,
        "standing": page.pass_of(
            next((each for each in handed if each.passed), handed[0] if handed else None),
            sources.in_force(now),
        ),
    }


@bp.post("/training/quizzes/<quiz_number>/start")
@needs(May.USE_PORTAL)
def start_quiz(quiz_number: str) -> Response:
    """A paper is drawn, or the one on the table is shown again."""
    try:
        made = actions.start(quiz_number, by=me(), now=clock.now())
    except Refused as refused:
        form = VerbForm.blank()
        tell_why(form, refused)
        if wants_fragment():
            raise
        drawn = _shown(queries.find(me(), quiz_number), me(), against=form.form_errors)
        return make_response(render_template(SHOW, **drawn), 409)
    return gone_to(url_for(".quiz_paper", attempt_number=made.number), said=_("Your paper is drawn."))


VERBS = Verbs(
    flow=QUIZ,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: url_for(".quiz", quiz_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/training/quizzes/<quiz_number>", "{}_quiz", May.USE_PORTAL)


# -- a paper --------------------------------------------------------------------------------------------------------


@bp.get("/training/attempts/<attempt_number>")
@needs(May.USE_PORTAL)
def quiz_paper(attempt_number: str) -> str:
    """One paper: to be filled in while it is open, with what was right and why once it is handed in."""
    return render_template(PAPER, **_paper(queries.paper(me(), attempt_number), me()))


def _paper(found: Attempt, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    now, questions = clock.now(), queries.questions(found)
    given: Mapping[str, Sequence[int]] = found.given
    if tried is not None:
        given = {**given, **answers(questions)}
    done = found.state is AttemptState.HANDED_IN
    return {
        "found": found,
        "done": done,
        "form": tried or HandInForm.blank(),
        "questions": [
            _question(place, each, given.get(str(place), ()), done)
            for place, each in enumerate(questions, start=1)
        ],
        "answered": sum(
            marks.is_whole(each, given.get(str(place), ())) for place, each in enumerate(questions, start=1)
        ),
        "over": marks.is_over(found, now),
        "called": called,
        "name_of": name_of,
        "own": found.person_id == viewer.id,
        "stale": done and found.passed and actions.is_stale(found, sources.in_force(now)),
        "documents": _documents(found) if done else [],
        "may_read": reach.may_read(viewer, found.person_id),
    }


def _question(place: int, question: Question, given: Sequence[int], done: bool) -> dict[str, Any]:
    """A question as the page draws it; what is right and why only once the paper is handed in."""
    figure = question.kind is QuestionKind.FIGURE
    drawn: dict[str, Any] = {
        "place": place,
        "kind": question.kind,
        "asked": str(QUESTIONS[question.kind]) % {"about": _text(question.about)},
        "options": [in_words(option.zh) if figure else _text(option) for option in question.options],
        "given": list(given) or ([0] * len(question.options) if question.kind is QuestionKind.ORDER else []),
    }
    if done:
        drawn |= {
            "right": question.right,
            "is_right": marks.is_right(question, given),
            "reason": _text(question.reason),
            "clause": question.clause,
        }
    if done and question.kind is QuestionKind.ORDER:  # told in the right order
        steps = sorted(zip(question.right, drawn["options"], drawn["given"], strict=True))
        drawn["right"], drawn["options"], drawn["given"] = zip(*steps, strict=True)
    return drawn


def _text(text: Text) -> str:
    return text.zh if is_chinese() or not text.en else text.en


def _documents(found: Attempt) -> list[str]:
    """What the paper was drawn from, in the versions of that day; a figure has a name instead of a version."""
    told = []
    for ref in sorted(queries.documents(found)):
        if ref.kind == "figure":
            told.append(str(notices.FIGURES.get(ref.code, ref.code)))
        else:
            told.append(_("%(code)s, version %(version)s", code=ref.code, version=ref.version))
    return told


@bp.post("/training/attempts/<attempt_number>/save")
@needs(May.USE_PORTAL)
def save_quiz_paper(attempt_number: str) -> Response:
    """The answers given so far are kept; without script by a button, with it as they are given."""
    questions = queries.questions(queries.paper(me(), attempt_number))
    kept = actions.keep(attempt_number, answers(questions), by=me(), now=clock.now())
    if not wants_fragment():
        return gone_to(url_for(".quiz_paper", attempt_number=kept.number), said=_("Your answers are kept."))
    context = _paper(kept, me())
    return make_response(render_template("phrases/training/quizzes/_kept.html", **context))


def _hand_in_form(found: Attempt, _verb: str) -> HandInForm:
    form = HandInForm.of_request()
    form.questions, form.kept = queries.questions(found), found.given
    form.over = marks.is_over(found, clock.now())
    return form


PAPERS = Verbs(
    flow=ATTEMPT,
    find=queries.paper,
    form=_hand_in_form,
    act=actions.act_on_paper,
    draw=_paper,
    said=lambda found, _verb: (
        _("Passed with %(percent)s per cent.", percent=found.percent)
        if found.passed
        else _("Not passed: %(percent)s per cent.", percent=found.percent)
    ),
    back=lambda found, _verb: url_for(".quiz_paper", attempt_number=found.number),
    page=PAPER,
)
PAPERS.add_to(bp, "/training/attempts/<attempt_number>", "{}_quiz_paper", May.USE_PORTAL)
