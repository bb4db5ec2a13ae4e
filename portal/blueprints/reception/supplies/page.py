"""What the templates of supplies draw: the stock, one supply, what a visit used, purchase requests, their form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal import timeline
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import forms, queries, rules
from portal.blueprints.reception.supplies.codes import OPEN, MovementKind, PurchaseState, SupplyKind
from portal.blueprints.reception.supplies.forms import called, unit_of
from portal.blueprints.reception.supplies.labels import (
    PURCHASE_VERBS,
    STATE_TONES,
    STOCK_VERBS,
)
from portal.blueprints.reception.supplies.models import Purchase, PurchaseLine, Supply
from portal.blueprints.reception.supplies.watch import PREFIX
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.drawing import name_of
from portal.forms import IdempotencyKey, PortalForm
from portal.i18n import LABELS, _, label
from portal.kernel import clock
from portal.kernel.people import Viewer
from portal.kernel.sheets import Column

FORM_NUMBER = "QR-RC-15 · V1"  # GO-01: every printed form names its number and version
KIND_TONES = {
    MovementKind.RECEIVED: "ok",
    MovementKind.USED: "",
    MovementKind.BACK: "info",
    MovementKind.COUNTED: "info",
    MovementKind.WRITTEN_OFF: "bad",
}


class _Key(PortalForm):
    idempotency_key = IdempotencyKey()


def listed(asked: queries.SupplyList) -> dict[str, Any]:
    """What the stock draws: each row has a key of its own, so that a touch sent twice takes one."""
    rows, before, after = asked.page()
    here = url_for("reception.supplies")
    return {
        "asked": asked,
        "rows": [(supply, _Key.blank().idempotency_key.data) for supply in rows],
        "last": queries.last_use(asked.viewer, clock.now()) if rules.keeps_stock(asked.viewer) else None,
        "earlier": before is not None and f"{here}?{before}",
        "later": after is not None and f"{here}?{after}",
        "kinds": _choices(SupplyKind),
        "may_keep": rules.keeps_stock(asked.viewer),
        "may_set": rules.sets_minimum(asked.viewer),
        "called": called,
        "unit_of": unit_of,
    }


def _choices(codes: Any) -> list[tuple[str, str]]:
    return [(str(code), str(words)) for code, words in LABELS[codes].items()]


def moved_columns() -> list[Column]:
    """The captions of a supply's movements as a workbook."""
    captions = (
        _("Moment"),
        _("Movement"),
        _("Amount"),
        _("On hand"),
        _("Visit"),
        _("Purchase request"),
        _("Note"),
        _("By"),
    )
    return [Column(caption) for caption in captions]


def moved(rows: Sequence[queries.Moved]) -> list[tuple[Any, ...]]:
    """A supply's movements as the workbook's rows."""
    return [
        (
            row.movement.at,
            label(row.movement.kind),
            row.movement.amount,
            row.movement.on_hand,
            row.visit or "",
            row.purchase or "",
            row.movement.note,
            name_of(row.movement.by_id),
        )
        for row in rows
    ]


def stock_form(verb: str) -> forms.StockForm:
    """The form of a movement before anybody typed."""
    return forms.STOCK[verb].blank()


def supply_card(
    supply: Supply,
    asked: queries.MovementList,
    *,
    do: str = "",
    tried: forms.StockForm | None = None,
) -> dict[str, Any]:
    """All that the page of one supply draws. `tried` is a form that came back wrong."""
    rows, newer, older = asked.page(supply)
    here = url_for("reception.supply", code=supply.code)
    keeps = rules.keeps_stock(asked.viewer)
    verbs = STOCK_VERBS if keeps else {}
    return {
        "supply": supply,
        "asked": asked,
        "rows": rows,
        "newer": newer and f"{here}?{newer}",
        "older": older and f"{here}?{older}",
        "verbs": verbs,
        "forms": {verb: tried if tried and verb == do else stock_form(verb) for verb in verbs},
        "do": do if do in verbs else "",
        "kinds": _choices(MovementKind),
        "tones": KIND_TONES,
        "proposed": rules.proposed(supply.on_hand, supply.minimum),
        "may_keep": keeps,
        "may_set": rules.sets_minimum(asked.viewer),
        "here": here,
        "name": called(supply),
        "unit": unit_of(supply),
    }


EDITED = ("name", "name_en", "kind", "unit", "unit_en", "minimum", "active")


def edit_form(supply: Supply) -> forms.SupplyForm:
    """The supply as it stands, in the fields that may be changed."""
    return forms.SupplyForm.blank(version=supply.version, **{name: getattr(supply, name) for name in EDITED})


