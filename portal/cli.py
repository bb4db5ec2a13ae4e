"""The commands of the portal, each a line or two over what does the work."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, FlaskGroup, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.datastructures import FileStorage

from portal import errors, import_files, importing
from portal.config import PRIVATE, BadSetting
from portal.kernel import (
    accounts,
    clauses,
    clock,
    departures,
    first_run,
    limits,
    phrase_check,
    reference,
    runs,
    second_factor,
    sessions,
)
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.holidays import default_calendar
from portal.kernel.people import Status, Viewer
from portal.kernel.rights import May, Position, Role, allowed
from portal.kernel.workflow import Refused

user = AppGroup("user", help="People who log in.")
people = AppGroup("people", help="Everybody, as the company's directory has them.")
handbook = AppGroup("handbook", help="The regulations.")
limit = AppGroup("limit", help="Limits and working time.")
phrases = AppGroup("phrases", help="What is said to customers.")


def init_app(app: Flask) -> None:
    """Add the commands to `flask --app wsgi`."""
    for command in (
        init_db,
        upgrade,
        demo,
        first_run_,
        user,
        people,
        sweep,
        worker,
        backup,
        restore,
        export_all,
        import_all,
        verify,
        bench_data,
        handbook,
        limit,
        phrases,
        import_,
        export,
    ):
        app.cli.add_command(command)


def main() -> None:
    """`portal …` once installed: the same commands."""
    from portal import create_app

    os.umask(PRIVATE)
    FlaskGroup(create_app=create_app)()


def _said(lines: Iterable[str]) -> int:
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007  # the last count is the answer
        click.echo(line)
    return count


def fails(work: Callable[..., Any]) -> Callable[..., Any]:
    """Complaints go to standard error with exit code 1, bad use is click's 2."""

    @wraps(work)
    def run(*args: Any, **given: Any) -> Any:
        try:
            return work(*args, **given)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(f"{error.orig}: is the database set up? run init-db") from error
        except (ValueError, LookupError, OSError) as error:
            raise click.ClickException(str(error)) from error

    return run


@click.command("init-db")
@with_appcontext
def init_db() -> None:
    """Create or upgrade the database and load the reference data; may run twice."""
    from portal import setup

    setup.init_db()
    click.echo("the database is ready")


@click.command("upgrade")
@click.option(
    "--backup",
    "folder",
    type=click.Path(exists=True, path_type=Path),
    help="First take a backup into this folder; afterwards verify.",
)
@with_appcontext
@fails
def upgrade(folder: Path | None) -> None:
    """Bring the schema up to this version."""
    from portal import migrate

    before = migrate.revision()
    file = _backup(folder) if folder and before else None
    migrate.upgrade()
    click.echo("the schema is current")
    if file is None:
        return
    _noted(file)
    click.echo(f"to go back: install the version of then and `restore {file}` (schema {before})")
    _verify()


@click.command("demo")
@with_appcontext
@fails
def demo() -> None:
    """Add people and records to try the portal with; does nothing where some are."""
    from portal.demo import make

    click.echo(make.load())


@click.command("first-run")
@with_appcontext
@fails
def first_run_() -> None:
    """Print where the first person of the general office begins, and the code that is asked for there."""
    if not first_run.is_awaited():
        raise ValueError(
            "somebody of the general office can log in already; `user reset-password` helps them"
        )
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    click.echo(first_run.told(app.config["SETTINGS"].base_url, first_run.code(app)))


@user.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(["employee", "desk", "lead", "office"]))
@click.option("--department", required=True, help="A department's code.")
@with_appcontext
@fails
def user_create(username: str, name: str, role: str, department: str) -> None:
    """Add a person; prints a first password that must be changed."""
    password = accounts.one_time_password()
    hashed, now = sessions.hash_password(password), clock.now()
    with db.write():
        accounts.create(
            username, name=name, role=Role(role), department=department, hashed=hashed, by=None, now=now
        )
    click.echo(password)


