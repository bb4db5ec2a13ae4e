"""The page of the system: what it shows, what can be stopped and tried again, and who is told of what is bad, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.office.system import labels, queries, rules, watch
from portal.blueprints.office.system.codes import Check, Tone
from portal.blueprints.office.system.models import SystemState
from portal.blueprints.office.system.rules import Found
from portal.kernel import clock, jobs, runs, workers
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.jobs import Job, Standing
from portal.kernel.todos import Todo
from portal.kernel.workers import Worker
from tests import factories
from tests.conftest import As
from tests.house.test_statements import statements

AT = "/office/system/"


@pytest.fixture
def failing() -> Iterator[None]:
    """Work that fails, of a kind that has no words."""

    def fail(_given: dict[str, Any]) -> str:
        raise OSError("no space left")

    jobs.WORK["unheard-of"] = fail
    yield
    del jobs.WORK["unheard-of"]


def a_job(app: Flask, standing: Standing = Standing.WAITING, kind: str = "verify", **more: Any) -> int:
    with app.app_context(), db.write():
        job = jobs.ask(kind, f"{kind}-{standing}", by=factories.viewer("office1").id, now=clock.now())
        job.standing = standing
        for name, value in more.items():
            setattr(job, name, value)
        return job.id


def load(app: Flask, job_id: int) -> Job:
    with app.app_context():
        return db.session.get_one(Job, job_id)


def test_the_page_shows_how_it_is_in_few_statements(any_app: Flask, as_: As) -> None:
    office = as_("office1")
    page = office.get(AT).text
    assert "No worker runs" in page
    assert "It was never done" in page
    before = statements(office, AT)
    assert len(before) <= 8, "\n".join(before)
    soon = {"lease_until": clock_after(any_app, 60), "began_at": clock_after(any_app, 0), "percent": 40}
    a_job(any_app, Standing.FAILED, kind="print", result=jobs.LOST)
    a_job(any_app, kind="solve", **soon)
    with any_app.app_context():
        now = clock.real()
        with db.write():
            workers._say(now)
        runs.once(runs.MINUTELY, lambda: None, since=now, now=now)
        runs.once("tidy", lambda: 1 // 0, since=now, now=now)
        with db.write():
            runs.note("backup", file="portal-7.tar", size=123_456)
            runs.note("verify", faults=2, first="history: line 7 was changed")
    page = office.get(AT).text
    for told in (
        "Alive: 1.",
        "portal-7.tar, 123.5 kB",
        "2 faults",
        "ended in the middle of it",
        "40 %",
        "ZeroDivisionError",
    ):
        assert told in page, told
    assert len(statements(office, AT)) == len(before)
    part = office.get(f"{AT}jobs", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.text
    assert office.get(f"{AT}jobs").status_code == 302


def test_everything_a_worker_does_has_a_name_and_the_page_asks_again_while_some_waits(
    app: Flask, as_: As
) -> None:
    assert {kind for kind in jobs.WORK if " " not in kind} <= set(labels.JOBS)
    assert {runs.MINUTELY, runs.BACKUP, *runs.REGULAR} <= set(labels.RUNS)
    office = as_("office1")
    assert "every 2s" not in office.get(AT).text
    office.send(f"{AT}verify")
    assert "every 2s" in office.get(AT).text


def clock_after(app: Flask, seconds: int) -> Any:
    with app.app_context():
        return clock.now() + timedelta(seconds=seconds)


def test_only_the_general_office_sees_it(app: Flask, as_: As) -> None:
    job = a_job(app)
    for username in ("desk1", "lead.tech", "emp.tech"):
        assert as_(username).get(AT).status_code == 403
        assert as_(username).send(f"{AT}jobs/{job}/stop").status_code == 403
    assert load(app, job).stop is False


def test_a_job_is_stopped_and_tried_again_by_its_state(app: Flask, as_: As, failing: None) -> None:
    office = as_("office1")
    waits, done = a_job(app), a_job(app, Standing.DONE)
    failed = a_job(app, Standing.FAILED, kind="unheard-of", result="OSError: no space left", tries=3)
    assert "unheard-of" in office.get(AT).text
    assert office.send(f"{AT}jobs/{waits}/again").status_code == 409
    assert office.send(f"{AT}jobs/{waits}/stop").status_code == 303
    assert office.send(f"{AT}jobs/{waits}/stop").status_code == 303, "asked twice it is stopped once"
    refused = office.send(f"{AT}jobs/{done}/stop")
    assert (refused.status_code, "GO-06" in refused.text) == (409, True)
    assert office.send(f"{AT}jobs/{done}/again").status_code == 409
    assert office.send(f"{AT}jobs/{failed}/again").status_code == 303
    again = load(app, failed)
    assert (again.standing, again.tries, again.result) == (Standing.WAITING, 0, "")
    assert office.send(f"{AT}jobs/999/stop").status_code == 404


def test_regular_work_is_done_again_when_asked(app: Flask, as_: As) -> None:
    office = as_("office1")
    assert office.send(f"{AT}runs/tidy/again").status_code == 404
    with app.app_context():
        now = clock.real()
        runs.once("tidy", lambda: None, since=now, now=now)
    assert office.send(f"{AT}runs/tidy/again").status_code == 303
    with app.app_context():
        assert runs.once("tidy", lambda: None, since=runs.last_night(now), now=clock.real())
        with db.write():
            db.session.get_one(runs.Run, "tidy").lease_until = clock.real()
            runs.note("backup", file="x", size=1)
    assert office.send(f"{AT}runs/tidy/again").status_code == 409
    assert office.send(f"{AT}runs/backup/again").status_code == 404, "a command does that"


def test_the_history_is_checked_by_a_worker_and_found_whole(app: Flask, as_: As) -> None:
    from portal import verification

    factories.a_case(app)
    assert as_("office1").send(f"{AT}verify").status_code == 303
    with app.app_context():
        assert jobs.work_off() == 1
    assert "everything fits together" in as_("office1").get(AT).text
    with app.app_context(), db.write():
        db.session.execute(sa.text("DROP TRIGGER history_no_update"))
        db.session.execute(sa.text("UPDATE history SET event = 'case:approve' WHERE id = 1"))
    as_("office1").send(f"{AT}verify")
    with app.app_context():
        jobs.work_off()
    assert "the first one: history: line 1 was changed" in as_("office1").get(AT).text
    assert verification.KIND == queries.VERIFY


def test_a_backup_that_failed_is_told_at_once_and_the_last_good_one_stays_known(
    app: Flask, as_: As, tmp_path: Path
) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["backup", str(tmp_path)]).exit_code == 0
    assert run(args=["backup", str(tmp_path / "nowhere" / "b")]).exit_code == 1
    page = as_("office1").get(AT).text
    assert "The last one failed: [Errno 2] No such file or directory" in page
    with app.app_context():
        assert queries.gathered(clock.now()).seen.backup.given["file"].startswith("portal-")


def test_a_check_that_is_due_is_asked_for_at_night(app: Flask) -> None:
    def asked() -> list[str]:
        with app.app_context():
            return list(watch.verify_when_due(clock.now()))

    assert asked() == ["asked for"]
    with app.app_context(), db.write():
        runs.note("verify", faults=0, first="")
    assert asked() == []


# -- what is bad is told ------------------------------------------------------------------------------------------


def told(app: Flask) -> tuple[int, int, int]:
    """Messages, open matters, and things that are bad."""
    with app.app_context():
        ours = sa.select(sa.func.count())
        return (
            db.session.scalar(ours.select_from(Notice).where(Notice.kind == "system:bad")) or 0,
            db.session.scalar(ours.select_from(Todo).where(Todo.kind == watch.LOOK_AT)) or 0,
            len(queries.bad_ones()),
        )


def test_what_becomes_bad_is_told_to_the_director_once(
    any_app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Found(Check.DISK, Tone.LOOK, "filling", {"free_size": 9, "percent": 9})]
    monkeypatch.setattr(rules, "judged", lambda seen, limits: iter(found))

    def look() -> list[str]:
        with any_app.app_context():
            return list(watch.look(clock.now()))

    assert (look(), told(any_app)) == ([], (0, 0, 0))
    found[0] = Found(Check.DISK, Tone.BAD, "full", {"free_size": 3, "percent": 3})
    assert look() == ["disk is bad: full"]
    assert (look(), told(any_app)) == ([], (1, 1, 1))
    director = as_("office1")
    assert "磁盘" in director.get("/").text, "in the company's language"
    assert "磁盘" not in as_("office2").get("/").text
    assert "Before long nothing can be saved" in director.get("/office/").text
    assert "Something about the portal itself" in director.get("/notifications/").text
    found[0] = Found(Check.DISK, Tone.GOOD, "ok", {"free_size": 50, "percent": 50})
    assert look() == ["disk is good: ok"]
    assert (look(), told(any_app)) == ([], (1, 0, 0))
    found[0] = Found(Check.DISK, Tone.BAD, "full", {"free_size": 3, "percent": 3})
    look()
    assert told(any_app) == (2, 1, 1)
    with any_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SystemState)) == 1


def test_that_nobody_works_is_told_without_a_worker(app: Flask, as_: As) -> None:
    assert "No worker runs" in as_("office1").get("/office/").text
    with app.app_context(), db.write():
        workers._say(clock.real())
    assert "No worker runs" not in as_("office1").get("/office/").text
    with app.app_context(), db.write():
        silent = clock.real() - 2 * workers.SILENT
        db.session.execute(sa.update(Worker).values(seen_at=silent))
    assert "No worker runs" in as_("office1").get("/office/").text
