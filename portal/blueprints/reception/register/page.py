"""What the pages of the daily register draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask import abort

from portal.blueprints.reception import places
from portal.blueprints.reception.codes import Category, Satisfaction
from portal.blueprints.reception.register import queries
from portal.blueprints.reception.register.codes import Field, State
from portal.blueprints.reception.register.forms import FORMS
from portal.blueprints.reception.register.labels import VERBS
from portal.blueprints.reception.register.models import DailyRegister
from portal.blueprints.reception.register.workflow import REGISTER
from portal.drawing import department_name, name_of
from portal.forms import VerbForm
from portal.i18n import hour, label
from portal.kernel import clock, customers, lists
from portal.kernel.people import Viewer

FORM_NUMBER = "QR-RC-17 · V1"  # GO-01: every printed form names its number and version
TONES = {
    State.OPEN: "",
    State.COMPILED: "warn",
    State.RETURNED: "bad",
    State.REVIEWED: "info",
    State.ARCHIVED: "ok",
}


def the_day(written: str) -> date:
    """The day of an address; 404 when there is none, or when it is still to come."""
    found = lists.day(written)
    if found is None or found.isoformat() != written or found > clock.local(clock.now()).date():
        abort(404)
    return found


def values(row: Any) -> dict[Field, str]:
    """What an entry says, in words; the phone number in part (RC-20)."""
    place = places.all_places().get(row.place_id)
    return {
        Field.VISITOR_NAME: row.visitor_name,
        Field.COMPANY: row.company,
        Field.PHONE: customers.masked(row.phone),
        Field.PARTY_SIZE: str(row.party_size),
        Field.CATEGORY: label(row.category),
        Field.HOST: name_of(row.host_id) if row.host_id else "",
        Field.DEPARTMENT: department_name(row.department) if row.department else "",
        Field.PURPOSE: row.purpose,
        Field.PLACE: place.words if place else "",
        Field.ARRIVED_AT: _at(row.arrived_at),
        Field.LEFT_AT: _at(row.left_at),
        Field.REMARK: row.remark,
    }


def _at(moment: datetime | None) -> str:
    return hour(moment) if moment else ""


def drawn(day: str, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """A day's register with the steps that are the viewer's now. `tried` is a form that came back wrong."""
    register, rows = queries.register_of(day), queries.entries(day)
    subject = register or DailyRegister(day=day, state=State.OPEN)
    steps = REGISTER.open_to(subject, viewer)
    if subject.compiled_by_id == viewer.id and subject.compiled_by_id is not None:
        steps = [step for step in steps if step.verb not in {"review", "return"}]
    return {
        "day": day,
        "register": subject,
        "entries": [(row, values(row)) for row in rows],
        "open": queries.still_open(rows),
        "figures": told(queries.figures(register, day)),
        "corrections": queries.corrections(register.id) if register is not None else {},
        "forms": {
            step.verb: tried if tried is not None and step.verb == do else FORMS[step.verb].blank()
            for step in steps
        },
        "do": do,
        "verbs": VERBS,
        "tones": TONES,
        "Field": Field,
        "locked": subject.state is State.ARCHIVED,
        "intact": queries.digest(subject.number, rows) == subject.digest if subject.digest else None,
        "form_number": FORM_NUMBER,
    }


def told(figures: Any) -> dict[str, Any]:
    """The figures of a day in words."""
    return {
        "visits": figures["visits"],
        "people": figures["people"],
        "expected": figures.get("expected", 0),
        "category": [(c, label(c), figures["category"].get(c.value, 0)) for c in Category],
        "satisfaction": [(s, label(s), figures["satisfaction"].get(s.value, 0)) for s in Satisfaction],
    }


def listed(before: str) -> dict[str, Any]:
    """The list of days."""
    today = clock.local(clock.now()).date().isoformat()
    rows, older = queries.days(before, today)
    return {
        "rows": [
            (day, register.state if register else State.OPEN, register, told(f)) for day, register, f in rows
        ],
        "older": older,
        "before": before,
        "today": today,
        "tones": TONES,
    }


def sheet_rows(day: str) -> Iterator[list[Any]]:
    """Lines of the workbook; corrections beside their entries."""
    register = queries.register_of(day)
    signed = queries.corrections(register.id) if register is not None else {}
    for row in queries.entries(day):
        said = values(row)
        yield [
            row.number, row.arrived_at, row.left_at, *_texts(said), label(row.state),
            "\n".join(_words(each) for each in signed.get(row.id, [])),
        ]  # fmt: skip


def _texts(said: dict[Field, str]) -> Iterable[str]:
    order = (
        Field.VISITOR_NAME, Field.COMPANY, Field.PHONE, Field.PARTY_SIZE, Field.CATEGORY, Field.HOST, Field.DEPARTMENT,
        Field.PURPOSE, Field.PLACE, Field.REMARK,
    )  # fmt: skip
    return (said[field] for field in order)


def _words(correction: Any) -> str:
    return f"{label(correction.field)}: {correction.stood} → {correction.shown} ({name_of(correction.by_id)})"