@user.command("disable")
@click.argument("username")
@with_appcontext
@fails
def user_disable(username: str) -> None:
    """Lock a person out and end their sessions."""
    with db.write():
        accounts.set_status(accounts.find(username), Status.DISABLED, by=None, now=clock.now())
    click.echo(f"{username} is disabled")


@user.command("reset-password")
@click.argument("username")
@with_appcontext
@fails
def user_reset_password(username: str) -> None:
    """Give a person a one-time password."""
    password = accounts.one_time_password()
    hashed = sessions.hash_password(password)
    with db.write():
        accounts.set_password(accounts.find(username), hashed, must_change=True, by=None, now=clock.now())
    click.echo(password)


@user.command("depart")
@click.argument("username")
@click.option("--to", "heir", help="Who takes over; the head of the department when left out.")
@with_appcontext
@fails
def user_depart(username: str, heir: str | None) -> None:
    """A person leaves the company now: sessions end, open work is handed over; a line a matter."""
    now = clock.now()
    with db.write():
        person = accounts.find(username)
        to = accounts.find(heir).id if heir else departures.heir_of(person.id)
        if to is None:
            raise ValueError("nobody is there to take over: name somebody with --to")
        try:
            ordered = departures.tell(person, reference.staff().cards[to], now, by=None, now=now)
            lines = departures.carry_out(ordered, now)
        except Refused as refused:
            raise ValueError(" ".join(errors.say(reason) for reason in refused.reasons)) from refused
        told = [
            f"{row.number}\t{row.kind}\t" + (_became(row.kind) if row.handed else f"left: {_why(row)}")
            for row in lines
        ]
        click.echo(f"{username} has left; {reference.staff().cards[ordered.to_id].username} takes over")
    _said(told)


def _became(kind: str) -> str:
    return "open for others" if kind == "shift" else "handed over"


def _why(row: departures.DepartureLine) -> str:
    return " ".join(errors.say(reason) for reason in row.why)


@user.command("reset-second-factor")
@click.argument("username")
@with_appcontext
@fails
def user_reset_second_factor(username: str) -> None:
    """Turn a person's second factor off, when device and recovery codes are lost."""
    with db.write():
        person = accounts.find(username)
        sessions.end_all_of(person.id)
        if not second_factor.turn_off(person, by=None, now=clock.now()):
            raise ValueError(f"{username} has no second factor")
    click.echo(f"{username} logs in by the password alone")


@people.command("sync")
@click.option("--dry-run", is_flag=True, help="Change nothing, only say what would be changed.")
@click.option("--adopt", is_flag=True, help="Also link accounts with entries of the same user name.")
@click.option("--force", is_flag=True, help="Even when more than a third would be locked out.")
@with_appcontext
@fails
def people_sync(dry_run: bool, adopt: bool, force: bool) -> None:
    """Bring everybody in step with the company's directory; a line an act."""
    from portal.signin import sync

    acts = sync.compare(adopt=adopt)
    told = _said(map(str, acts)) if dry_run else 0
    sync.insist(acts, force=force)
    if not dry_run:
        told = _said(sync.carry_out(acts))
    if not told:
        click.echo("everybody is in step with the directory")


