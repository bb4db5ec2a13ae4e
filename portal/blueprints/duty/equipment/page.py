"""What the templates of the ledger draw."""

from __future__ import annotations

from typing import Any

from portal.blueprints.duty.equipment import queries
from portal.blueprints.duty.equipment.forms import EquipmentForm
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.posts.routes import colleagues
from portal.blueprints.duty.systems import System
from portal.drawing import department_name, name_of
from portal.i18n import _, called, label
from portal.kernel import clock, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May

FORM_NUMBER = "QR-DR-13-01 · V1"


def _post_name(post_id: int | None) -> str:
    return called(posts.ground().posts[post_id]) if post_id else ""


def listed(asked: queries.EquipmentList) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "choices": [
            ("system", _("All systems"), [(code, label(code)) for code in System]),
            (
                "department",
                _("All departments"),
                [(code, department_name(code)) for code in reference.staff().departments],
            ),
        ],
        "edits": asked.viewer.may(May.PLAN_DUTY),
        "called": called,
        "name_of": name_of,
        "department_name": department_name,
        "today": clock.local(clock.now()).date(),
    }


def drawn(thing: Equipment, viewer: Viewer) -> dict[str, Any]:
    """What the page and the card on A4 have in common."""
    return {
        "thing": thing,
        "called": called,
        "post": _post_name(thing.post_id),
        "past": queries.past(viewer, thing.id),
        "words": {kind: str(caption) for kind, (caption, _of) in queries.PAST_WORDS.items()},
        "state_of": lambda line: queries.PAST_WORDS[line.kind][1](line.state),
        "name_of": name_of,
        "department_name": department_name,
    }


def shown(thing: Equipment, viewer: Viewer) -> dict[str, Any]:
    """All that the page of one piece of equipment draws."""
    today = clock.local(clock.now()).date()
    return drawn(thing, viewer) | {
        "edits": viewer.may(May.PLAN_DUTY),
        "offers": [offer for ask in queries.OFFERS if (offer := ask(viewer, thing.code))],
        "covered": thing.warranty_until is not None and thing.warranty_until >= today,
    }


def form_of(thing: Equipment) -> EquipmentForm:
    """The form with what is stored."""
    kept = {name: getattr(thing, name) for name in EquipmentForm.blank().data if hasattr(thing, name)}
    cards = reference.staff().cards
    who = cards[thing.responsible_id].username if thing.responsible_id else ""
    post = posts.ground().posts[thing.post_id].code if thing.post_id else ""
    return EquipmentForm.blank(**kept | {"responsible": who, "post": post})


def edited(form: EquipmentForm, title: str, rows: Any = None) -> dict[str, Any]:
    """All that the form's page draws; `rows` are both versions of a stale edit."""
    return {"form": form, "title": title, "rows": rows, "people": colleagues()}
