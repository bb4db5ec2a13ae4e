"""Figures: each with a date in force, in one way of writing, never changed but followed by another."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel import clock, policies
from portal.kernel.db import db
from tests import factories
from tests.conftest import At
from tests.kernel.moments import at as moment


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("limit", " 0.50 wh ", "0.5 wh"),
        ("limit", "3 wd", "3 wd"),
        ("ladder", "75% handler", "75 % handler"),
        ("rank", " staff ", "staff"),
        ("number", "3", "3"),
    ],
)
def test_a_figure_is_kept_in_one_way_of_writing(kind: str, written: str, kept: str) -> None:
    assert policies.readable(kind, written) == kept


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("limit", "soon"), ("limit", "-1 h"), ("limit", "1.5 wd"), ("ladder", "75 % nobody"), ("rank", "boss"),
        ("number", "many"), ("number", "-1"), ("number", "1e9"), ("number", "NaN"), ("colour", "red"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(kind: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        policies.readable(kind, written)


@pytest.mark.clause("GO-05")
def test_a_figure_is_followed_by_another_and_stays_in_the_books(any_app: Flask, at: At) -> None:
    with any_app.app_context():
        by, now = factories.viewer("office1").id, clock.now()
        later = moment("Mon 2026-03-09 00:00")
        with db.write():
            policies.set_value("limit.answer", "12 h", from_=now, reason="更快", by=by, now=now)
            policies.set_value("limit.answer", "6 h", from_=later, reason="再快", by=by, now=now)
        assert policies.value("limit.answer", now) == "12 h"
        assert policies.value("limit.answer", later) == "6 h"
        assert policies.value("limit.answer", moment("Sun 2026-03-01 00:00")) == "24 h"
        rows = policies.versions("limit.answer")
        assert [(row.value, row.reason, row.set_by_id) for row in rows] == [
            ("24 h", "", None),
            ("12 h", "更快", by),
            ("6 h", "再快", by),
        ]
    lines = [line for line in factories.events(any_app) if line.event == "policy:set"]
    assert [(line.clause, line.by_id) for line in lines] == [("GO-05", by), ("GO-05", by)]


def test_loading_what_is_shipped_keeps_what_the_office_set(any_app: Flask) -> None:
    with any_app.app_context():
        by, now = factories.viewer("office1").id, clock.now()
        with db.write():
            policies.set_value("limit.answer", "12 h", from_=now, reason="更快", by=by, now=now)
        for _ in range(2):
            with db.write():
                policies.load_shipped(now)
        assert policies.value("limit.answer", now) == "12 h"
        assert len(policies.versions("limit.answer")) == 2


def test_an_unknown_figure_is_named(any_app: Flask) -> None:
    with any_app.app_context(), pytest.raises(KeyError, match=r"limit\.nothing"):
        policies.value("limit.nothing", clock.now())