@click.command("sweep")
@with_appcontext
@fails
def sweep() -> None:
    """One pass over all clocks: warnings, escalations, reminders; a line an act."""
    from portal.kernel import timers

    _said(timers.sweep(clock.now()))


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Sweep, deliver and do long jobs until stopped."""
    from portal import starting, verification  # noqa: F401 -- one of the jobs; it knows every area
    from portal import worker as process

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    try:
        starting.insist(app)
    except BadSetting as error:
        raise click.ClickException(f"the worker cannot start: {error}") from error
    process.run(app)


@click.command("backup")
@click.argument("place", type=click.Path(path_type=Path))
@click.option(
    "--keep", type=click.IntRange(1), help="Delete the folder's older backups, so that this many stay."
)
@with_appcontext
@fails
def backup(place: Path, keep: int | None) -> None:
    """Write database and attachments into one file, or a dated one in a folder, while people work."""
    from portal.kernel import backups

    if keep and not place.is_dir():
        raise click.UsageError("--keep needs a folder that is there")
    try:
        file = _backup(place)
    except (ValueError, OSError) as error:
        with db.write():
            runs.failed(runs.BACKUP, str(error))
        raise
    if keep:
        _said(f"{old} is deleted" for old in backups.keep_newest(place, keep))
    _noted(file)


def _backup(place: Path) -> Path:
    from portal.kernel import archive_file, backups

    file = backups.place(place)
    click.echo(archive_file.backup(file))
    return file


def _noted(file: Path) -> None:
    """Apart from taking it, for an earlier schema may have no table for the note."""
    with db.write():
        runs.note(runs.BACKUP, file=file.name, size=file.stat().st_size)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@fails
def restore(file: Path) -> None:
    """Put a backup in place of the present data; the present data is kept beside it."""
    from portal import verification
    from portal.kernel import archive_file

    _said(archive_file.restore(file, verification.CHECKS))


@click.command("export-all")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Password hashes and keys as well: for a move.")
@with_appcontext
@fails
def export_all(file: Path, with_secrets: bool) -> None:
    """Write every table and attachment into FILE, readable without the portal, while people work."""
    from portal.whole import going_out

    click.echo(going_out.export(file, with_secrets))


@click.command("import-all")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@fails
def import_all(file: Path) -> None:
    """Put what `export-all` wrote into this empty portal, on either database; all of it or nothing."""
    from portal.whole import coming_in

    _said(coming_in.take_in(file))


@click.command("verify")
@with_appcontext
@fails
def verify() -> None:
    """Check the history chain, guards, foreign keys, attachments and the search index."""
    _verify()


def _verify() -> None:
    from portal import verification

    if _said(verification.noted()):
        raise SystemExit(1)
    click.echo("everything fits together")


@click.command("bench-data")
@click.argument("count", type=click.IntRange(1, 10_000_000))
@with_appcontext
@fails
def bench_data(count: int) -> None:
    """Add complaints and their surroundings for measuring."""
    from portal.demo import bulk

    click.echo(bulk.load(count))


@handbook.command("clauses")
@click.option("--json", "as_json", is_flag=True, help="A JSON list of every clause.")
def handbook_clauses(as_json: bool) -> None:
    """Every clause: id, title, mode, where it is enforced."""
    from portal import enforcement

    places = enforcement.places()
    if as_json:
        click.echo(clauses.as_json(places))
        return
    for clause in clauses.all_clauses():
        click.echo(f"{clause.id}\t{clause.mode}\t{clause.title.zh}\t{', '.join(places.get(clause.id, ()))}")


@limit.command("due")
@click.argument("start", required=False)
@click.argument("limit", required=False)
@click.option(
    "--calendar", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A calendar file."
)
@fails
def limit_due(start: str | None, limit: str | None, calendar: Path | None) -> None:
    """When does LIMIT run out? Without START reads `START<tab>LIMIT` lines from standard input."""
    if (start is None) != (limit is None):
        raise click.UsageError("give both START and LIMIT, or neither")
    hours = _calendar(calendar)
    if start is not None:
        answer = next(iter(limits.answer_lines([f"{start}\t{limit}"], hours)))
        if answer.startswith("error:"):
            raise click.ClickException(answer.removeprefix("error: "))
        click.echo(answer)
        return
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for answer in limits.answer_lines(sys.stdin, hours):
        click.echo(answer)


@phrases.command("check")
@click.argument("text", required=False)
def phrases_check(text: str | None) -> None:
    """What the shipped rules say about TEXT, as JSON. Without TEXT reads one text a line from standard input."""
    checker = phrase_check.compile_rules(phrase_check.shipped())
    if text is not None:
        click.echo(json.dumps(checker.check(text).as_json(), ensure_ascii=False))
        return
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    for line in sys.stdin:
        click.echo(json.dumps(checker.check(line.rstrip("\r\n")).as_json(), ensure_ascii=False))


def _calendar(file: Path | None) -> Calendar:
    if file is None:
        return default_calendar(str(current_app.config["SETTINGS"].timezone))
    try:
        return Calendar.from_json(json.loads(file.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        raise ValueError(f"{file}: not JSON: {error}") from error


def _kind(_context: click.Context, _parameter: click.Parameter, given: str) -> importing.Kind:
    """What a command imports or exports; the areas have said what there is."""
    if given not in importing.KINDS:
        raise click.BadParameter(f"one of: {', '.join(sorted(importing.KINDS))}")
    return importing.KINDS[given]


def _on_behalf(username: str | None, right: May) -> Viewer:
    """The person a command acts for: who was named, else the general office's director, else anybody there."""
    staff = reference.staff()
    if username:
        person = accounts.find(username).id
    else:
        office = [*staff.holding(Position.OFFICE_DIRECTOR), *staff.with_role(Role.OFFICE)]
        person = next((i for i in office if allowed(staff.cards[i].role, right)), 0)
    if not staff.active(person) or not allowed(staff.cards[person].role, right):
        raise ValueError(f"{username or 'nobody in the general office'} may not do this: give --as USERNAME")
    return sessions.person_as_viewer(person)


