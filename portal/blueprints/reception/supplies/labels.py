"""What people read for each code of supplies and purchase requests, each verb, refusal, message, line of history."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.reception.supplies.codes import MovementKind, PurchaseState, SupplyKind
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    SupplyKind: {
        SupplyKind.GENERAL: _l("General supplies"),
        SupplyKind.SPECIAL: _l("Special supplies"),
    },
    MovementKind: {
        MovementKind.RECEIVED: _l("Stock received"),
        MovementKind.USED: _l("Used"),
        MovementKind.BACK: _l("Put back"),
        MovementKind.COUNTED: _l("Counted"),
        MovementKind.WRITTEN_OFF: _l("Written off"),
    },
    PurchaseState: {
        PurchaseState.ASKED: _l("Purchase waits for approval"),
        PurchaseState.APPROVED: _l("Purchase approved"),
        PurchaseState.DECLINED: _l("Purchase declined"),
        PurchaseState.RECEIVED: _l("Purchase received"),
        PurchaseState.CANCELLED: _l("Purchase cancelled"),
    },
}
STATE_TONES = {
    PurchaseState.ASKED: "warn",
    PurchaseState.APPROVED: "info",
    PurchaseState.DECLINED: "bad",
    PurchaseState.RECEIVED: "ok",
    PurchaseState.CANCELLED: "",
}

# What is done to the stock of one supply: caption, and what is said when it is done.
STOCK_VERBS: dict[str, Any] = {
    "use": _l("Use"),
    "receive": _l("Receive stock"),
    "count": _l("Count stock"),
    "write-off": _l("Write off"),
}
STOCK_SAID: dict[str, Any] = {
    "use": _l("%(name)s: %(amount)s used, %(left)s left."),
    "receive": _l("%(name)s: %(amount)s received, %(left)s there now."),
    "count": _l("%(name)s: counted, %(left)s there."),
    "write-off": _l("%(name)s: %(amount)s written off, %(left)s left."),
}
PURCHASE_VERBS: dict[str, Any] = {
    "approve": _l("Approve the purchase"),
    "decline": _l("Decline the purchase"),
    "buy": _l("Note that it is bought"),
    "receive": _l("Receive the goods"),
    "cancel": _l("Cancel the request"),
}
PURCHASE_SAID: dict[str, Any] = {
    "approve": _l("The purchase is approved; the purchaser is told."),
    "decline": _l("The purchase is declined."),
    "buy": _l("It is bought; the front desk receives it."),
    "receive": _l("The goods are in the stock."),
    "cancel": _l("The request is cancelled."),
}
# What *my day* writes on its buttons; verbs of other things have some of the same names.
AWAITED: dict[str, Any] = {
    "supply-low": _l("Stock up"),
    "purchase-approve": PURCHASE_VERBS["approve"],
    "purchase-buy": _l("Buy the supplies"),
    "purchase-receive": PURCHASE_VERBS["receive"],
}

REASONS: dict[str, Any] = {
    "not_enough": _l("Only %(left)s left in stock; %(wanted)s cannot be taken."),
    "visit_over": _l("This visit is over or did not take place; it uses no supplies."),
    "not_used": _l("The visit has %(used)s of it; %(wanted)s cannot be put back."),
    "only_a_use": _l("Only a use can be taken back."),
    "too_late": _l("This was more than ten minutes ago; count the stock instead."),
    "back_already": _l("This was taken back already."),
    "own_purchase": _l("You asked for this purchase yourself; somebody else decides."),
    "bought_already": _l("This was bought already."),
    "something_came": _l("Part of it has come; record the receipt and say that nothing more comes."),
}

NOTICES: dict[str, Any] = {
    "supply:low": _l("A supply has fallen below its minimum."),
    "purchase:asked": _l("A purchase request waits for your approval."),
    "purchase:approved": _l("A purchase request was approved."),
    "purchase:to_buy": _l("An approved purchase is yours to buy."),
    "purchase:declined": _l("A purchase request was declined."),
    "purchase:bought": _l("Supplies were bought and will come."),
    "purchase:received": _l("The supplies you asked for have come."),
    "purchase:cancelled": _l("A purchase request was cancelled."),
}

HISTORY: dict[str, Any] = {
    "supply:new": _l("Supply added"),
    "supply:edit": _l("Supply changed"),
    "supply:receive": _l("Stock received"),
    "supply:use": _l("Supply used"),
    "supply:back": _l("Supply put back"),
    "supply:count": _l("Stock counted"),
    "supply:write-off": _l("Stock written off"),
    "purchase:ask": _l("Purchase asked for"),
    **{f"purchase:{verb}": words for verb, words in PURCHASE_VERBS.items()},
}
_STOCK = {
    "amount": (_l("Amount"), str),
    "left": (_l("On hand"), str),
    "visit": (_l("Visit"), str),
    "purchase": (_l("Purchase request"), str),
    "minimum": (_l("Minimum"), str),
}
READERS: dict[str, Any] = {"supply": _STOCK}
telling.WORDS["supplier"] = _l("Bought from")
