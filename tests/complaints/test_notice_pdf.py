"""The handling notice as a PDF (CP-10): made by the worker, kept for a day, for those who may see the case."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.kernel import clock, jobs
from portal.kernel import print as prints
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.factories import a_case, do

needs_pango = pytest.mark.skipif(not prints.available(), reason="WeasyPrint's system libraries are not here")


@pytest.fixture
def number(app: Flask) -> str:
    """A case with a notice."""
    return a_case(app, State.ACCEPTED)


def folder(app: Flask) -> Path:
    """Where prints lie."""
    return Path(app.config["SETTINGS"].instance) / "prints"


def ask(browser: CarefulClient, number: str) -> None:
    """Press the button."""
    answer = browser.send(f"/complaints/{number}/notice.pdf")
    assert (answer.status_code, answer.location) == (303, f"/complaints/{number}/notice.pdf")


@pytest.mark.clause("CP-10")
@needs_pango
def test_the_pdf_is_the_form_on_a4(app: Flask, as_: As, number: str) -> None:
    desk = as_("desk1")
    assert "Make a PDF" in desk.get(f"/complaints/{number}/notice").text
    ask(desk, number)
    factories.let_work(app)
    pdf = desk.get(f"/complaints/{number}/notice.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 595.275591 841.889764]" in b" ".join([pdf.data, *_streams(pdf.data)])


def _streams(pdf: bytes) -> Iterator[bytes]:
    for part in pdf.split(b"stream\n")[1:]:
        try:
            yield zlib.decompressobj().decompress(part)
        except zlib.error:
            continue


def test_the_download_cannot_act_as_a_page(app: Flask, as_: As, number: str, drawn: list[str]) -> None:
    desk = as_("desk1")
    ask(desk, number)
    factories.let_work(app)
    pdf = desk.get(f"/complaints/{number}/notice.pdf")
    assert pdf.headers["Content-Disposition"].startswith("attachment; filename=GZ-")
    assert "sandbox" in pdf.headers["Content-Security-Policy"]
    assert pdf.headers["Cache-Control"] == "no-store"


def test_a_page_waits_until_the_worker_is_done(app: Flask, as_: As, number: str, drawn: list[str]) -> None:
    desk, address = as_("desk1"), f"/complaints/{number}/notice.pdf"
    assert "There is no PDF of the form as it stands now." in text_of(desk.get(address))
    ask(desk, number)
    page = desk.get(address)
    assert page.status_code == 202
    assert "is being made" in page.text
    assert f'hx-get="{address}"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert desk.get(address, headers={"HX-Request": "true"}).status_code == 204
    factories.let_work(app)
    part = desk.get(address, headers={"HX-Request": "true"})
    assert "The PDF is ready." in part.text
    assert "hx-trigger" not in part.text, "it would ask for ever"


def test_one_print_for_each_state_and_language(app: Flask, as_: As, number: str, drawn: list[str]) -> None:
    desk, lead = as_("desk1"), as_("lead.tech")
    for browser in (desk, lead, desk):
        ask(browser, number)
        factories.let_work(app)
    assert len(drawn) == 1
    desk.lang = None  # Flask's own page behind a redirect is English
    in_chinese = {"Accept-Language": "zh-CN"}
    desk.post(f"/complaints/{number}/notice.pdf", data={"csrf_token": desk.csrf()}, headers=in_chinese)
    factories.let_work(app)
    assert len(drawn) == 2
    assert '<html lang="zh-CN">' in drawn[1]
    do(app, "emp.tech", "contact", number, note="已电话联系")
    assert desk.get(f"/complaints/{number}/notice.pdf").mimetype == "text/html", (
        "the old print shows an old case"
    )


def test_only_who_may_see_the_case_gets_its_pdf(app: Flask, as_: As, drawn: list[str]) -> None:
    number = a_case(app, State.ACCEPTED, concerned="emp.tech", handler="sup.tech")
    ask(as_("desk1"), number)
    factories.let_work(app)
    for username in ("lead.market", "emp.tech"):
        assert as_(username).get(f"/complaints/{number}/notice.pdf").status_code == 404
        assert as_(username).send(f"/complaints/{number}/notice.pdf").status_code == 404


def test_a_case_without_a_notice_has_no_pdf(app: Flask, as_: As, drawn: list[str]) -> None:
    number = a_case(app, State.REGISTERED)
    assert as_("desk1").get(f"/complaints/{number}/notice.pdf").status_code == 404
    assert as_("desk1").send(f"/complaints/{number}/notice.pdf").status_code == 404


def test_without_the_system_library_there_is_no_button(
    as_: As, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "available", lambda: False)
    assert "Make a PDF" not in as_("desk1").get(f"/complaints/{number}/notice").text
    assert as_("desk1").send(f"/complaints/{number}/notice.pdf").status_code == 404


def test_a_print_that_fails_says_so_and_may_be_tried_again(
    app: Flask, as_: As, at: At, number: str, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(html: str) -> bytes:
        raise OSError("no space left")

    desk = as_("desk1")
    with monkeypatch.context() as trouble:
        trouble.setattr(prints, "_drawn", broken)
        ask(desk, number)
        for time in ("09:00", "09:01", "09:02"):
            at(f"Mon 2026-03-02 {time}")
            factories.let_work(app)
    assert "The PDF could not be made." in desk.get(f"/complaints/{number}/notice.pdf").text
    assert not list(folder(app).glob("*.part"))
    ask(desk, number)
    factories.let_work(app)
    with desk.get(f"/complaints/{number}/notice.pdf") as answer:
        assert answer.mimetype == "application/pdf"


def test_prints_are_deleted_after_a_day_and_made_anew(
    app: Flask, as_: As, at: At, number: str, drawn: list[str]
) -> None:
    ask(as_("desk1"), number)
    factories.let_work(app)
    for time, left in (("Tue 2026-03-03 08:59", 1), ("Tue 2026-03-03 09:01", 0)):
        at(time)
        with app.app_context():
            prints.forget_old(clock.now())
        assert len(list(folder(app).iterdir())) == left
    ask(client_of(app, "desk1"), number)
    factories.let_work(app)
    assert len(drawn) == 2


def test_the_drawing_fetches_nothing_but_static_files(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    with app.app_context():
        static = Path(str(app.static_folder)).resolve()
        for address in (
            "http://example.org/static/css/sheet.css",
            f"file://{secret}",
            "data:text/css,body{}",
            "http://form.invalid/static/../config.py",
            "http://form.invalid/static/%2e%2e/%2e%2e/wsgi.py",
            f"http://form.invalid/static/{secret}",
            "http://form.invalid/login",
        ):
            assert prints._static_file(static, address) is None, address
        found = prints._static_file(static, "http://form.invalid/static/css/sheet.css?v=1")
    assert found == static / "css/sheet.css"


@needs_pango
def test_a_missing_style_sheet_fails_the_print(app: Flask) -> None:
    page = '<link rel="stylesheet" href="/static/css/missing.css"><p>x'
    with app.app_context(), pytest.raises(FileNotFoundError, match=r"missing\.css"):
        prints._drawn(page)


def test_asking_works_while_the_queue_is_out_of_order(
    app: Flask, as_: As, number: str, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path(app.config["SETTINGS"].instance) / "queue.sqlite").mkdir()
    ask(as_("desk1"), number)
    with app.app_context():
        assert jobs.work_off() == 1
