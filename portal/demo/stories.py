"""How a case goes, as a list of acts: who does what, how much working time after the act before.

A story is written from its words and a plot and cut off where the plot says, so that the demo has cases in every
state. Nothing here touches the database; `make` plays the acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.complaints.codes import (
    ABOUT_STAFF,
    Category,
    Channel,
    Decision,
    Escalation,
    Kind,
    Outcome,
    ReadBack,
    SpecialLimit,
    Urgency,
)
from portal.blueprints.complaints.rules import SPOKEN
from portal.demo.cast import Act, Cast, Plot
from portal.demo.words import (
    REASONS,
    ComplaintWords,
    CustomerWords,
    InquiryWords,
    NotUpheldWords,
    SuggestionWords,
    UnsolvedWords,
)
from portal.kernel.rights import Position


def complaint(words: ComplaintWords, plot: Plot, cast: Cast) -> list[Act]:
    """The acts of a complaint from the first word to where its plot ends."""
    story = _Complaint(words, plot, cast)
    return _cut(list(story.acts()), plot)


def _cut(acts: list[Act], plot: Plot) -> list[Act]:
    first_only, until = plot.until.endswith("?"), plot.until.rstrip("?")
    places = [n for n, act in enumerate(acts) if act.verb == until]
    last = places[0] if first_only else places[-1]
    verb, minutes = plot.slow
    return [
        Act(act.after + (minutes if act.verb == verb else 0), act.who, act.verb, act.given)
        for act in acts[: last + 1]
    ]


def customer_fields(customer: CustomerWords | None) -> dict[str, Any]:
    """How the form names the customer, the company before the address; an anonymous case names nobody."""
    if customer is None:
        return {"customer_name": "", "customer_phone": "", "customer_address": ""}
    return {
        "customer_name": customer.name,
        "customer_phone": customer.phone,
        "customer_address": f"{customer.company} {customer.address}".strip(),
    }


def confirmed(channel: Channel, anonymous: bool) -> dict[str, Any]:
    """How the record was confirmed, as fits the channel (CP-04)."""
    if anonymous:
        return {"read_back": ReadBack.NOT_POSSIBLE, "read_back_reason": REASONS.not_possible_read_back}
    if channel in SPOKEN:
        return {"read_back": ReadBack.SIGNED if channel is Channel.ONSITE else ReadBack.YES}
    return {"read_back": ReadBack.COPY_SENT}


class _Complaint:
    """One complaint while its story is written."""

    def __init__(self, words: ComplaintWords, plot: Plot, cast: Cast) -> None:
        self.words, self.plot, self.cast = words, plot, cast
        concerned = words.person_concerned
        self.urgent = words.urgency is Urgency.URGENT
        self.level = "major" if words.major else "special" if words.urgency is Urgency.SPECIAL else "normal"
        self.secret = plot.has("confidential")
        self.proposed = cast.card(concerned).department if concerned else cast.routed[words.category]
        self.department = self._department()
        self.desk = cast.office() if self.secret else cast.desk(concerned)
        self.first = plot.taken_by or cast.desk(concerned)
        if plot.has("own_record"):
            self.first = cast.first_desk(concerned)
        self.lead = cast.lead(self.department, concerned)
        self.handler = cast.handler(self.department, self.level, concerned, words.responsible)
        self.approver = cast.approver(self.department, concerned, self.handler)
        self.reporter = self.first if plot.has("reporter") else self.handler
        self.caller = cast.desk(concerned, self.reporter)

    def _department(self) -> str:
        if self.secret:
            return "office"
        if self.plot.has("overruled"):
            return "impl"
        if self.proposed:
            return self.proposed
        named = self.words.responsible
        return self.cast.card(named).department if named else "market"

    def acts(self) -> Iterator[Act]:
        """The whole story; the plot's twists where they belong."""
        yield from self._intake()
        if self.plot.has("withdrawn"):
            yield Act(self._some(60, 200), self.desk, "withdraw", {"reason": self._one(REASONS.withdraw)})
            yield Act(self._some(30, 90), self.desk, "archive", {"evaluation": self.words.evaluation})
            return
        if self.plot.not_upheld is not None:
            yield from self._not_upheld(REASONS.not_upheld[self.plot.not_upheld])
            return
        yield from self._routing()
        yield from self._first_words()
        yield from self._solving()
        yield from self._answering()
        if self.plot.has("reopened"):
            yield from self._second_round()
        yield from self._closing()

    def _some(self, least: int, most: int) -> int:
        return self.cast.rng.randint(least, most)

    def _one(self, texts: tuple[str, ...]) -> str:
        return self.cast.rng.choice(texts)

    # -- parts, in order ------------------------------------------------------------------------------------------

    def _intake(self) -> Iterator[Act]:
        words, concerned = self.words, self.words.person_concerned
        registrar = concerned if self.plot.has("own_record") else self.first
        late_read_back = self.urgent or self.plot.has("no_read_back")
        fields = {
            "kind": Kind.COMPLAINT,
            "channel": words.channel,
            "category": words.category,
            "urgency": words.urgency,
            "major": words.major,
            "confidential": self.secret,
            "content": words.content,
            "demand": words.demand,
            "customer_type": words.customer_type,
            "person_concerned_id": self.cast.card(concerned).id if concerned else None,
            **customer_fields(words.customer),
            **({} if late_read_back else confirmed(words.channel, words.customer is None)),
        }
        if self._some(0, 2):
            before = timedelta(minutes=self._some(1, 8) * (5 if self.urgent else 180))
            fields["occurred_at"] = lambda at: at - before
        yield Act(0, registrar, "register", fields)

    def _read_back(self, after: int) -> Act:
        told = confirmed(self.words.channel, self.words.customer is None)
        given = {"read_back": told["read_back"], "reason": told.get("read_back_reason", "")}
        return Act(after, self.desk, "read-back", given)

    def _not_upheld(self, why: NotUpheldWords) -> Iterator[Act]:
        yield Act(self._some(30, 90), self.first, "not-upheld", {"reason": why.reason, "answer": why.answer})
        # The second person: the answer of the first was read and found right (CP-06).
        yield Act(self._some(20, 60), self.cast.office(), "not-upheld", {"decision": Decision.YES})
        yield Act(self._some(60, 120), self.desk, "archive", {"evaluation": self.words.evaluation})

    def _routing(self) -> Iterator[Act]:
        if self.plot.has("no_read_back"):
            yield self._read_back(self._some(10, 20))
        router = self.desk
        if self.words.category is Category.OTHER and not self.words.person_concerned:
            router = self.cast.office(self.words.person_concerned)
        if self.plot.has("handed_back"):
            wrong = "tech" if self.department != "tech" else "impl"
            reason = REASONS.overrule[2]
            yield Act(self._some(8, 15), router, "route", {"department": wrong, "reason": reason})
            back = self.cast.lead(wrong, self.words.person_concerned)
            yield Act(self._some(10, 20), back, "hand-back", {"reason": REASONS.overrule[0]})
        given: dict[str, Any] = {"department": self.department}
        if self.proposed and self.department != self.proposed:
            given["reason"] = REASONS.overrule[1 if self.words.category is Category.PRICE else 0]
        yield Act(2 if self.urgent else self._some(6, 18), router, "route", given)
        accepted: dict[str, Any] = {"handler": self.cast.card(self.handler)}
        if self.words.urgency is Urgency.SPECIAL and not self.plot.has("unfounded"):
            accepted["special_reason"] = self._one(REASONS.special)
        yield Act(2 if self.urgent else self._some(4, 12), self.lead, "accept", accepted)
        if self.urgent:
            note = self.words.on_site or self.words.contact
            yield Act(self._some(2, 4), self.handler, "on-site", {"note": note})
            yield self._read_back(self._some(10, 25))

    def _first_words(self) -> Iterator[Act]:
        if self.plot.has("longer_contact"):
            given = {"limit": SpecialLimit.CONTACT, "reason": self._one(REASONS.longer_contact)}
            yield Act(2, self.lead, "special", given)
        if self.words.customer is not None:
            spoke = {"note": self.words.contact, "substantive": True}
            yield Act(self._some(3, 8), self.handler, "contact", spoke)
        if self.plot.has("promise"):
            promised = {"note": self._one(REASONS.promise), "due_at": self._closing_time}
            yield Act(self._some(5, 15), self.handler, "promise", promised)
        yield from self._handed_up()
        yield from self._helped()

    def _closing_time(self, at: datetime) -> datetime:
        return self.cast.calendar.closing(at)

    def _handed_up(self) -> Iterator[Act]:
        if self.plot.has("escalated"):
            why = self._unsolved()
            given = {"kind": Escalation.UNSOLVED, "reason": why.reason, "customer_type": why.customer_type}
            yield Act(self._some(30, 60), self.handler, "escalate", given)
            seats = self.cast.staff.holding(Position.SUPERVISOR, self.department)
            names = [self.cast.staff.cards[i].username for i in seats]
            supervisor = next((u for u in names if u != self.words.person_concerned), self.lead)
            yield Act(self._some(60, 180), supervisor, "decide", {"note": self._one(REASONS.decision)})
        if self.plot.has("major_escalated"):
            reason = self._one(REASONS.major_escalation)
            yield Act(
                self._some(20, 60), self.handler, "escalate", {"kind": Escalation.MAJOR, "reason": reason}
            )
            director = self.cast.office(self.words.person_concerned)
            yield Act(self._some(60, 200), director, "decide", {"note": self._one(REASONS.decision)})

    def _unsolved(self) -> UnsolvedWords:
        told = self.words.customer_type
        fit = [why for why in REASONS.unsolved if told is None or why.customer_type is told]
        return self.cast.rng.choice(fit or REASONS.unsolved)

    def _helped(self) -> Iterator[Act]:
        if not self.plot.has("assisted"):
            return
        helper = "impl" if self.department == "tech" else "tech"
        wanted = {"department": helper, "note": self.words.content[:80]}
        yield Act(self._some(15, 40), self.handler, "assist", wanted)
        if self.plot.has("no_cooperation"):
            reason = self._one(REASONS.no_cooperation)
            given = {"kind": Escalation.NO_COOPERATION, "reason": reason}
            yield Act(self._some(460, 520), self.handler, "escalate", given)
        yield Act(self._some(60, 200), self.cast.lead(helper), "assisted", {"note": self.words.findings})

    def _proposal(self, after: int, solutions: tuple[str, ...]) -> Act:
        words = self.words
        given: dict[str, Any] = {
            "findings": words.findings,
            "finding": words.finding,
            "responsible": self.cast.card(words.responsible) if words.responsible else None,
            "solution": list(solutions),
        }
        if self._some(0, 1):
            given["agreed_at"] = lambda at: self.cast.calendar.closing(at, 1)
        return Act(after, self.handler, "propose", given)

    def _solving(self) -> Iterator[Act]:
        quick = self.urgent
        if self.plot.has("returned"):
            yield self._proposal(self._some(60, 150), self.words.solutions[:1])
            yield Act(self._some(20, 80), self.approver, "return", {"note": self._one(REASONS.return_)})
        yield self._proposal(self._some(20, 40) if quick else self._some(40, 130), self.words.solutions)
        yield Act(self._some(5, 10) if quick else self._some(15, 90), self.approver, "approve", {})
        if self.plot.has("extended") or self.plot.has("extension_refused"):
            yield from self._more_time()
        if self.plot.has("paused"):
            yield Act(self._some(20, 60), self.handler, "pause", {"reason": self._one(REASONS.pause)})
            yield Act(self._some(500, 1100), self.handler, "resume", {})
        if self.plot.has("reporter"):
            asked = {"reporter": self.cast.card(self.first)}
            yield Act(self._some(10, 30), self.handler, "reporter", asked)
            yield Act(self._some(10, 40), self.desk, "reporter", {"decision": Decision.YES})
        worked = self._some(40, 120) if quick else self._some(100, 330)
        yield Act(worked, self.handler, "resolve", {"result": self.words.result})

    def _more_time(self) -> Iterator[Act]:
        granted = self.plot.has("extended")
        texts = REASONS.extension
        asked = {"reason": self._one(texts), "until": lambda at: self.cast.calendar.closing(at, 4)}
        yield Act(self._some(15, 40), self.handler, "extend", asked)
        decision = Decision.YES if granted else Decision.NO
        yield Act(self._some(20, 60), self.approver, "extend", {"decision": decision})
        if not granted:
            yield Act(2, self.approver, "note", {"note": self._one(REASONS.extension_refused)})

    def _answering(self) -> Iterator[Act]:
        yield Act(self._some(5, 20), self.reporter, "report", {"answer": self.words.answer})
        if self.words.customer is None:
            asked = {"reason": REASONS.no_contact_possible}
            yield Act(self._some(5, 15), self.desk, "no-contact", asked)
            second = self.cast.office(self.desk)
            yield Act(self._some(10, 30), second, "no-contact", {"decision": Decision.YES})
            return
        for tried in range(3 if self.plot.has("not_reached") else int(self.plot.has("no_answer"))):
            after = 420 if tried else self._some(10, 30)
            missed = {"outcome": Outcome.NO_ANSWER, "note": REASONS.no_answer[tried]}
            yield Act(after, self.caller, "follow-up", missed)
        if not self.plot.has("not_reached"):
            happy = not self.plot.has("reopened")
            again = self.plot.has("no_answer")
            outcome = Outcome.SATISFIED if happy else Outcome.DISSATISFIED
            note = self.words.follow_up if happy else self._unhappy()
            called = {"outcome": outcome, "note": note}
            yield Act(400 if again else self._some(8, 30), self.caller, "follow-up", called)

    def _unhappy(self) -> str:
        told = {Category.PRICE: 2, Category.PRODUCT: 0}.get(self.words.category, 1)
        return REASONS.reopen[told]

    def _second_round(self) -> Iterator[Act]:
        yield Act(self._some(5, 15), self.caller, "reopen", {"note": self._unhappy()})
        yield self._proposal(self._some(40, 120), self.words.solutions[::-1])
        yield Act(self._some(15, 60), self.approver, "approve", {})
        yield Act(self._some(80, 240), self.handler, "resolve", {"result": self.words.result})
        yield Act(self._some(5, 20), self.handler, "report", {"answer": self.words.answer})
        called = {"outcome": Outcome.SATISFIED, "note": self.words.follow_up}
        yield Act(self._some(8, 30), self.caller, "follow-up", called)

    def _closing(self) -> Iterator[Act]:
        words = self.words
        if words.category in ABOUT_STAFF and words.person_concerned:
            yield Act(self._some(20, 60), self.lead, "opinion", {"note": words.evaluation})
        yield Act(self._some(5, 40), self.first, "confirm", {})
        yield Act(self._some(20, 90), self.lead, "file", {})
        yield Act(self._some(20, 120), self.desk, "archive", {"evaluation": words.evaluation})


