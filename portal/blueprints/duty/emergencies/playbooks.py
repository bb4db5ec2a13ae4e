"""/duty/emergencies/playbooks/: the plans for each kind of emergency, in editions; the general office writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.emergencies import page, queries
from portal.blueprints.duty.emergencies.codes import Kind, Level
from portal.blueprints.duty.emergencies.forms import PlaybookForm, playbook_form
from portal.blueprints.duty.emergencies.models import Playbook, PlaybookStep
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, history, lists, reference
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May

INDEX, SHOW, EDIT = (f"duty/emergencies/{name}.html" for name in ("playbooks", "playbook", "edit_playbook"))
KINDS = ",".join(Kind)


def write_edition(
    kind: Kind,
    *,
    by: Viewer,
    now: datetime,
    level: Level,
    departments: list[str],
    reason: str,
    steps: list[dict[str, Any]],
) -> Playbook:
    """DR-16, GO-01: the next edition of a plan; what was declared before keeps its own. Inside a write."""
    before = queries.playbooks()[kind]
    made = Playbook(
        kind=kind, edition=before.edition + 1, level=level, departments=" ".join(departments), reason=reason,
        made_at=now, made_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        PlaybookStep(playbook_id=made.id, place=place, **step) for place, step in enumerate(steps, start=1)
    )
    history.record(
        made, "playbook:edit", by=by.id, now=now, clause="GO-01", kind=kind, edition=made.edition,
        words={"reason": reason},
    )  # fmt: skip
    reference.changed()
    return made


@bp.get("/emergencies/playbooks/")
@needs(May.SEE_DUTY)
def playbooks() -> str:
    """The five plans, their level and edition."""
    return render_template(
        INDEX,
        plans=queries.playbooks(),
        name_of=name_of,
        departments=_departments,
        may_plan=me().may(May.PLAN_DUTY),
    )


def _departments(codes: str) -> list[str]:
    return [department_name(code) for code in codes.split()]


@bp.get(f"/emergencies/playbooks/<any({KINDS}):playbook>")
@needs(May.SEE_DUTY)
def playbook(playbook: str) -> str:
    """One plan, and its earlier editions with author, time and reason; `?edition=1` shows that one."""
    every = queries.editions(Kind(playbook))
    asked = lists.number(request.args.get("edition"))
    chosen = next((row for row in every if row.edition == asked), every[0]) if asked else every[0]
    return render_template(
        SHOW,
        plan=chosen,
        newest=every[0],
        editions=every,
        steps=queries.steps_of(chosen.id),
        step_words=page.step_words,
        departments=_departments,
        name_of=name_of,
        may_plan=me().may(May.PLAN_DUTY),
    )


@bp.get(f"/emergencies/playbooks/<any({KINDS}):playbook>/edit")
@needs(May.PLAN_DUTY)
def edit_playbook(playbook: str) -> str:
    """The next edition begins with what the present one says."""
    plan = queries.playbooks()[Kind(playbook)]
    filled: dict[str, Any] = {}
    for step in queries.steps_of(plan.id):
        for name in ("hands", "minutes", "text", "text_en"):
            filled[f"{name}-{step.place}"] = getattr(step, name)
    form = playbook_form().blank(
        level=plan.level, departments=plan.departments.split(), version=plan.edition, **filled
    )
    return _drawn(Kind(playbook), form)


@bp.post(f"/emergencies/playbooks/<any({KINDS}):playbook>/edit")
@needs(May.PLAN_DUTY)
def write_playbook(playbook: str) -> Response:
    """DR-16, GO-01: the next edition, with its reason. Written meanwhile by another, it is a 409 with the text kept."""
    kind, form = Kind(playbook), playbook_form().of_request()
    if not form.validate():
        return make_response(_drawn(kind, form), 422)
    with db.write():
        stale = form.version.stale(queries.playbooks()[kind].edition)
        if not stale:
            write_edition(
                kind, by=me(), now=clock.now(), level=form.level.data, departments=form.departments.data or [],
                reason=form.reason.data, steps=form.steps(),
            )  # fmt: skip
    if stale:
        form.version.process_data(queries.playbooks()[kind].edition)
        form.form_errors.append(
            _("Somebody wrote an edition in the meantime. Look at it, then save yours if it still holds.")
        )
        return make_response(_drawn(kind, form), 409)
    return gone_to(
        url_for(".playbook", playbook=playbook),
        said=_("A new edition of %(name)s is in force.", name=label(kind)),
    )


def _drawn(kind: Kind, form: PlaybookForm) -> str:
    if kind not in queries.playbooks():
        abort(404)
    return render_template(EDIT, kind=kind, form=form)
