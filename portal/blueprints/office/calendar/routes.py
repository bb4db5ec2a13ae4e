"""/office/calendar/: weekly hours, special days, the year at a glance."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office import labels
from portal.blueprints.office.area import bp
from portal.blueprints.office.calendar import actions, queries
from portal.blueprints.office.calendar.forms import DaysForm, ReasonForm, WeekForm
from portal.forms import PortalForm
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, company_calendar
from portal.kernel.calendars import WEEKDAYS
from portal.kernel.company_calendar import SpecialDay
from portal.kernel.db import db
from portal.kernel.rights import May

YEARS = range(2000, 2100)


@bp.get("/calendar/")
@needs(May.MANAGE_OFFICE)
def calendar() -> str:
    """The calendar of a year (`year`, else this one)."""
    return render_template("office/calendar/index.html", **_page())


@bp.post("/calendar/hours")
@needs(May.MANAGE_OFFICE)
def set_hours() -> Response:
    """The hours of one weekday."""
    form = WeekForm.of_request()
    if not form.validate():
        return _invalid(week_form=form, tried=form)
    weekday = WEEKDAYS.index(form.weekday.data)
    with db.write():
        actions.set_hours(weekday, form.hours.spans, reason=form.reason.data, by=me().id, now=clock.now())
    return gone_to(
        url_for(".calendar"), said=_("The hours of %(day)s are changed.", day=str(labels.WEEKDAYS[weekday]))
    )


@bp.post("/calendar/days")
@needs(May.MANAGE_OFFICE)
def set_days() -> Response:
    """One or several days that are not like their weekday."""
    form = DaysForm.of_request()
    if not form.validate():
        return _invalid(days_form=form, tried=form)
    days = form.days()
    with db.write():
        actions.set_days(
            days,
            kind=form.kind.data,
            spans=form.hours.spans,
            name=form.name.data,
            reason=form.reason.data,
            by=me().id,
            now=clock.now(),
        )
    return gone_to(url_for(".calendar", year=days[0].year), said=_("The calendar is changed."))


@bp.route("/calendar/days/<int:day_id>/remove", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def remove_day(day_id: int) -> Response | str:
    """Make a day be like its weekday again; asked once more, with the reason."""
    row = _find(day_id)
    if request.method == "GET":
        return render_template("office/calendar/remove.html", row=row, form=ReasonForm.blank())
    form = ReasonForm.of_request()
    if not form.validate():
        return make_response(render_template("office/calendar/remove.html", row=row, form=form), 422)
    with db.write():
        row = _find(day_id)
        actions.remove_day(row, reason=form.reason.data, by=me().id, now=clock.now())
    return gone_to(url_for(".calendar", year=row.day.year), said=_("The calendar is changed."))


def _find(day_id: int) -> SpecialDay:
    row = db.session.scalars(
        sa.select(SpecialDay).where(SpecialDay.id == min(day_id, 2**31 - 1))
    ).one_or_none()
    if row is None:
        abort(404)
    return row


def _invalid(**tried: Any) -> Response:
    return make_response(render_template("office/calendar/index.html", **_page(**tried)), 422)


def _page(
    week_form: WeekForm | None = None, days_form: DaysForm | None = None, tried: PortalForm | None = None
) -> dict[str, Any]:
    now = clock.now()
    asked = request.args.get("year", "", type=str)
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.local(now).year
    year = year if year in YEARS else clock.local(now).year
    return {
        "year": year,
        "today": clock.local(now).date(),
        "week": [
            (code, words, hours) for (code, hours), words in zip(queries.week(), labels.WEEKDAYS, strict=True)
        ],
        "days": queries.special_days(year),
        "months": queries.year(year),
        "missing": company_calendar.years_missing(now),
        "week_form": week_form,
        "days_form": days_form or DaysForm.blank(),
        "tried": tried,
    }