def _trusted(trusts: Callable[[Viewer], bool], by: Viewer) -> Viewer:
    if not trusts(by):
        raise ValueError(f"{by.username} may not do this: give --as USERNAME")
    return by


@click.command("import")
@click.argument("kind", callback=_kind)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Record nothing, only say what would be recorded.")
@click.option("--as", "username", help="On whose behalf; the general office's director when left out.")
@with_appcontext
@fails
def import_(kind: importing.Kind, file: Path, dry_run: bool, username: str | None) -> None:
    """Record the lines of FILE, all or none, as the page does; a line a record."""
    by, now = _trusted(kind.trusts, _on_behalf(username, kind.may_import)), clock.now()
    with file.open("rb") as stream:
        checked = import_files.check(FileStorage(stream, file.name))
        found = importing.dry_run(kind, checked.stream, checked.sha256, by)
    for cell in found.wrong:
        click.echo(str(cell), err=True)
    if found.wrong:
        raise click.ClickException(f"{found.lines_wrong} rows are wrong; nothing was recorded")
    if dry_run:
        for change in found.changed:
            for caption, was, becomes in change.moved:
                click.echo(f"{change.number}\t{caption}\t{was or '-'} -> {becomes or '-'}")
        changed = f"{len(found.changed)} would be changed, " if kind.ledger else ""
        click.echo(f"{len(found.fresh)} would be recorded, {changed}{len(found.before)} were recorded before")
        return
    writes = found.fresh or found.changed
    try:
        numbers = importing.record(kind, found, by=by, now=now) if writes else []
    except importing.NotAllowed as refused:
        why = " ".join(errors.say(reason) for reason in refused.reasons)
        raise click.ClickException(f"row {refused.line}: {why} Nothing was recorded.") from refused
    except importing.Overtaken:
        raise click.ClickException("somebody changed one of these meanwhile; nothing was recorded") from None
    _said(numbers)
    before = len(found.before) + len(found.fresh) + len(found.changed) - len(numbers)
    click.echo(f"{len(numbers)} recorded on behalf of {by.username}, {before} were recorded before")


@click.command("export")
@click.argument("kind", callback=_kind)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as", "username", help="What that person sees; the general office's director when left out.")
@with_appcontext
@fails
def export(kind: importing.Kind, file: Path, username: str | None) -> None:
    """Write what the list shows into FILE."""
    by = _trusted(kind.trusts_export, _on_behalf(username, kind.may_export))
    file.write_bytes(kind.export(by))
    click.echo(f"{file} is written, as {by.username} sees it")
