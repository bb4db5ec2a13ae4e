"""A call that becomes a case without retyping, and what is open of its number (PG-02, CP-01)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for

from portal.blueprints.complaints import actions, page, queries
from portal.blueprints.complaints.codes import Category, Channel, CustomerType, Kind, ReadBack, State, Urgency
from portal.forms import Choice, PortalForm, Someone
from portal.i18n import _, _l, label
from portal.kernel.calls import Call, End, Known, Made, MadeBefore
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise


class CaseOfCall(PortalForm):
    """What a case needs besides what was noted (CP-01, CP-09)."""

    kind = Choice(_l("Kind"), of=Kind, words=label, required=True, default=Kind.COMPLAINT)
    category = Choice(_l("Category"), of=Category, words=label, required=True)
    urgency = Choice(_l("Urgency"), of=Urgency, words=label, default=Urgency.NORMAL)
    customer_type = Choice(_l("Customer type"), of=CustomerType, words=label, empty=_l("not known"))
    person_concerned = Someone(_l("Person complained about (user name)"))


def _form(viewer: Viewer, sent: bool) -> CaseOfCall | None:
    if not viewer.may(May.REGISTER_CASES):
        return None
    return CaseOfCall.of_request(prefix="case-") if sent else CaseOfCall.blank(prefix="case-")


def _make(call: Call, asked: CaseOfCall, by: Viewer, now: datetime, key: str) -> Made:
    card = asked.person_concerned.card
    try:
        case = actions.register(
            by=by, now=now, idempotency_key=key, kind=asked.kind.data, category=asked.category.data,
            urgency=asked.urgency.data or Urgency.NORMAL, customer_type=asked.customer_type.data,
            person_concerned_id=card.id if card else None,
            channel=Channel.ONSITE if call.on_site else Channel.PHONE, major=False, confidential=False,
            content=call.text, demand=call.demand, customer_name=call.caller, customer_phone=call.phone,
            customer_address="", occurred_at=None, read_back=ReadBack.YES if call.read_back else None,
            read_back_reason="",
        )  # fmt: skip
    except actions.Doubled as sent:
        if not sent.same:
            raise SaidOtherwise from sent
        raise MadeBefore(Made(sent.case.number, *page.after_recording(sent.case, by))) from sent
    return Made(case.number, *page.after_recording(case, by))


END = End("case", _l("Make a case of it"), "complaint", 10, _form, _make)


def known(viewer: Viewer, phone: str) -> Iterator[Known]:
    """The open cases of a phone number that the viewer may see."""
    rows: list[tuple[str, State, str]] = [tuple(row) for row in queries.of_phone(viewer, phone)]
    for number, state, what in rows:
        caption = _(
            "Open case %(number)s (%(state)s): %(what)s", number=number, state=label(state), what=what
        )
        yield Known(caption, url_for("complaints.show", number=number))
