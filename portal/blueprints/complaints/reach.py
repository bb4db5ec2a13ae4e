"""Who may know of which case: the condition itself, and its parts one by one for lists that stay quick."""

from __future__ import annotations

from collections.abc import Hashable

import sqlalchemy as sa

from portal.blueprints.complaints.models import Case, CaseDepartment
from portal.kernel import reference
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

# Lists read plain columns: through the mapped class the same fifty rows take three times as long.
C, HAD = Case.__table__.c, CaseDepartment.__table__.c


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a case at all.

    Desk, general office and general manager see every case, a lead those of the own departments now and before, others
    those they took, handle or help with; a confidential one the general office only; nobody one about themselves.
    """
    within = _open_to(viewer)
    return within if sees_all(viewer) else sa.and_(within, sa.or_(*_own(viewer), _had_by(viewer)))


def sees_all(viewer: Viewer) -> bool:
    """True when a case need not have anything to do with the viewer."""
    return viewer.role in {Role.DESK, Role.OFFICE} or viewer.is_manager or viewer.is_director


def ways_to(viewer: Viewer) -> list[tuple[sa.Select[int], sa.ColumnElement[int]]]:
    """The parts of a limited reach, each as the ids it gives and the column that its index has them in order by.

    Together they are what `visible_to` lets through. Only each part by itself has an index that hands out its newest
    cases first; their union asked for at once is read whole.
    """
    within = _open_to(viewer)
    ids: sa.Select[int] = sa.select(C.id)
    ways: list[tuple[sa.Select[int], sa.ColumnElement[int]]] = [
        (ids.where(within, part), C.id) for part in _own(viewer)
    ]
    had: sa.Select[int] = sa.select(HAD.case_id).join(Case.__table__, C.id == HAD.case_id).where(within)
    ways += [(had.where(HAD.department == code), HAD.case_id) for code in sorted(viewer.leads)]
    helped = had.where(HAD.assisting, HAD.department == viewer.department)
    return [*ways, (helped, HAD.case_id)]


def _open_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """What holds for every case that a person sees, whatever they have to do with it."""
    about_others = sa.or_(C.person_concerned_id.is_(None), C.person_concerned_id != viewer.id)
    if viewer.role is Role.OFFICE:
        return about_others
    # A confidential tip-off is the general office's alone (CP-04), also when somebody else took it.
    return sa.and_(about_others, sa.not_(C.confidential))


def _own(viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    """What of the case itself makes it one of the viewer's."""
    own = [C.first_responder_id == viewer.id, C.handler_id == viewer.id, C.reporter_id == viewer.id]
    if viewer.supervises:
        own.append(sa.and_(C.escalated_at.is_not(None), C.department.in_(viewer.supervises)))
    if absent := _absent_under(viewer):
        own += [C.first_responder_id == person for person in absent]
    return own


def _had_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """True of the cases that a department of the viewer's has, had, or helps with.

    Asked of each row. As a list of ids (`id IN (SELECT …)`) it would name all cases a department ever had before the
    first row comes; PostgreSQL makes such a list of an EXISTS too, unless an OFFSET forbids it.
    """
    ours = sa.or_(
        HAD.department.in_(viewer.leads),
        sa.and_(HAD.assisting, HAD.department == viewer.department),
    )
    had: sa.Select[int] = sa.select(sa.literal_column("1", sa.Integer)).where(HAD.case_id == C.id, ours)
    return sa.exists(had.limit(1).offset(sa.literal_column("0")).correlate(Case.__table__))


def _absent_under(viewer: Viewer) -> tuple[int, ...]:
    """CP-03: who is no longer there in the departments that the viewer leads."""
    cards = reference.staff().cards.values()
    return tuple(card.id for card in cards if not card.active and card.department in viewer.leads)


def reach(viewer: Viewer) -> Hashable:
    """All that `visible_to` and `audiences` ask of a viewer: statements made for one reach fit no other."""
    return (
        viewer.id,
        viewer.role,
        viewer.department,
        viewer.leads,
        viewer.supervises,
        viewer.is_manager,
        viewer.is_director,
        _absent_under(viewer) if viewer.leads else (),
    )
