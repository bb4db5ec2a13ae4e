"""The roster bench: instances are read as meant, the independent checker agrees, planners are measured."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.roster import __main__ as bench
from bench.roster import check, instances, offices, planners, run
from portal.blueprints.duty.rosters import rules
from portal.blueprints.duty.rosters.cost import cost
from portal.blueprints.duty.rosters.problem import Cell, Id
from portal.blueprints.duty.rosters.solving import solver

TEXT = """SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=14|L=14,4320,2880,5,2,2,1
B,E=14|L=14,4320,2880,5,2,2,1
C,E=14|L=0,4320,2880,5,2,2,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
A,2,L,2
SECTION_SHIFT_OFF_REQUESTS
B,8,E,3
SECTION_COVER
""" + "".join(f"{day},{kind},1,100,1\n" for day in range(14) for kind in "EL")

PUBLISHED = Path(__file__).parent / "instances"  # under their own licence, which lies beside them
GOOD = {  # the published files: best known, and what a few seconds reach
    "Instance1": (607, 607, 620),
    "Instance2": (828, 828, 1100),
    "Instance4": (1716, 1716, 2700),
    "Instance6": (1950, 1950, 4500),
}


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A small instance in the format of the benchmark."""
    path = tmp_path / "Small.txt"
    path.write_text(TEXT)
    return path


def test_a_small_instance_is_solved_and_the_checker_agrees(instance: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.tsv"
    done = CliRunner().invoke(run.main, [str(instance), "--seconds", "5", "--out", str(out)])
    assert done.exit_code == 0, done.output
    price, faults = check.check(TEXT, out.read_text())
    assert faults == []
    assert f"objective {price} " in done.output
    assert "gap 0.00%" in done.output


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A\tE" + "\t-" * 13, "day off 0"),
        ("A" + "\t-" * 5 + "\tL\tE" + "\t-" * 7, "after L"),
        ("A" + "\t-" * 14, "minutes"),
        ("A\t-" + "\tE" * 6 + "\t-" * 7, "6 days in a row"),
        ("A\t-\t-\tE" + "\t-" * 11, "1 w in a row"),
        ("A\t-\tE\tE\t-\tE\tE" + "\t-" * 8, "1 o in a row"),
        ("A\t-" + "\t-" * 4 + "\tE\tE" + "\t-" * 5 + "\tE\tE", "2 weekends"),
    ],
)
def test_checker_and_rules_find_the_same_faults(instance: Path, line: str, fault: str) -> None:
    others = "".join(f"{who}" + "\tE\tE\tE" + "\t-" * 4 + "\tE\tE\tE" + "\t-" * 4 + "\n" for who in "BC")
    text = line + "\n" + others
    problem = instances.read(instance)
    roster: dict[tuple[Id, date], Cell] = {
        (who, problem.days[at]): (instances.POST, kind)
        for who, *cells in (row.split("\t") for row in text.splitlines())
        for at, kind in enumerate(cells)
        if kind != "-"
    }
    price, faults = check.check(TEXT, text)
    assert any(fault in each for each in faults)
    assert price == cost(problem, roster).total
    assert len(faults) == sum(one.hard for one in rules.broken(problem, roster))
    assert instances.written(problem, roster) == text


@pytest.mark.parametrize("name", GOOD)
def test_the_published_instances_in_a_few_seconds(name: str, tmp_path: Path) -> None:
    path = PUBLISHED / f"{name}.txt"
    best, least, reached = GOOD[name]
    problem = instances.read(path)
    answer = solver.solve(problem, 1.5)
    assert answer.roster is not None
    price, faults = check.check(path.read_text(), instances.written(problem, answer.roster))
    assert faults == []
    assert price == answer.objective
    assert least <= price <= reached
    assert (answer.bound or 0) <= best


def test_our_office_beside_two_planners() -> None:
    problem = offices.office(8)
    answer = solver.solve(problem, 1.5)
    assert answer.roster is not None
    assert not [one for one in rules.broken(problem, answer.roster) if one.hard]
    prices = [cost(problem, planner(problem)).total for planner in (planners.round_robin, planners.fair)]
    assert cost(problem, answer.roster).total < min(prices)
    assert "broken    0" in offices.measured(problem, answer.roster)
    assert "broken    0" in offices.repaired(problem, answer.roster, 3, 1)


def test_the_table_has_a_line_for_each(instance: Path) -> None:
    done = CliRunner().invoke(bench.main, ["--only", str(instance), "--seeds", "1", "--seconds", "2"])
    assert done.exit_code == 0, done.output
    line = done.output.splitlines()[-1]
    assert line.startswith("| Small | 2 |")
    assert line.count("|") == bench.HEAD.count("|")
