"""Moments as people write them, `Mon 2026-03-02 11:00`, and calendars to reckon with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from portal.kernel.calendars import Calendar, Spans

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(written: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """The moment in UTC; a weekday that does not fit its date is refused. 24:00 is the end of the day."""
    weekday, day, clock = written.split()
    midnight = datetime.fromisoformat(day)
    assert midnight.strftime("%a") == weekday, f"{day} is a {midnight:%a}"
    hours, minutes = map(int, clock.split(":"))
    return (midnight + timedelta(hours=hours, minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


def _time(quarter: int) -> time:
    return time(quarter // 4 % 24, quarter % 4 * 15)


@st.composite
def _a_day(draw: st.DrawFn, most: int = 2) -> Spans:
    edges = draw(st.lists(st.integers(0, 96), min_size=0, max_size=2 * most, unique=True).map(sorted))
    return tuple((_time(edges[i]), _time(edges[i + 1])) for i in range(0, len(edges) - 1, 2))


_SOME_DAYS = st.dates(date(2026, 3, 20), date(2026, 4, 10))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar that opens on Wednesdays, with days of its own around the change to summer time."""
    return Calendar(
        timezone=draw(st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("UTC")])),
        hours=draw(st.dictionaries(st.integers(0, 6), _a_day())) | {2: ((time(9), time(17)),)},
        holidays=draw(st.frozensets(_SOME_DAYS, max_size=3)),
        special=draw(st.dictionaries(_SOME_DAYS, _a_day(), max_size=3)),
    )


moments = st.timedeltas(timedelta(), timedelta(days=25)).map(
    lambda passed: datetime(2026, 3, 18, tzinfo=UTC) + passed
)
