"""Draw what docs/architecture.md shows of the code: `make docs`. A test says when the page is stale.

What stands between `<!-- name -->` and `<!-- /name -->` is written here; the rest of the page is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.watch import CLOCKS
from portal.blueprints.complaints.workflow import ANY_OPEN, CASE
from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import figures, personal_data
from portal.kernel.workflow import Step, Workflow

PAGE = Path(__file__).parent / "architecture.md"
_CLAUSE = re.compile(r"\b[A-Z]{2}-\d{2}\b")
_STATES = {str(state): place for place, state in enumerate(State)}
_CLOSED = frozenset({State.ARCHIVED, State.WITHDRAWN})
_NAMED: dict[frozenset[str], str] = {
    frozenset(ANY_OPEN): "any open state",
    frozenset(set(State) - _CLOSED): "any but archived, withdrawn",
}


def states() -> str:
    """The states of a case and the verbs that lead from one to the other, as a Mermaid diagram."""
    diagram = _diagram(CASE, _STATES, "[*] --> registered", leave_out={"withdraw"})
    return "\n".join([diagram, "", _withdrawn()])


def visit() -> str:
    """The states of a visit, drawn as those of a case are."""
    places = {str(state): place for place, state in enumerate(VisitState)}
    return _diagram(VISIT, places, "[*] --> expected: appointment", "[*] --> arrived: walk-in")


def _diagram(flow: Workflow, order: dict[str, int], *begins: str, leave_out: Iterable[str] = ()) -> str:
    lines = ["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in begins)]
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in flow.steps:
        if step.to is None or step.verb in leave_out:
            continue
        for source in _in_order(step.sources, order):
            arrows.setdefault((source, str(step.to)), []).append(step.verb)
    for (source, target), verbs in arrows.items():
        lines.append(f"    {source} --> {target}: {', '.join(dict.fromkeys(verbs))}")
    return "\n".join([*lines, "    archived --> [*]", "```"])


def _withdrawn() -> str:
    step = next(step for step in CASE.steps if step.verb == "withdraw")
    return f"Left out of the picture: `withdraw` leads to `withdrawn` from {_sources(step)}."


def verbs() -> str:
    """Every row of the workflow table."""
    head = ("verb", "from", "to", "who", "gates", "clause", "clocks started", "clocks met")
    rows = [
        (
            f"`{step.verb}`{_kinds(step)}",
            _sources(step),
            step.to or "stays",
            ", ".join(sorted(name.replace("_", " ") for name in step.who)),
            "<br>".join(_gates(step)),
            step.clause,
            _words(step.starts),
            _words(step.meets),
        )
        for step in CASE.steps
    ]
    return _table(head, rows)


def clocks() -> str:
    """Every kind of clock: what it measures from, its clause, the figures that come with the portal."""
    shipped = {figure.key: figure.default for figure in figures.SHIPPED}
    rows = [
        (f"`{kind}`", str(basis), clause, "<br>".join(_figures(kind, shipped)))
        for kind, (basis, clause) in CLOCKS.items()
    ]
    return _table(("clock", "kind", "clause", "limits as shipped"), rows)


def _figures(kind: str, shipped: dict[str, str]) -> Iterator[str]:
    for key, value in shipped.items():
        if key.startswith(f"limit.{kind}"):
            variant = key.removeprefix(f"limit.{kind}").strip("._").replace("_", " ")
            yield f"{value} ({variant})" if variant else value


def _in_order(sources: Iterable[str], order: dict[str, int]) -> list[str]:
    return sorted((str(source) for source in sources), key=order.__getitem__)


def _sources(step: Step) -> str:
    return _NAMED.get(step.sources) or ", ".join(_in_order(step.sources, _STATES))


def _kinds(step: Step) -> str:
    return f" ({', '.join(sorted(map(str, step.kinds)))})" if step.kinds else ""


def _gates(step: Step) -> Iterator[str]:
    for gate in step.rules:
        doc = inspect.getdoc(gate) or ""
        name = gate.__qualname__.partition(".")[0].replace("_", " ")
        yield f"{name} ({', '.join(dict.fromkeys(_CLAUSE.findall(doc)))})" if _CLAUSE.search(doc) else name


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def kept() -> str:
    """What is kept of people: every class of the register, with the terms as shipped."""
    shipped = {figure.key: figure.default for figure in figures.SHIPPED}
    rows = [
        (
            f"{each.caption.sentence} (`{each.key}`)",
            ", ".join(each.whose),
            each.clause,
            f"{shipped[each.figure]} {each.unit}" if each.figure else each.how_long.sentence,
            str(each.ending),
            ", ".join(f"`{place.table}`" for place in each.places),
        )
        for each in personal_data.REGISTER.values()
    ]
    return _table(("what", "whose", "clause", "how long, as shipped", "how it ends", "tables"), rows)


PARTS = {"states": states, "verbs": verbs, "visit": visit, "clocks": clocks, "kept": kept}


def drawn(page: str) -> str:
    """The page with every generated part as the code has it now; ValueError when a part has no place in it."""
    for name, draw in PARTS.items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not place.search(page):
            raise ValueError(f"{PAGE.name} has no place for {name}: add <!-- {name} --> and <!-- /{name} -->")
        part = draw()
        page = place.sub(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", page)  # type: ignore[misc]
    return page


def main() -> int:
    """Write the page anew; says so when it changed."""
    before = PAGE.read_text(encoding="utf-8")
    after = drawn(before)
    if after != before:
        PAGE.write_text(after, encoding="utf-8")
        print(f"{PAGE.name} was drawn again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
