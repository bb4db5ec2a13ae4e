"""The meeting arrangement form of a visit on A4 (RC-04); it is filled in by the verb `arrange`."""

from __future__ import annotations

from typing import Any

from flask import abort

from portal.blueprints.reception import places, reach, watch
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.codes import Late
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.services import queries as services
from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.blueprints.reception.services.labels import yuan
from portal.blueprints.reception.workflow import VISIT
from portal.drawing import department_name, name_of
from portal.guards import me
from portal.i18n import _
from portal.kernel import clock, reference
from portal.kernel.rights import May, Position
from portal.papers import Paper, printed

FORM_NUMBER = "QR-RC-04 · V1"  # GO-01: every printed form names its number and version


@printed(bp, "/visits/<visit:number>/arrangement", May.SEE_VISITS)
def arrangement(number: str) -> Paper:
    """RC-04: topic, guests, hosts, place, refreshment, supplies, meals and lodging of one visit, to print and to sign."""
    visit = reach.find(me(), number)
    rule = rule_for(visit.category, clock.now())
    if not rule.needs_form and visit.arranged_at is None:
        abort(404)
    title = _("PDF of the meeting arrangement form of %(number)s", number=number)
    drawn = _drawn(visit, rule.hosts)
    return Paper(
        "reception/arrangement/sheet.html",
        number,
        title,
        f"{number}-arrangement.pdf",
        drawn,
        version=visit.version,
    )


def _drawn(visit: Visit, by_matrix: tuple[str, ...]) -> dict[str, Any]:
    place = places.of_visit(visit)
    asked = [s for s in services.of_visit(visit) if s.state not in {State.REFUSED, State.CANCELLED}]
    return {
        "visit": visit,
        "place": place.words if place else "",
        "hosts": hosts(visit, by_matrix),
        "tasks": watch.tasks_of(visit),
        "meals": [s for s in asked if s.kind is ServiceKind.MEAL],
        "lodgings": [s for s in asked if s.kind is ServiceKind.LODGING],
        "late": visit.late is not Late.NO,
        "may_arrange": any(step.verb == "arrange" for step in VISIT.open_to(visit, me())),
        "form_number": FORM_NUMBER,
        "yuan": yuan,
        "name_of": name_of,
        "department_name": department_name,
    }


def hosts(visit: Visit, by_matrix: tuple[str, ...]) -> list[tuple[str, str]]:
    """RC-04: who hosts by the matrix: the general manager, the department's lead, who is named; and who accompanies."""
    staff = reference.staff()
    leaders = {
        "manager": (_("General manager"), staff.holding(Position.GENERAL_MANAGER)),
        "lead": (_("Head of department"), staff.leads_of(visit.department or "")),
        "named": (_("Person visited"), [visit.host_id] if visit.host_id else []),
    }
    rows = [leaders[host] for host in by_matrix if host in leaders]
    found: list[tuple[str, str]] = [(words, name_of(people[0]) if people else "") for words, people in rows]
    if visit.companion_id:
        found.append((_("Who accompanies"), name_of(visit.companion_id)))
    return found
