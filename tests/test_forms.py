"""What the portal's fields take and refuse, whatever arrives."""

import enum
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal import forms
from portal.i18n import speaking
from portal.kernel.people import Card, Staff, Status
from portal.kernel.rights import Rank, Role


class Kind(enum.StrEnum):
    INQUIRY = "inquiry"
    COMPLAINT = "complaint"


def a_card(number: int, username: str, name: str, status: Status = Status.ACTIVE) -> Card:
    return Card(number, username, name, name, Role.EMPLOYEE, "tech", Rank.STAFF, status, "", "")


STAFF = Staff(
    cards={
        1: a_card(1, "emp.tech", "李工"),
        2: a_card(2, "desk1", "王敏"),
        3: a_card(3, "old", "旧人", Status.DISABLED),
        4: a_card(4, "twin1", "同名"),
        5: a_card(5, "twin2", "同名"),
    },
    seats={},
)


class Sample(forms.PortalForm):
    name = forms.Line("Name", most=10, required=True)
    content = forms.Paragraph("Content", most=50)
    kind = forms.Choice("Kind", of=Kind, words=lambda kind: kind.title(), required="Say which. (CP-04)")
    usual = forms.Choice("Usual", of=Kind, words=str, default=Kind.COMPLAINT)
    department = forms.OneOf("Department", codes=lambda: [("tech", "Technology")], empty="none")
    someone = forms.Someone("Someone")
    at = forms.Moment("At")
    day = forms.Day("Day")
    tries = forms.Whole("Tries", least=1, most=5)
    solution = forms.Several("Solution", times=4, most=20)
    key = forms.IdempotencyKey()
    version = forms.Version()


GOOD = {"name": "陈桂芳", "kind": "complaint"}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    app = Flask("forms")
    app.config["SETTINGS"] = type("Settings", (), {"timezone": ZoneInfo("Asia/Shanghai")})
    monkeypatch.setattr("portal.kernel.reference.staff", lambda: STAFF)
    with app.test_request_context("/"), speaking("en"):
        yield


def sent(*pairs: tuple[str, str], **fields: str) -> Sample:
    form = Sample(MultiDict([*GOOD.items(), *pairs] if pairs else [*(GOOD | fields).items()]))
    form.validate()
    return form


def test_a_good_form_is_read() -> None:
    form = sent(
        name="  陈桂芳\n", content="一\r\n二", at="2026-11-21T17:30", day="2026-02-28", tries="３",
        someone="emp.tech", department="tech", version="4", key="abc_-9",
    )  # fmt: skip
    assert form.errors == {}
    assert (form.name.data, form.content.data, form.kind.data) == ("陈桂芳", "一\n二", Kind.COMPLAINT)
    assert form.at.data == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert (form.day.data, form.tries.data, form.department.data) == (date(2026, 2, 28), 3, "tech")
    assert form.someone.card == STAFF.cards[1]
    assert (form.version.number, form.key.data) == (4, "abc_-9")


