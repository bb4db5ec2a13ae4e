"""Complaints on site: the visit that a case opens (RC-30), the case that a remark becomes (RC-21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.reception import actions, places, privacy, reach, watch
from portal.blueprints.reception.codes import Category, Errand, PlaceKind, Satisfaction
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.places import PlaceCard
from portal.kernel import history, links, policies
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.people import Viewer

ONSITE = "onsite"
NOBODY = "—"  # somebody who gives no name


def registered(
    *, case: Any, channel: str, department: str, visit: str, by: Viewer, now: datetime
) -> str | None:
    """A case was recorded: the number of the visit that belongs to it, if one does. Inside the case's write.

    RC-21: the visit it comes from; RC-30: on site, a visit that is opened for it. A confidential tip-off opens none:
    whoever sees the board would know of it (CP-04).
    """
    known = _known(by, visit) if visit else None
    if known is not None:
        links.join(known, case, now)
        return known.number
    if channel != ONSITE or case.confidential:
        return None
    opened = _open(case, department, by, now)
    links.join(case, opened, now)
    return opened.number


def _known(viewer: Viewer, number: str) -> Visit | None:
    try:
        return reach.find(viewer, number)
    except NotFound:
        return None


def _open(case: Any, department: str, by: Viewer, now: datetime) -> Visit:
    """RC-30: as B, without arrangement form; water first; a separate place proposed. Its matter repeats nothing."""
    place = free_place(now)
    return actions.register(
        by=by,
        now=now,
        category=Category.B,
        errand=Errand.COMPLAINT,
        visitor_name=case.customer_name or NOBODY,
        phone=case.customer_phone,
        company="",
        purpose="",
        party_size=1,
        department=department or None,
        place_id=place.id if place else None,
        barred_id=case.person_concerned_id,
    )


def free_place(now: datetime) -> PlaceCard | None:
    """RC-30: the first place where nobody sits and nobody is booked: those of B, the small room, the lounge last."""
    kinds = [kind for kind in rule_for(Category.B, now).places if kind is not PlaceKind.OFFICE]
    last = [kind for kind in (PlaceKind.SMALL, PlaceKind.LOUNGE) if kind not in kinds]
    span = timedelta(minutes=policies.number("visit.minutes", now))
    open_ones = [place for place in places.all_places().values() if place.active]
    for kind in (*(k for k in kinds if k is not PlaceKind.LOUNGE), *last, PlaceKind.LOUNGE):
        for place in open_ones:
            if place.kind is kind and not places.clashes(place, now, now + span):
                return place
    return None


def concerned(*, case: Any, now: datetime) -> None:
    """CP-09: it came out whom the complaint is about: the visit that it opened is hidden from that person too."""
    for visit in _of_case(case):
        if visit.errand is Errand.COMPLAINT:
            visit.barred_id = case.person_concerned_id
            watch.put_up(visit, now)


def disposed(*, case: Any, now: datetime) -> None:
    """CP-20: what the case's visits say of the customer goes with the case."""
    for visit in _of_case(case):
        privacy.forget(visit, now)


def _of_case(case: Any) -> list[Visit]:
    ids = links.ids_of(case, Visit.history_kind)
    return list(db.session.scalars(sa.select(Visit).where(Visit.id.in_(ids)).with_for_update()))


def fills(viewer: Viewer, number: str) -> dict[str, Any] | None:
    """RC-21: a remark as the intake form of a case takes it: a complaint of who was not satisfied, else a suggestion.

    RC-20: the phone number in part; `hands_over` gives the whole one to the case.
    """
    visit = _known(viewer, number)
    if visit is None or not visit.left_at or visit.anonymised_at:
        return None
    unhappy = visit.satisfaction is Satisfaction.DISSATISFIED
    return {
        "kind": "complaint" if unhappy else "suggestion",
        "channel": ONSITE,
        "customer_name": visit.visitor_name,
        "customer_phone": masked(visit.phone),
        "content": visit.remark,
    }


def hands_over(viewer: Viewer, number: str, now: datetime) -> str:
    """RC-20: the whole phone number for the case that a remark becomes, written down as a look at it."""
    visit = reach.find(viewer, number)
    history.record(visit, "visit:reveal", by=viewer.id, now=now, clause="RC-20")
    return visit.phone


def can_become_a_case(visit: Visit) -> bool:
    """RC-21: somebody left with a remark or was not satisfied."""
    said = visit.remark or visit.satisfaction is Satisfaction.DISSATISFIED
    return bool(said and visit.left_at and not visit.anonymised_at)


def named(viewer: Viewer, ids: links.Ids) -> list[tuple[str, str]]:
    """Number and address of the visits that the viewer may know of."""
    rows = sa.select(Visit.number).where(Visit.id.in_(ids), reach.visible_to(viewer)).order_by(Visit.id)
    return [(number, f"/reception/visits/{number}") for number in db.session.scalars(rows)]


links.LISTENERS["case:registered"].append(registered)
links.LISTENERS["case:concerned"].append(concerned)
links.LISTENERS["case:disposed"].append(disposed)
links.FILLS[Visit.history_kind] = fills
links.HANDS_OVER[Visit.history_kind] = hands_over
links.SHOWN[Visit.history_kind] = named
