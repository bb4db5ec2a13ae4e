"""The engine: a table of rows, asked who may do what now; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from portal.kernel.workflow import Attempt, Forbidden, Reason, Refused, Step, Workflow

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@dataclass
class Thing:
    state: str = "draft"
    kind: str = "plain"
    roles: dict[str, frozenset[str]] = field(default_factory=dict)


def row(verb: str, sources: str, to: str | None, who: str, **more: object) -> Step:
    return Step(verb, frozenset(sources.split()), to, frozenset(who.split()), "CP-11", **more)  # type: ignore[arg-type]


def gate_a(attempt: Attempt) -> Reason | None:
    return Reason("CP-11", "a") if "a" in attempt.given else None


def gate_b(attempt: Attempt) -> list[Reason]:
    return [Reason("CP-12", name) for name in attempt.given if name != "a"]


def is_plain(thing: Thing) -> Reason | None:
    return None if thing.kind == "plain" else Reason("CP-13", "not_plain")


FLOW = Workflow(
    "thing",
    (
        row("send", "draft", "sent", "writer", gates=(gate_a, gate_b), when=(is_plain,)),
        row("note", "draft sent", None, "writer reader"),
        row("answer", "sent", "done", "reader"),
        row("answer", "draft", "done", "owner", kinds=frozenset({"short"})),
        row("seal", "done", "closed", "owner", kinds=frozenset({"short"})),
    ),
    standing=lambda thing, by: thing.roles.get(by, frozenset()),
)
PEOPLE = {"w": frozenset({"writer"}), "r": frozenset({"reader"}), "o": frozenset({"owner"})}


def a_thing(state: str = "draft", kind: str = "plain") -> Thing:
    return Thing(state, kind, dict(PEOPLE))


@pytest.mark.parametrize(
    ("verb", "by", "state", "kind", "answer"),
    [
        ("send", "w", "draft", "plain", "sent"),
        ("send", "r", "draft", "plain", Forbidden),
        ("send", "nobody", "draft", "plain", Forbidden),
        ("send", "w", "sent", "plain", Refused),
        ("send", "r", "sent", "plain", Forbidden),  # right before state
        ("answer", "r", "sent", "plain", "done"),
        ("answer", "o", "draft", "short", "done"),
        ("answer", "o", "draft", "plain", Forbidden),
        ("answer", "o", "sent", "short", Forbidden),
        ("answer", "r", "draft", "short", Forbidden),
        ("seal", "o", "done", "plain", Refused),  # no such verb for this kind
        ("seal", "w", "done", "plain", Refused),
    ],
)
def test_which_row_a_verb_is(
    verb: str, by: str, state: str, kind: str, answer: str | type[Exception]
) -> None:
    thing = a_thing(state, kind)
    if isinstance(answer, str):
        assert FLOW.step(thing, verb, by).to == answer
    else:
        with pytest.raises(answer):
            FLOW.step(thing, verb, by)


def test_every_reason_of_every_gate_is_told_at_once() -> None:
    thing = a_thing()
    step = FLOW.step(thing, "send", "w")
    reasons = FLOW.against(step, Attempt(thing, "w", NOW, {"b": 1, "a": 1, "c": 1}))
    assert [(r.clause, r.code) for r in reasons] == [("CP-11", "a"), ("CP-12", "b"), ("CP-12", "c")]
    assert FLOW.against(step, Attempt(thing, "w", NOW, {})) == []
    assert str(Refused(reasons)) == "CP-11 a, CP-12 b, CP-12 c"


def test_what_is_open_to_whom_in_the_order_of_the_table() -> None:
    assert [step.verb for step in FLOW.open_to(a_thing(), "w")] == ["send", "note"]
    assert [step.verb for step in FLOW.open_to(a_thing("sent"), "r")] == ["note", "answer"]
    assert [step.verb for step in FLOW.open_to(a_thing("draft", "short"), "o")] == ["answer"]
    assert FLOW.open_to(a_thing("closed"), "o") == []


def test_what_the_object_itself_forbids_is_refused_with_the_rest_and_not_offered() -> None:
    thing = a_thing("draft", "short")
    assert [step.verb for step in FLOW.open_to(thing, "w")] == ["note"]
    step = FLOW.step(thing, "send", "w")
    assert [r.code for r in FLOW.against(step, Attempt(thing, "w", NOW, {"a": 1}))] == ["not_plain", "a"]
    assert step.rules == (is_plain, gate_a, gate_b)


def test_a_refusal_says_why() -> None:
    with pytest.raises(Refused) as refusal:
        FLOW.step(a_thing("sent"), "send", "w")
    assert refusal.value.reasons == (Reason("CP-11", "wrong_state", {"state": "sent"}),)
    with pytest.raises(Forbidden) as barred:
        FLOW.step(a_thing(), "send", "r")
    assert (barred.value.verb, barred.value.clause) == ("send", "CP-11")
    assert FLOW.verbs == ("send", "note", "answer", "seal")
