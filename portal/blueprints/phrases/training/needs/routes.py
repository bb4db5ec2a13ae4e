"""/phrases/training/needs/: who is to be trained in what, and by what it is met (GO-02)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from portal import timeline
from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.training.codes import WAITING, NeedState
from portal.blueprints.phrases.training.labels import BUTTONS, SAID
from portal.blueprints.phrases.training.models import TrainingNeed
from portal.blueprints.phrases.training.needs import actions, queries
from portal.blueprints.phrases.training.needs.forms import FORMS
from portal.blueprints.phrases.training.workflow import NEED
from portal.drawing import name_of
from portal.guards import me, needs
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.verbs import Verbs

INDEX, SHOW = (f"phrases/training/needs/{name}.html" for name in ("index", "show"))
TONES = {NeedState.OPEN: "warn", NeedState.ASSIGNED: "info", NeedState.DONE: "ok", NeedState.DROPPED: ""}


@bp.get("/training/needs/")
@needs(May.USE_PORTAL)
def training_needs() -> str:
    """The needs that the viewer may know of, newest first."""
    asked = queries.NeedList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    return render_template(
        INDEX, asked=asked, rows=rows, newer=newer, older=older, tones=TONES, waiting=WAITING, name_of=name_of
    )


@bp.get("/training/needs/<need_number>")
@needs(May.USE_PORTAL)
def training_need(need_number: str) -> str:
    """One need: what, for whom, until when, by what; the case behind it for those who may see that."""
    return render_template(SHOW, **_shown(queries.find(me(), need_number), me()))


def _shown(found: TrainingNeed, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    steps = NEED.open_to(found, viewer)
    forms = {step.verb: FORMS[step.verb].blank(version=found.version) for step in steps}
    if tried is not None and do in forms:
        forms[do] = tried
    return {
        "found": found,
        "source": queries.knows_source(viewer, found),
        "forms": forms,
        "tried": do,
        "buttons": BUTTONS,
        "tone": TONES[found.state],
        "name_of": name_of,
        "own": found.person_id == viewer.id,
        "waits": found.state in WAITING,
        "timeline": timeline.of(found) if found.person_id != viewer.id else [],
    }


VERBS = Verbs(
    flow=NEED,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: url_for(".training_need", need_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/training/needs/<need_number>", "{}_training_need", May.USE_PORTAL)