def compared(supply: Supply, form: forms.SupplyForm) -> list[tuple[str, str, str]]:
    """What was typed beside what is stored now, where they differ: label, typed, stored."""
    rows = [(form[name], form[name].data, getattr(supply, name)) for name in EDITED]
    return [
        (field.label.text, _shown(typed), _shown(stored)) for field, typed, stored in rows if typed != stored
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return label(value) if isinstance(value, SupplyKind) else str(value)


def of_visit(visit: Visit, viewer: Viewer, *, tried: forms.VisitUseForm | None = None) -> dict[str, Any]:
    """What a visit used, and what can be added or put back."""
    rows = queries.of_visit(visit.id)
    sums: dict[str, tuple[Supply, int]] = {}
    for movement, supply in reversed(rows):
        sums[supply.code] = (supply, sums.get(supply.code, (supply, 0))[1] - movement.amount)
    may = rules.serves(visit, viewer) and rules.visit_takes_supplies(visit) is None
    form = tried or (forms.VisitUseForm.blank() if may else None)
    return {
        "visit": visit,
        "rows": rows,
        "sums": [(supply, used, _Key.blank().idempotency_key.data) for supply, used in sums.values() if used],
        "form": form if may else None,
        "here": url_for("reception.visit_supplies", visit_number=visit.number),
        "tones": KIND_TONES,
        "called": called,
        "unit_of": unit_of,
    }


# -- purchase requests -----------------------------------------------------------------------------------------------


def purchases(asked: queries.PurchaseList) -> dict[str, Any]:
    """What the list of purchase requests draws."""
    rows, newer, older = asked.page()
    here = url_for("reception.purchases")
    return {
        "asked": asked,
        "rows": [(row.purchase, row.lines, STATE_TONES[row.purchase.state]) for row in rows],
        "newer": newer and f"{here}?{newer}",
        "older": older and f"{here}?{older}",
        "states": [("open", _("Open")), *_choices(PurchaseState)],
        "may_ask": rules.keeps_stock(asked.viewer),
    }


def ask_form(*, low: bool = False, only: str = "", sent: bool = False) -> forms.AskForm:
    """The form to ask for supplies; `low` proposes lines for those below their minimum, `only` for one."""
    supplies = queries.active()
    kind = forms.ask_form(supplies)
    if sent:
        return kind.of_request()
    given: dict[str, Any] = {}
    if low or only:
        coming = queries.under_way()
        for supply in supplies:
            if only and supply.code != only:
                continue
            given[f"amount_{supply.id}"] = (
                rules.proposed(supply.on_hand, supply.minimum, coming.get(supply.id, 0)) or None
            )
    return kind.blank(**given)


def asked_for(form: forms.AskForm) -> list[tuple[Supply, Any, Any, int]]:
    """The lines of the form: supply, amount, note, what is under way; those below the minimum first."""
    coming = queries.under_way()
    rows = sorted(form.supplies, key=lambda s: not s.low)
    return [(s, form[f"amount_{s.id}"], form[f"note_{s.id}"], coming.get(s.id, 0)) for s in rows]


def act_form(
    verb: str,
    lines: Sequence[tuple[PurchaseLine, Supply]],
    version: int | None = None,
    *,
    sent: bool = False,
) -> forms.ActForm:
    """The form of a verb on a request."""
    kind = forms.receipt_form(lines) if verb == "receive" else forms.ACTS[verb]
    return kind.of_request() if sent else kind.blank(version=version)


def purchase_card(
    purchase: Purchase, viewer: Viewer, *, do: str = "", tried: forms.ActForm | None = None
) -> dict[str, Any]:
    """All that the page of one request draws. `tried` is a form that came back wrong."""
    lines = queries.lines_of(purchase)
    do = do.removeprefix(PREFIX)
    verbs = [step.verb for step in PURCHASE.open_to(purchase, viewer)]
    if purchase.asked_by_id == viewer.id:  # they would only be refused (RC-15)
        verbs = [verb for verb in verbs if verb not in {"approve", "decline"}]
    do = do if do in verbs else next(iter(verbs), "")
    return {
        "purchase": purchase,
        "lines": lines,
        "verbs": PURCHASE_VERBS,
        "forms": {
            verb: tried if tried and verb == do else act_form(verb, lines, purchase.version) for verb in verbs
        },
        "do": do,
        "tone": STATE_TONES[purchase.state],
        "open": purchase.state in OPEN,
        "timeline": timeline.of(purchase, {"purchase:decline", "purchase:cancel"}),
        "here": url_for("reception.purchase", purchase_number=purchase.number),
        "called": called,
        "unit_of": unit_of,
    }


def sheet(purchase: Purchase) -> dict[str, Any]:
    """What the A4 purchase request shows."""
    return {
        "purchase": purchase,
        "lines": queries.lines_of(purchase),
        "form_number": FORM_NUMBER,
        "called": called,
        "unit_of": unit_of,
    }
