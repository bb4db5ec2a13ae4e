"""How every command speaks and fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import errors
from portal.kernel.workflow import Refused


def said(lines: Iterable[str]) -> int:
    """Print each line; answers how many there were."""
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
            from portal import starting

            raise click.ClickException(starting.why_not(error)) from error
        except Refused as refused:
            raise click.ClickException(
                " ".join(errors.say(reason) for reason in refused.reasons)
            ) from refused
        except (ValueError, LookupError, OSError) as error:
            raise click.ClickException(str(error)) from error

    return run
