"""An independent checker: recomputes a roster's cost and broken rules from the two texts alone.

    python bench/roster/check.py INSTANCE FILE

It shares no code with the portal or with `run.py`, so that a mistake in either shows.
"""

import sys
from itertools import pairwise
from pathlib import Path


def read_instance(text: str) -> dict[str, list[list[str]]]:
    """The instance as plain dictionaries."""
    name = ""
    rows: dict[str, list[list[str]]] = {}
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line[0] == "#":
            continue
        if line.startswith("SECTION_"):
            name = line[8:]
            rows[name] = []
        else:
            rows[name].append(line.split(","))
    return rows


def read_roster(text: str, people: list[str], horizon: int) -> dict[str, list[str]]:
    """{person: [shift or '' for each day]}, in the order of the file."""
    roster: dict[str, list[str]] = {}
    for line in text.splitlines():
        who, *cells = line.split("\t")
        if len(cells) != horizon:
            raise ValueError(f"{who} has {len(cells)} days, not {horizon}")
        roster[who] = ["" if cell == "-" else cell for cell in cells]
    if list(roster) != people:
        raise ValueError("the people are not those of the instance, in its order")
    return roster


def check(instance: str, answer: str) -> tuple[int, list[str]]:
    """(cost, [sentence about each broken rule])."""
    rows = read_instance(instance)
    horizon = int(rows["HORIZON"][0][0])
    minutes = {row[0]: int(row[1]) for row in rows["SHIFTS"]}
    after = {row[0]: [each for each in row[2].split("|") if each] for row in rows["SHIFTS"]}
    roster = read_roster(answer, [row[0] for row in rows["STAFF"]], horizon)
    faults: list[str] = []
    for row in rows["STAFF"]:
        faults += check_person(row, roster[row[0]], minutes, after, horizon)
    for who, *days in rows.get("DAYS_OFF", []):
        faults += [f"{who} works on the day off {day}" for day in days if roster[who][int(day)]]
    cost = 0
    for who, day, shift, weight in rows.get("SHIFT_ON_REQUESTS", []):
        cost += int(weight) * (roster[who][int(day)] != shift)
    for who, day, shift, weight in rows.get("SHIFT_OFF_REQUESTS", []):
        cost += int(weight) * (roster[who][int(day)] == shift)
    for day, shift, need, under, over in rows["COVER"]:
        there = sum(cells[int(day)] == shift for cells in roster.values())
        cost += max(0, int(need) - there) * int(under) + max(0, there - int(need)) * int(over)
    return cost, faults


def check_person(
    row: list[str], cells: list[str], minutes: dict[str, int], after: dict[str, list[str]], horizon: int
) -> list[str]:
    """What one line breaks."""
    who, limits, most, least, most_row, least_row, least_off, weekends = row
    faults = [f"{who}: no shift is called {cell}" for cell in cells if cell and cell not in minutes]
    if faults:
        return faults
    for limit in limits.split("|"):
        shift, number = limit.split("=")
        if cells.count(shift) > int(number):
            faults.append(f"{who}: {cells.count(shift)} shifts {shift}, {number} allowed")
    total = sum(minutes[cell] for cell in cells if cell)
    if not int(least) <= total <= int(most):
        faults.append(f"{who}: {total} minutes, {least} to {most} allowed")
    faults += [
        f"{who}: {then} after {now} on day {day}"
        for day, (now, then) in enumerate(pairwise(cells))
        if now and then in after[now]
    ]
    pattern = "".join("w" if cell else "o" for cell in cells)
    longest = max(len(run) for run in pattern.split("o"))
    if longest > int(most_row):
        faults.append(f"{who}: {longest} days in a row, {most_row} allowed")
    for letter, other, fewest in (("w", "o", int(least_row)), ("o", "w", int(least_off))):
        inner = pattern.strip(letter).split(other)  # a run that touches an end may be short
        faults += [
            f"{who}: {len(run)} {letter} in a row, {fewest} needed" for run in inner if 0 < len(run) < fewest
        ]
    worked = sum("w" in pattern[day : day + 2] for day in range(5, horizon, 7))
    if worked > int(weekends):
        faults.append(f"{who}: {worked} weekends, {weekends} allowed")
    return faults


if __name__ == "__main__":
    price, broken = check(Path(sys.argv[1]).read_text(), Path(sys.argv[2]).read_text())
    print(f"cost {price}, broken rules {len(broken)}")
    for sentence in broken:
        print(f"  {sentence}")
    sys.exit(1 if broken else 0)
