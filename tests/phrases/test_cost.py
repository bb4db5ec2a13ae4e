"""What the pages of assessments and standards cost: few statements, and as many with many rows as with one."""

from __future__ import annotations

from flask import Flask

from tests import factories
from tests.conftest import As
from tests.house.test_statements import MOST, statements
from tests.phrases.making import a_run, an_assessment, on_sheet


def test_pages_cost_few_statements_and_many_rows_as_many_as_one(app: Flask, as_: As) -> None:
    an_assessment(app)
    period = an_assessment(app, "open", "collect", "publish")
    sheet = on_sheet(app, period, "emp.tech", "object", "emp.tech", text="请核对")
    run = a_run(app)
    pages = (
        "/phrases/assessments/", "/phrases/assessments/new", f"/phrases/assessments/{period}",
        f"/phrases/assessments/sheets/{sheet}", "/phrases/standards/", "/phrases/standards/gifts",
        "/phrases/standards/gifts/run", "/phrases/standards/runs/", f"/phrases/standards/runs/{run}",
    )  # fmt: skip
    one = {address: statements(as_("office1"), address) for address in pages}
    for name in ("xin.yi", "xin.er", "xin.san"):
        factories.a_person(app, name)
    more = an_assessment(app, "open")
    for _ in range(12):
        a_run(app)
    one[f"/phrases/assessments/{more}"] = one[f"/phrases/assessments/{period}"]
    for address, few in one.items():
        many = statements(as_("office1"), address)
        assert len(many) <= MOST, "\n".join([address, *many])
        assert len(many) == len(few), "\n".join([address, *many])
    for address in (f"/phrases/assessments/{period}/export", "/phrases/standards/runs/export"):
        assert len(statements(as_("office1"), address)) <= MOST, address
