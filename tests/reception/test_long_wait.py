"""Whoever waits long is apologised to (RC-25); who has no appointment is not forgotten over it (RC-18)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import text_of
from tests.conftest import As, At
from tests.reception.visits import a_visit, do

SORRY = "I am sorry to have kept you waiting."


@pytest.mark.clause("RC-25")
@pytest.mark.clause("RC-18")
def test_after_the_figure_of_minutes_an_apology_is_offered(as_: As, at: At) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", visitor_name="久等先生")
    at("Mon 2026-03-02 09:15")
    assert SORRY not in desk.get("/reception/").text
    at("Mon 2026-03-02 09:16")
    page = desk.get("/reception/")
    assert "久等先生 · 16 min" in text_of(page)
    assert f'data-copy="{SORRY}' in page.text
    do(desk, number, "meet")
    assert SORRY not in desk.get("/reception/").text
    do(desk, number, "leave")
    late = a_visit(desk, "B")
    shorter: dict[str, Any] = {"value": "5", "reason": "服务标准"}
    assert as_("office1").send("/office/limits/visit.long_wait_minutes/change", **shorter).status_code == 303
    at("Mon 2026-03-02 09:22")
    assert SORRY in desk.get("/reception/").text
    assert late[-4:] in desk.get("/reception/").text
