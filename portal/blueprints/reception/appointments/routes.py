"""An appointment to send: the pass with its code, and the calendar entry (RC-18, RC-19)."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, request, url_for
from markupsafe import Markup

from portal.blueprints.reception import places, reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.i18n import _
from portal.kernel import clock, ics, policies, reference
from portal.kernel.rights import May
from portal.papers import Paper, printed
from portal.security import SANDBOX

OFF = frozenset({State.CANCELLED, State.DECLINED})


def _find(number: str) -> Visit:
    """The appointment of that number if the viewer may know of it; whoever came without one has no pass."""
    visit = reach.find(me(), number)
    if not visit.booked or visit.starts_at is None:
        abort(404)
    return visit


@printed(bp, "/visits/<visit:number>/pass", May.SEE_VISITS)
def visit_pass(number: str) -> Paper:
    """The visitor's pass: who, when, where, how to get there, and the code that the desk and the kiosk read (RC-18)."""
    visit, small = _find(number), request.args.get("paper") == "a6"
    told = _told(visit)
    names = [visit.visitor_name, *filter(None, map(str.strip, visit.party.splitlines()))]
    drawn = {
        "visit": visit,
        "names": names,
        "told": told,
        "off": visit.state in OFF,
        "small": small,
        "paper": " small" if small else "",
        "code": _qr(visit),
        "invitation": _invitation(told),
        "here": url_for("reception.visit_pass", number=number),
    }
    return Paper(
        "reception/appointments/pass.html",
        number,
        _("PDF of the visitor's pass of %(number)s", number=number),
        f"{number}-pass.pdf",
        drawn,
        version=visit.version,
        query={"paper": "a6"} if small else {},
    )


def _told(visit: Visit) -> dict[str, str]:
    """What the visitor has to know, in the language of the page."""
    place, now = places.of_visit(visit), clock.now()
    begins, ends = _span(visit)
    when = f"{clock.local(begins):%Y-%m-%d %H:%M} – {clock.local(ends):%H:%M}"
    return {
        "company": current_app.config["SETTINGS"].company,
        "when": when,
        "host": name_of(visit.host_id) if visit.host_id else department_name(visit.department),
        "place": place.words if place else _("Front desk"),
        "address": policies.value("visit.address", now),
        "code": visit.pass_code,
    }


def _span(visit: Visit) -> tuple[datetime, datetime]:
    """From when to when; the usual time where no end is named."""
    begins = visit.starts_at or visit.created_at
    usual = timedelta(minutes=policies.number("visit.minutes", clock.now()))
    return begins, visit.ends_at or begins + usual


def _invitation(told: dict[str, str]) -> str:
    """The words to send by WeChat or mail."""
    return _(
        "%(company)s expects you on %(when)s. Place: %(place)s. Your host: %(host)s. How to get there: %(address)s. "
        "Pass code at the front desk: %(code)s.",
        **told,
    )


def _qr(visit: Visit) -> Markup:
    """RC-18: the pass code as a picture, drawn into the page; with the portal's address where one is configured."""
    import segno

    drawn = segno.make(_coded(visit), error="m", micro=False)
    svg = drawn.svg_inline(scale=5, border=2, light="#fff", svgclass=None, lineclass=None)
    return Markup(svg)  # noqa: S704  # drawn from squares, nothing typed is in it


def _coded(visit: Visit) -> str:
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    return f"{base}/reception/kiosk?pass_code={visit.pass_code}" if base else visit.pass_code


@bp.get("/visits/<visit:number>/invite.ics")
@needs(May.SEE_VISITS)
def invite(number: str) -> Response:
    """The appointment as an entry for a calendar; sent again after a change, it takes the old one's place."""
    visit = _find(number)
    answer = make_response(ics.written(_entry(visit), clock.zone()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    answer.headers["Content-Disposition"] = f"attachment; filename={number}.ics"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _entry(visit: Visit) -> ics.Entry:
    settings, told = current_app.config["SETTINGS"], _told(visit)
    begins, ends = _span(visit)
    host = reference.staff().cards.get(visit.host_id) if visit.host_id else None
    return ics.Entry(
        uid=f"{visit.number}@{urlsplit(settings.base_url).hostname or 'front-office-portal'}",
        sequence=visit.version,
        made_at=clock.now(),
        starts_at=begins,
        ends_at=ends,
        summary=_("Visit to %(company)s", company=settings.company),
        place=f"{told['place']}, {told['address']}",
        description=_invitation(told),
        status=_status(visit),
        organizer=told["host"],
        mail=(host.email if host else "") or settings.mail_from,
    )


def _status(visit: Visit) -> str:
    if visit.state in OFF:
        return "CANCELLED"
    return "CONFIRMED" if visit.confirmed_at else "TENTATIVE"
