"""/office/system/: how the portal itself is; long work stopped and tried again; the history checked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import hx, worker
from portal.blueprints.office.area import bp
from portal.blueprints.office.system import labels, queries, rules, watch
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, jobs, runs
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from portal.kernel.rights import May
from portal.kernel.runs import Run
from portal.kernel.workflow import Reason, Refused

CLAUSE = "GO-06"


@bp.get("/system/")
@needs(May.MANAGE_OFFICE)
def system() -> str:
    """Each thing that is looked at, workers, regular work, long work."""
    now = clock.now()
    found = queries.gathered(now)
    judged = [
        (each, labels.check_name(each.check), labels.sentence(each.check, each.said, each.given))
        for each in rules.judged(found.seen, queries.limits(now))
    ]
    return render_template(
        "office/system/index.html",
        judged=judged,
        workers=[(each, each.alive(found.seen.now)) for each in found.workers],
        runs=[(run, labels.run_name(run.name), runs.repeated(run.name)) for run in found.runs],
        **_jobs(),
    )


@bp.get("/system/jobs")
@needs(May.MANAGE_OFFICE, polled=True)
def system_jobs() -> Response | str:
    """Long work alone, for the page that waits; a browser without script belongs on the page."""
    if not hx.wants_fragment():
        return redirect(url_for(".system"))
    return hx.part("office/system/_jobs.html", **_jobs())


@bp.post("/system/jobs/<int:job_id>/stop")
@needs(May.MANAGE_OFFICE)
def stop_job(job_id: int) -> Response:
    """Have long work end; it does within seconds, or before it begins."""
    with db.write():
        job = _job(job_id)
        if not jobs.stop(job.kind, job.key):
            raise Refused([Reason(CLAUSE, "job_not_running")])
    return gone_to(url_for(".system", _anchor="jobs"), said=_("It is being stopped."))


@bp.post("/system/jobs/<int:job_id>/again")
@needs(May.MANAGE_OFFICE)
def repeat_job(job_id: int) -> Response:
    """Try long work anew that failed or was stopped."""
    with db.write():
        job = _job(job_id)
        if job.standing not in {Standing.FAILED, Standing.STOPPED}:
            raise Refused([Reason(CLAUSE, "job_not_over")])
        jobs.again(job, clock.now())
        db.afterwards(worker.wake)
    return gone_to(url_for(".system", _anchor="jobs"), said=_("It is tried again."))


@bp.post("/system/runs/<run_name>/again")
@needs(May.MANAGE_OFFICE)
def repeat_run(run_name: str) -> Response:
    """Have regular work be done with the next minute and not when it is due."""
    if not runs.repeated(run_name):
        abort(404)
    with db.write():
        run = db.session.get(Run, run_name, with_for_update=True)
        if run is None:
            abort(404)
        if run.lease_until is not None:
            raise Refused([Reason(CLAUSE, "run_under_way")])
        run.began_at = None
    return gone_to(url_for(".system", _anchor="runs"), said=_("It is done within a minute."))


@bp.post("/system/verify")
@needs(May.MANAGE_OFFICE)
def verify_history() -> Response:
    """Have a worker check history, references, files and search index now."""
    with db.write():
        watch.ask_verify(me().id, clock.now())
    return gone_to(url_for(".system", _anchor="jobs"), said=_("The history is being checked."))


def _job(job_id: int) -> Job:
    found = db.session.scalars(sa.select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
    if found is None:
        abort(404)
    return found


def _jobs() -> dict[str, Any]:
    now = clock.now()
    found = [
        (
            job,
            labels.job_kind(job.kind),
            labels.problem(job.result) if job.standing is Standing.FAILED else "",
        )
        for job in queries.jobs()
    ]
    under_way = {job.id for job, _kind, _problem in found if _at_it(job, now)}
    waiting = any(job.standing is Standing.WAITING for job, _kind, _problem in found)
    return {"jobs": found, "under_way": under_way, "waiting": waiting, "stops": jobs.STOPS}


def _at_it(job: Job, now: Any) -> bool:
    return job.standing is Standing.WAITING and job.lease_until > now and job.began_at is not None