def inquiry(words: InquiryWords, plot: Plot, cast: Cast) -> list[Act]:
    """A question: answered by whoever was asked, or by the department that knows (CP-02, CP-03)."""
    rng, desk = cast.rng, cast.desk()
    fields = {
        "kind": Kind.INQUIRY,
        "channel": words.channel,
        "category": words.category,
        "urgency": Urgency.NORMAL,
        "content": words.question,
        **customer_fields(words.customer),
        **confirmed(words.channel, anonymous=False),
    }
    acts = [Act(0, desk, "register", fields)]
    department = cast.routed[words.category]
    if plot.has("routed") and department:
        lead = cast.lead(department)
        handler = cast.handler(department, "normal")
        acts += [
            Act(rng.randint(5, 20), desk, "route", {"department": department}),
            Act(rng.randint(5, 20), lead, "accept", {"handler": cast.card(handler)}),
            Act(rng.randint(20, 120), handler, "report", {"answer": words.answer}),
            Act(rng.randint(5, 60), desk, "confirm", {}),
        ]
    else:
        acts.append(Act(rng.randint(3, 60), desk, "report", {"answer": words.answer}))
    acts.append(Act(rng.randint(20, 120), desk, "archive", {"evaluation": REASONS.inquiry_evaluation}))
    return _cut(acts, plot)


