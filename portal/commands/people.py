"""`user …` and `people …`: who logs in, and everybody as the company's directory has them."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from portal import errors
from portal.commands.common import fails, said
from portal.kernel import accounts, clock, departures, reference, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.people import Status
from portal.kernel.rights import Role

user = AppGroup("user", help="People who log in.")
people = AppGroup("people", help="Everybody, as the company's directory has them.")


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
        person = accounts.find(username)
        accounts.insist_on_others(person)
        accounts.set_status(person, Status.DISABLED, by=None, now=clock.now())
    click.echo(f"{username} is disabled")


@user.command("reset-password")
@click.argument("username")
@with_appcontext
@fails
def user_reset_password(username: str) -> None:
    """Give a person a one-time password."""
    from portal.signin import passwords

    password = accounts.one_time_password()
    hashed = sessions.hash_password(password)
    with db.write():
        accounts.set_password(accounts.find(username), hashed, must_change=True, by=None, now=clock.now())
    click.echo(password)
    found = passwords.account(username)
    if found is not None and not found.here:
        told = (
            "this password opens nothing until the general office lets the password kept here count as well"
        )
        click.echo(f"{username} logs in elsewhere; {told}", err=True)


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
        ordered = departures.tell(person, reference.staff().cards[to], now, by=None, now=now)
        lines = departures.carry_out(ordered, now)
        told = [
            f"{row.number}\t{row.kind}\t" + (_became(row.kind) if row.handed else f"left: {_why(row)}")
            for row in lines
        ]
        click.echo(f"{username} has left; {reference.staff().cards[ordered.to_id].username} takes over")
    said(told)


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
    now = clock.now()
    with db.write():
        person = accounts.find(username)
        sessions.end_all_of(person.id)
        if not second_factor.turn_off(person, by=None, now=now):
            raise ValueError(f"{username} has no second factor")
        must = person.role in second_factor.needed_of(now)
    click.echo(
        f"{username} logs in by the password alone{', and is then led to set up a new one' if must else ''}"
    )


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
    told = said(map(str, acts)) if dry_run else 0
    sync.insist(acts, force=force)
    if not dry_run:
        told = said(sync.carry_out(acts))
    if not told:
        click.echo("everybody is in step with the directory")
