"""What the templates of deposits, keys and goods passes draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.blueprints.reception.keeping import forms, queries, watch
from portal.blueprints.reception.keeping.codes import Held, PassState
from portal.blueprints.reception.keeping.labels import GOODS_VERBS
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, Key, KeyLoan
from portal.blueprints.reception.keeping.workflow import DEPOSIT, GOODS_PASS, KEY_LOAN
from portal.blueprints.reception.models import Visit
from portal.drawing import TimeLeft, clock_face, department_name, name_of
from portal.forms import VerbForm
from portal.i18n import is_chinese
from portal.kernel import clock, policies, reference
from portal.kernel.customers import masked
from portal.kernel.people import Card, Viewer

# GO-01: every printed form names its number and version.
FORM_NUMBER, SLIP_NUMBER = "QR-RC-26 · V1", "QR-RC-27 · V1"
TONES = {
    PassState.ASKED: "warn",
    PassState.APPROVED: "info",
    PassState.DECLINED: "bad",
    PassState.PASSED: "ok",
}
WORDS: dict[str, Any] = {"name_of": name_of, "department_name": department_name, "masked": masked}


def opens(key: Key) -> str:
    """What a key opens, in the language of the page."""
    return key.opens if is_chinese() else (key.opens_en or key.opens)


def desk_phone() -> str:
    """Where a visitor reaches the front desk."""
    return policies.value("desk.phone", clock.now())


def colleagues() -> list[Card]:
    """Who may borrow a key."""
    return [card for card in reference.staff().cards.values() if card.active]


def timed(rows: Sequence[Any]) -> list[tuple[Any, TimeLeft | None]]:
    """Each deposit or loan with the time it has left while it is out."""
    tell = clock_face(clock.now())
    return [(row, tell(row.due_at, row.since) if row.state is Held.OUT else None) for row in rows]


def store_form(visit: str = "") -> forms.StoreForm:
    """A new deposit: the next free tag and the usual end are proposed."""
    tag, due_at = queries.free_tag(), watch.usual_end("limit.deposit", clock.now())
    return forms.StoreForm.blank(tag=tag, due_at=due_at, visit=visit, back="visit" if visit else "")


def lend_form(visit: str = "") -> forms.LendForm:
    """A new key loan: the usual end is proposed."""
    due_at = watch.usual_end("limit.key_return", clock.now())
    return forms.LendForm.blank(due_at=due_at, visit=visit, back="visit" if visit else "")


def of_visit(
    visit: Visit, store: forms.StoreForm | None = None, lend: forms.LendForm | None = None
) -> dict[str, Any]:
    """What a visit's page of deposits and keys draws."""
    held, lent = queries.of_visit(visit.id)
    return {
        "visit": visit,
        "held": timed(held),
        "lent": timed(lent),
        "store": store or store_form(visit.number),
        "lend": lend or lend_form(visit.number),
        "free": queries.free_keys(),
        "people": colleagues(),
        "opens": opens,
        **WORDS,
    }


def one(
    held: Deposit | KeyLoan, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None
) -> dict[str, Any]:
    """What the page of one deposit or loan draws: a form for each verb; `tried` is the one that came back."""
    flow, kinds = (DEPOSIT, forms.DEPOSITS) if isinstance(held, Deposit) else (KEY_LOAN, forms.KEYS)
    (_row, left), *_ = timed([held])
    drawn = {step.verb: kinds[step.verb].blank() for step in flow.open_to(held, viewer)}
    return {
        "held": held,
        "left": left,
        "forms": _with_tried(drawn, do, tried),
        "tried": do,
        "opens": opens,
        **WORDS,
    }


def goods_pass(
    found: GoodsPass, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None
) -> dict[str, Any]:
    """What the page of one goods pass draws."""
    steps = GOODS_PASS.open_to(found, viewer)
    drawn = {step.verb: forms.GOODS[step.verb].blank(version=found.version) for step in steps}
    return {
        "goods": found,
        "forms": _with_tried(drawn, do, tried),
        "tried": do,
        "tones": TONES,
        "verbs": GOODS_VERBS,
        **WORDS,
    }


def _with_tried(drawn: dict[str, Any], do: str, tried: VerbForm | None) -> dict[str, Any]:
    return drawn | {do: tried} if tried and do in drawn else drawn