def suggestion(words: SuggestionWords, plot: Plot, cast: Cast) -> list[Act]:
    """A suggestion: adopted with a measure or declined with the reason; its author hears of it (CP-26)."""
    rng, desk = cast.rng, cast.desk()
    department = cast.routed[words.category] or "admin"
    lead, handler = cast.lead(department), cast.handler(department, "normal")
    fields = {
        "kind": Kind.SUGGESTION,
        "channel": words.channel,
        "category": words.category,
        "urgency": Urgency.NORMAL,
        "content": words.text,
        **customer_fields(words.customer),
        **confirmed(words.channel, anonymous=False),
    }
    acts = [
        Act(0, desk, "register", fields),
        Act(rng.randint(5, 20), desk, "route", {"department": department}),
        Act(rng.randint(4, 14), lead, "accept", {"handler": cast.card(handler)}),
        Act(rng.randint(3, 8), handler, "contact", {"note": words.answer, "substantive": True}),
    ]
    if words.adopted:
        given = {"note": REASONS.adopt, "due_at": lambda at: cast.calendar.closing(at, 2)}
        acts += [
            Act(rng.randint(60, 200), lead, "adopt", given),
            Act(rng.randint(200, 420), handler, "resolve", {"result": words.measure}),
        ]
    else:
        acts.append(Act(rng.randint(60, 200), lead, "decline", {"note": REASONS.decline}))
    acts += [
        Act(rng.randint(10, 40), handler, "report", {"answer": words.answer}),
        Act(rng.randint(5, 30), desk, "confirm", {}),
        Act(rng.randint(20, 60), lead, "file", {}),
        Act(rng.randint(20, 120), desk, "archive", {"evaluation": REASONS.suggestion_evaluation}),
    ]
    return _cut(acts, plot)
