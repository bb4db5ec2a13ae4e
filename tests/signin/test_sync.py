"""Everybody in step with the directory: by command, and once a night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.kernel import accounts, clock, history, jobs, timers
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from tests import factories
from tests.conftest import At
from tests.signin.conftest import asks, log_in, somebody
from tests.throwaway_slapd import BASE, Slapd

Run = Callable[..., Result]


@pytest.fixture
def sync(app: Flask, company: Slapd) -> Run:
    """`portal people sync …` with a directory in which three people are."""
    asks(app, company)
    runner = app.test_cli_runner()
    return lambda *options: runner.invoke(args=["people", "sync", *options])


def statuses(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(sa.select(Person.username, Person.status))
        return {username: str(status) for username, status in rows}


def remove(company: Slapd, *names: str) -> None:
    with company.admin() as connection:
        for name in names:
            assert connection.delete(f"uid={name},ou=people,{BASE}")


def test_a_dry_run_says_and_the_run_does_and_the_second_has_nothing_to_do(app: Flask, sync: Run) -> None:
    wanted = "li: added: desk of admin\nwang: added: office of tech\n"
    assert (sync("--dry-run").output, statuses(app).get("wang")) == (wanted, None)
    assert (sync().output, statuses(app)["wang"]) == (wanted, "active")
    assert sync().output == "everybody is in step with the directory\n"
    with app.app_context():
        told = [line.event for line in history.events(accounts.find("li"))]
        assert told == ["person:linked", "person:create"]


def test_changes_departures_and_returns(app: Flask, sync: Run, company: Slapd) -> None:
    company.fill_more(dict([somebody("ma", "马丽", "tech"), somebody("hu", "胡杰", "tech")]))
    with company.admin() as connection:
        for name in ("ma", "hu"):
            connection.modify(
                f"cn=desk,{BASE}", {"member": [("MODIFY_ADD", [f"uid={name},ou=people,{BASE}"])]}
            )
    sync()
    client, _ = log_in(app, "li", "secret of li")
    remove(company, "li")
    with company.admin() as connection:
        connection.modify(f"uid=wang,ou=people,{BASE}", {"cn": [("MODIFY_REPLACE", ["王大伟"])]})
    assert sync().output == "li: departed: the directory has them no more\nwang: changed: name\n"
    assert statuses(app)["li"] == "departed"
    assert client.get("/account").status_code == 302
    factories.change_person(app, "ma", status=Status.DISABLED)
    assert sync().output == "everybody is in step with the directory\n", "whom the office locked stays locked"
    with company.admin() as connection:
        connection.modify(f"cn=desk,{BASE}", {"member": [("MODIFY_DELETE", [f"uid=hu,ou=people,{BASE}"])]})
        connection.modify(f"cn=desk,{BASE}", {"member": [("MODIFY_DELETE", [f"uid=ma,ou=people,{BASE}"])]})
    assert sync("--force").output == "hu: departed: none of their groups has a role\n"
    with company.admin() as connection:
        connection.modify(f"cn=desk,{BASE}", {"member": [("MODIFY_ADD", [f"uid=hu,ou=people,{BASE}"])]})
    assert sync().output == "hu: let in again: the directory has them again\n"
    assert (statuses(app)["hu"], statuses(app)["ma"]) == ("active", "disabled")


@pytest.mark.clause("GO-05")
def test_the_open_work_of_who_is_gone_goes_to_the_head(app: Flask, sync: Run, company: Slapd) -> None:
    sync()
    number = factories.a_case(app, State.ACCEPTED, handler="wang")
    remove(company, "wang")
    assert "wang: departed: the directory has them no more; 1 handed over, 0 left\n" in sync("--force").output
    with app.app_context():
        head = accounts.find("lead.tech").id
        assert db.session.scalar(sa.select(Case.handler_id).where(Case.number == number)) == head


def test_more_than_a_third_at_once_is_refused_unless_it_is_meant(
    app: Flask, sync: Run, company: Slapd
) -> None:
    sync()
    remove(company, "li")
    asks(app, company, ldap_user_filter="(&(uid={username})(sn=nobody))")
    for options, lines in (((), 0), (("--dry-run",), 2)):
        answer = sync(*options)
        assert (answer.exit_code, answer.stdout.count("\n")) == (1, lines)
        assert "2 of 2 people would be locked out; nothing was done" in answer.stderr
    assert statuses(app)["wang"] == "active"
    asks(app, company)
    assert sync().exit_code == 1
    assert sync("--force").output == "li: departed: the directory has them no more\n"


@pytest.mark.clause("GO-05")
def test_the_last_of_the_general_office_is_not_locked_out(app: Flask, sync: Run, company: Slapd) -> None:
    sync()
    for username in ("office1", "office2"):
        factories.change_person(app, username, status=Status.DISABLED)
    remove(company, "wang")
    answer = sync("--force")
    assert "wang: departed" in answer.output
    assert "not done: nobody else of the general office" in answer.output
    assert statuses(app)["wang"] == "active"


def test_accounts_of_the_same_name_are_linked_only_when_asked(app: Flask, sync: Run, company: Slapd) -> None:
    factories.a_person(app, "wang", name="王伟", role=Role.EMPLOYEE)
    company.fill_more(dict([somebody("ghost", "鬼", "ghosts"), somebody("q", "钱", "tech")]))
    with company.admin() as connection:
        connection.modify(f"cn=desk,{BASE}", {"member": [("MODIFY_ADD", [f"uid=ghost,ou=people,{BASE}"])]})
    assert "q: left out" not in sync("--dry-run").output, "whom no role asks for are nobody's business here"
    with company.admin() as connection:
        connection.modify(f"cn=desk,{BASE}", {"member": [("MODIFY_ADD", [f"uid=q,ou=people,{BASE}"])]})
    assert sync().output == (
        "ghost: left out: unknown department ghosts\n"
        "li: added: desk of admin\n"
        "q: left out: such a user name cannot be used\n"
        "wang: left out: an account of that name is not linked; --adopt links it\n"
    )
    assert log_in(app, "wang", factories.PASSWORD)[1].status_code == 303
    assert "wang: linked with the directory\n" in sync("--adopt").output
    assert log_in(app, "wang", factories.PASSWORD)[1].status_code == 422
    assert log_in(app, "wang", "secret of wang")[1].status_code == 303
    with app.app_context():
        assert accounts.find("wang").role == "office"


def test_once_a_night_by_whichever_worker_comes_first(app: Flask, company: Slapd, at: At) -> None:
    def sweep() -> list[str]:
        with app.app_context():
            return [line for line in timers.sweep(clock.now()) if "directory" in line]

    at("Tue 2026-03-03 03:10")
    assert sweep() == []
    asks(app, company)
    assert sweep() == ["2026-03-03: a comparison with the directory is asked for"]
    assert sweep() == []
    with app.app_context():
        assert jobs.work_off() == 1
        found = jobs.find("people.sync", "2026-03-03")
        assert found is not None
        assert (found.standing, found.result) == ("done", "2 acts")
    assert statuses(app)["wang"] == "active"


def test_without_a_directory_and_with_one_that_is_away(app: Flask, sync: Run, company: Slapd) -> None:
    asks(app, company, ldap_url="ldaps://localhost:1")
    assert sync().exit_code == 1
    app.config["SETTINGS"] = app.config["SETTINGS"].__class__(instance=app.config["SETTINGS"].instance)
    answer = sync()
    assert (answer.exit_code, "PORTAL_LDAP_URL" in answer.stderr) == (1, True)
