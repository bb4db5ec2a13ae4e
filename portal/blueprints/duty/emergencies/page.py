"""What the templates of emergencies draw."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal import timeline
from portal.blueprints.duty.emergencies import queries, rules, watch
from portal.blueprints.duty.emergencies.codes import Answer, Kind, Service, State
from portal.blueprints.duty.emergencies.forms import FORMS, DeclareForm
from portal.blueprints.duty.emergencies.labels import BUTTONS, MARK, took
from portal.blueprints.duty.emergencies.models import Emergency
from portal.blueprints.duty.emergencies.workflow import (
    ANSWER,
    ARRIVE,
    EMERGENCY,
    END,
    FALSE_ALARM,
    LEADER,
    NOTE,
    POLICE,
    REPORT,
)
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.posts.routes import colleagues
from portal.drawing import department_name, name_of
from portal.forms import VerbForm
from portal.i18n import _, called, is_chinese, label, listed
from portal.kernel import clock, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Position
from portal.kernel.sheets import Column

FORM_NUMBER = "QR-DR-16 · V1"
LINES = 1000  # of a timeline
HOTLINES = (Service.FIRE_BRIGADE, Service.POLICE, Service.AMBULANCE)
SYMBOLS = {"fire": "alert", "robbery": "flag", "typhoon": "clock", "earthquake": "home", "illness": "user"}
TONES = {State.DECLARED: "bad", State.ENDED: "warn", State.FALSE_ALARM: "", State.REPORTED: "ok"}
BAD = frozenset({"clock:overdue"})
# The forms in the column beside what is in force, in the order in which they are needed; the others are buttons.
FOLDED = (POLICE, LEADER, NOTE, ANSWER, END, FALSE_ALARM, REPORT)


def step_words(step: Any) -> str:
    """A step in the language of the page."""
    return str(step.text if is_chinese() or not step.text_en else step.text_en)


def listed_page(asked: queries.EmergencyList) -> dict[str, Any]:
    """The first screen: numbers to call, plans to declare by; then what there was."""
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "hotlines": HOTLINES,
        "plans": queries.playbooks(),
        "symbols": SYMBOLS,
        "tones": TONES,
        "kinds": list(Kind),
        "may_export": asked.viewer.may(May.EXPORT_CASES),
        "may_plan": asked.viewer.may(May.PLAN_DUTY),
        "name_of": name_of,
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Kind of emergency"), _("Level"), _("Drill"), _("Where"), _("State"), _("Declared"),
        _("Declared by"), _("On the scene"), _("Over since"), _("Report signed by"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(row: Any) -> list[Any]:
    """One line of the workbook."""
    return [
        row.number, label(row.kind), label(row.level), _("yes") if row.drill else "", row.place, label(row.state),
        row.declared_at, name_of(row.declared_by_id), row.arrived_at, row.ended_at,
        name_of(row.reported_by_id) if row.reported_by_id else "",
    ]  # fmt: skip


def own_post(every: list[Post], viewer: Viewer, now: datetime) -> Post | None:
    """The post whose log an emergency of this person belongs to: the own one, else the first that somebody minds."""
    there = who.on_duty(now)
    mine = {
        post_id for post_id, shifts in there.items() if any(viewer.id in seats.people for seats in shifts)
    }
    return next(
        (post for wanted in (mine, there, {each.id for each in every}) for post in every if post.id in wanted), None
    )  # fmt: skip


def active_posts() -> list[Post]:
    """The posts in use."""
    return [post for post in posts.posts() if post.active]


def post_choices(every: list[Post]) -> dict[str, str]:
    """Codes and names of posts, to choose from."""
    return {post.code: called(post) for post in every}


def declare_form(kind: Kind, every: list[Post], viewer: Viewer, drill: bool, now: datetime) -> DeclareForm:
    """Filled in from the playbook and from where the viewer is on duty, so that a second touch is enough."""
    plan, post = queries.playbooks()[kind], own_post(every, viewer, now)
    return DeclareForm.blank(
        posts=post_choices(every), level=plan.level, departments=plan.departments.split(), drill=drill,
        place=called(post) if post else "", post=post.code if post else "",
    )  # fmt: skip


def declaring(kind: Kind, form: DeclareForm) -> dict[str, Any]:
    """What the page of the second touch draws."""
    plan = queries.playbooks()[kind]
    return {
        "kind": kind,
        "form": form,
        "hotlines": HOTLINES,
        "plan": plan,
        "steps": queries.steps_of(plan.id),
        "step_words": step_words,
    }


# -- one emergency --------------------------------------------------------------------------------------------------


def live(emergency: Emergency, viewer: Viewer) -> dict[str, Any]:
    """What an open page asks for again and again: how far it is, who is there."""
    now = clock.now()
    roll, steps = queries.roll(emergency), queries.steps(emergency)
    verbs = {step.verb for step in EMERGENCY.open_to(emergency, viewer)}
    mine = next((row for row in roll if row.person_id == viewer.id), None)
    return {
        "emergency": emergency,
        "runs": emergency.state is State.DECLARED,
        "may": verbs,
        "leads": "leader" in rules.standing(emergency, viewer),
        "roll": roll,
        "mine": mine,
        "answers": list(Answer),
        "cards": reference.staff().cards,
        "unaccounted": len(rules.unaccounted(queries.called(roll))),
        "steps": steps,
        "done": sum(1 for step in steps if step.done_at),
        "late": lambda step: not step.done_at and now > due_of(emergency, step),
        "due_of": lambda step: due_of(emergency, step),
        "step_words": step_words,
        "took": arrival(emergency),
        "arrived_late": arrived_late(emergency),
        "arrive_by": watch.arrive_by(emergency),
        "now": now,
        "name_of": name_of,
        "words": BUTTONS,
    }


def due_of(emergency: Emergency, step: Any) -> datetime:
    """By when a step is to be done."""
    return emergency.declared_at + timedelta(minutes=step.minutes)


def arrival(emergency: Emergency) -> str:
    """How long it took until somebody was on the scene; empty as long as nobody is."""
    if emergency.arrived_at is None:
        return ""
    return took(rules.seconds_to_arrive(emergency.declared_at, emergency.arrived_at))


def arrived_late(emergency: Emergency) -> bool:
    """True when the limit was over before anybody was there."""
    until = emergency.arrived_at or emergency.ended_at or clock.now()
    return until > watch.arrive_by(emergency)


def shown(
    emergency: Emergency, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None
) -> dict[str, Any]:
    """All that the page of one emergency draws. `tried` is a form that came back wrong."""
    context = live(emergency, viewer)
    folded = [verb for verb in FOLDED if verb in context["may"] and (verb != ANSWER or context["leads"])]
    if do not in folded or (do == ANSWER and tried is None):
        do = ""
    forms = {verb: tried if verb == do and tried else blank(verb, emergency) for verb in folded}
    return context | {
        "forms": forms,
        "opened": do or (REPORT if REPORT in forms and emergency.state is State.ENDED else ""),
        "captions": BUTTONS | {ANSWER: MARK},
        "refused": [] if tried is None or do else [said for told in tried.errors.values() for said in told],
        "people": colleagues(),
        "tone": TONES[emergency.state],
        "hotlines": HOTLINES,
        "services": [label(Service(code)) for code in emergency.services.split()],
        "concerned": listed(department_name(code) for code in emergency.departments.split()),
        "post": called(emergency.post) if emergency.post else "",
        "timeline": course(emergency),
        "arrive_verb": ARRIVE,
        "answer_verb": ANSWER,
    }


def blank(verb: str, emergency: Emergency) -> VerbForm:
    """A form of a verb; whom to tell is filled in where the seat is taken."""
    if verb == LEADER:
        holders = reference.staff().holding(Position.DUTY_LEADER)
        cards = reference.staff().cards
        return FORMS[verb].blank(told=cards[holders[0]].username if holders else "")
    return FORMS[verb].blank()


def course(emergency: Emergency) -> list[dict[str, Any]]:
    """What happened, newest first."""
    return sorted(timeline.of(emergency, BAD, most=LINES), key=lambda line: line["at"], reverse=True)


def paper(emergency: Emergency, viewer: Viewer) -> dict[str, Any]:
    """What the closing report on A4 shows: everything, in the order in which it happened."""
    return shown(emergency, viewer) | {
        "timeline": course(emergency)[::-1],
        "form_number": FORM_NUMBER,
        "report": emergency.state is State.REPORTED,
    }
