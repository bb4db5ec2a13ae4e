"""`handbook …`, `limit …` and `phrases …`: what the rules say, asked without a page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.commands.common import fails
from portal.kernel import clauses, limits, phrase_check
from portal.kernel.calendars import Calendar
from portal.kernel.holidays import default_calendar

handbook = AppGroup("handbook", help="The regulations.")
limit = AppGroup("limit", help="Limits and working time.")
phrases = AppGroup("phrases", help="What is said to customers.")


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
