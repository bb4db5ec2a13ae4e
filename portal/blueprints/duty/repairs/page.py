"""What the templates of repair orders draw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import timeline
from portal.blueprints.duty.equipment.forms import choices
from portal.blueprints.duty.posts.routes import colleagues
from portal.blueprints.duty.repairs import queries
from portal.blueprints.duty.repairs.codes import OPEN, State
from portal.blueprints.duty.repairs.forms import FORMS, RegisterForm
from portal.blueprints.duty.repairs.labels import BUTTONS
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import CANCEL, REPAIR, RETURN
from portal.drawing import department_name, name_of, span
from portal.forms import VersionedForm
from portal.i18n import _, called, label
from portal.kernel import clock, pictures, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

FORM_NUMBER = "QR-DR-13-02 · V1"
BAD = frozenset({"clock:overdue", f"repair:{RETURN}"})
TONES = {
    State.REGISTERED: "warn", State.ASSIGNED: "info", State.DONE: "info", State.RECHECKED: "info", State.ACCEPTED: "ok",
    State.CANCELLED: "",
}  # fmt: skip
QUIET = frozenset({RETURN, CANCEL})


def by_whom(repair: Repair) -> str:
    """Who repairs it: a colleague, an outside firm, nobody yet."""
    return name_of(repair.assignee_id) if repair.assignee_id else repair.firm


def thing(repair: Repair) -> str:
    """The equipment, else the place."""
    return f"{called(repair.equipment)} {repair.equipment.code}" if repair.equipment else repair.place


def listed(asked: queries.RepairList, may_register: bool) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "tones": TONES,
        "now": clock.now(),
        "open": OPEN,
        "may_register": may_register,
        "may_export": asked.viewer.may(May.EXPORT_CASES),
        "choices": [
            (
                "state",
                _("Whatever is open"),
                [("all", _("All")), *((state, label(state)) for state in State)],
            ),
            (
                "department",
                _("All departments"),
                [(code, department_name(code)) for code in reference.staff().departments],
            ),
        ],
        "by_whom": by_whom,
        "thing": thing,
        "department_name": department_name,
        "name_of": name_of,
    }


def entered(form: RegisterForm) -> dict[str, Any]:
    """All that the form for a breakdown draws."""
    return {"form": form, "equipment": choices()}


def drawn(repair: Repair) -> dict[str, Any]:
    """What the page and the order on A4 have in common."""
    return {
        "repair": repair,
        "thing": thing(repair),
        "by_whom": by_whom(repair),
        "worked": span(timedelta(minutes=repair.minutes)) if repair.minutes else "",
        "name_of": name_of,
        "department_name": department_name,
    }


def shown(
    repair: Repair, viewer: Viewer, *, do: str = "", tried: VersionedForm | None = None
) -> dict[str, Any]:
    """All that the page of an order draws. `tried` is a form that came back."""
    verbs = [step.verb for step in REPAIR.open_to(repair, viewer)]
    forms = {
        verb: tried if verb == do and tried else FORMS[verb].blank(version=repair.version) for verb in verbs
    }
    first = next((verb for verb in verbs if verb not in QUIET), "")
    return drawn(repair) | {
        "tone": TONES[repair.state],
        "late": repair.state in OPEN and repair.due_at is not None and repair.due_at < clock.now(),
        "forms": forms,
        "first": first,
        "opened": do if do in forms else first,
        "words": BUTTONS,
        "quiet": QUIET,
        "people": colleagues(),
        "pictures": pictures.of_many("repair", [repair.id]).get(repair.id, []),
        "timeline": timeline.of(repair, BAD),
        "now": clock.now(),
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("What is broken"), _("Major"), _("Code of equipment"), _("Equipment"), _("Where it is"),
        _("Department"), _("State"), _("Registered at"), _("Registered by"), _("Repaired by"), _("Given out at"),
        _("Done at"), _("What was done, and how it is now"), _("Parts that were changed"), _("Material that was used"),
        _("Working time in minutes"), _("Checked again by"), _("Accepted by"), _("Accepted at"), _("Due"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(repair: Repair) -> list[Any]:
    """One line of the workbook."""

    def name(person_id: int | None) -> str:
        return name_of(person_id) if person_id else ""

    kept = repair.equipment
    return [
        repair.number, repair.what, _("yes") if repair.major else "", kept.code if kept else "",
        called(kept) if kept else "", repair.place, department_name(repair.department), label(repair.state),
        repair.registered_at, name(repair.registered_by_id), by_whom(repair), repair.assigned_at, repair.done_at,
        repair.result, repair.parts, repair.material, repair.minutes, name(repair.rechecked_by_id),
        name(repair.accepted_by_id), repair.accepted_at, repair.due_at,
    ]  # fmt: skip