def test_nothing_sent_is_told_field_by_field() -> None:
    form = Sample(MultiDict())
    assert not form.validate()
    assert form.errors == {"name": ["This must be filled in."], "kind": ["Say which. (CP-04)"]}
    assert form.usual.data is Kind.COMPLAINT, "what is absent keeps its default"
    assert form.content.data == ""
    assert form.key.data is None


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("name", "   ", "This must be filled in."),
        ("name", "12345678901", "At most 10 characters"),
        ("content", "字" * 51, "you have entered 51"),
        ("content", "x" * 1_000_000, "you have entered 1000000"),
        ("content", "a\x00b", "cannot be stored"),
        ("content", "a\ud800b", "cannot be stored"),
        ("content", "a\x1bb", "cannot be stored"),
        ("kind", "hostile", "one from the list"),
        ("usual", "9" * 500, "one from the list"),
        ("department", "nowhere", "one from the list"),
        ("someone", "nobody", "Nobody who works here"),
        ("someone", "old", "Nobody who works here"),
        ("someone", "同名", "Nobody who works here"),
        ("someone", "x" * 1000, "Nobody who works here"),
        ("at", "2026-02-30T10:00", "no such day"),
        ("at", "2026-11-21", "Please write the day and time"),
        ("at", "2026-11-21T25:00", "no such day"),
        ("at", "9999-12-31T23:59", "too far"),
        ("at", "0001-01-01T00:00", "too far"),
        ("at", "٢٠٢٦-11-21T10:00", "Please write the day and time"),
        ("day", "2026-02-30", "no such day"),
        ("day", "20260230", "Please write the day"),
        ("tries", "0", "From 1 to 5"),
        ("tries", "9" * 400, "Write a whole number"),
        ("tries", "1e3", "Write a whole number"),
        ("solution", "字" * 21, "you have entered 21"),
        ("key", "'; --", "damaged"),
        ("version", "one", "damaged"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(field: str, text: str, told: str) -> None:
    form = sent(**{field: text})
    assert told in form[field].errors[0]
    assert list(form.errors) == [field]
    drawn = str(form[field]()).encode()
    if field in {"name", "content", "someone", "at"} and text.isprintable():
        assert text.encode() in drawn or not text.strip()


@pytest.mark.parametrize("field", ["name", "content", "kind", "at", "day", "tries", "someone", "department"])
def test_a_field_sent_twice_is_told(field: str) -> None:
    form = sent(("content", "a"), (field, "inquiry"), (field, "inquiry"))
    assert "more than once" in form[field].errors[0]
    assert isinstance(form.data, dict)


def test_solutions_are_read_under_one_name() -> None:
    form = sent(("solution", " 退款 "), ("solution", ""), ("solution", "换货"))
    assert form.errors == {}
    assert form.solution.data == ["退款", "换货"]
    assert str(form.solution(id="s", **{"class": "form-control"})).count("<textarea") == 3
    form = sent(*[("solution", "x")] * 5)
    assert "At most 4" in form.solution.errors[0]
    assert sent(("solution", "<b>&")).solution().count("&lt;b&gt;&amp;") == 1


def test_a_moment_may_carry_seconds_and_an_offset_and_is_shown_in_company_time() -> None:
    assert sent(at="2026-11-21T17:30:15").at.data == datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)
    assert sent(at="2026-11-21T17:30+00:00").at.data == datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    form = Sample.blank(at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC), day=date(2026, 1, 2), tries=3)
    assert 'value="2026-11-21T17:30"' in form.at()
    assert 'value="2026-01-02"' in form.day()
    assert 'value="3"' in form.tries()


def test_choices_are_drawn_with_their_words() -> None:
    form = Sample.blank(kind=Kind.INQUIRY)
    assert '<option selected value="inquiry">Inquiry</option>' in form.kind()
    assert 'value="">Please choose' in form.kind()
    assert 'value=""' not in form.usual()


def test_a_person_may_be_named_by_a_name_that_only_one_bears() -> None:
    form = sent(someone="王敏")
    assert (form.someone.data, form.someone.card) == ("desk1", STAFF.cards[2])


def test_a_blank_form_has_a_key_and_a_version_that_ages() -> None:
    form = Sample.blank(version=3)
    assert len(form.key.data or "") > 10
    assert Sample.blank().key.data != form.key.data
    assert form.version.stale(4)
    assert not form.version.stale(3)
    assert not Sample(MultiDict()).version.stale(9), "an absent version is not checked"


NAMES = [
    "name",
    "content",
    "kind",
    "department",
    "someone",
    "at",
    "day",
    "tries",
    "solution",
    "key",
    "version",
]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), max_size=12))
@settings(max_examples=200, deadline=None)
def test_whatever_arrives_is_answered_and_can_be_drawn(fields: dict[str, Any]) -> None:
    form = Sample(MultiDict(fields))
    form.validate()
    for field in form:
        str(field()).encode()
