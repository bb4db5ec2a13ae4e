"""The notice board: written, published, read, withdrawn and corrected without a word lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.client import text_of
from tests.conftest import As, At

WORDS: dict[str, Any] = {"kind": "decision", "title": "国庆值班安排", "text": "十月一日起轮流值班"}


def written(as_: As, **chosen: str) -> str:
    """The address of a draft just written."""
    answer = as_("office1").send("/office/notices/new", **(WORDS | chosen))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def number_of(address: str) -> str:
    return address.rsplit("/", 1)[1]


@pytest.mark.clause("GO-04")
def test_a_notice_is_published_and_read(any_app: Flask, as_: As) -> None:
    here = written(as_)
    assert "国庆值班" not in as_("emp.tech").get("/notices/").text
    assert as_("emp.tech").send(f"/notices/{number_of(here)}/read").status_code == 404
    assert as_("office1").send(f"{here}/publish").status_code == 303
    assert "Notice board: 1 unread" in as_("emp.tech").get("/").text
    assert "十月一日起" in as_("emp.tech").get("/notices/").text
    for _ in range(2):
        assert as_("emp.tech").send(f"/notices/{number_of(here)}/read").status_code == 303
    assert "unread" not in text_of(as_("emp.tech").get("/"))
    everybody = len(factories.PEOPLE)
    assert f"read by 1 of {everybody}" in as_("office1").get("/office/notices/").text
    page = text_of(as_("office1").get(here))
    assert f"read by 1 of {everybody}" in page
    assert page.index("李工") < page.index("Not yet read by") < page.index("罗建国")


@pytest.mark.clause("GO-01")
def test_published_words_are_never_overwritten(app: Flask, as_: As) -> None:
    here = written(as_)
    assert as_("office1").send(f"{here}/edit", title="值班", text="草稿可改").status_code == 303
    assert as_("office1").send(f"{here}/withdraw", reason="x").status_code == 409
    as_("office1").send(f"{here}/publish")
    for verb in ("edit", "publish"):
        answer = as_("office1").send(f"{here}/{verb}", title="偷改", text="偷改")
        assert answer.status_code == 409
        assert "GO-01" in answer.text
    assert as_("office1").send(f"{here}/correct", title="更正", text="  ").status_code == 422
    answer = as_("office1").send(f"{here}/correct", title="更正：值班", text="十月二日起")
    assert answer.status_code == 303
    old = text_of(as_("office1").get(here))
    assert "草稿可改" in old
    assert "Corrected by GG-" in old
    board = text_of(as_("emp.tech").get("/notices/"))
    assert "十月二日起" in board
    assert "This notice was withdrawn" in board
    assert "草稿可改" not in board


@pytest.mark.clause("GO-01")
def test_a_notice_is_withdrawn_with_a_mark(app: Flask, as_: As, at: At) -> None:
    here = written(as_, until="2026-03-03T12:00")
    as_("office1").send(f"{here}/publish")
    assert as_("office1").send(f"{here}/withdraw", reason=" ").status_code == 422
    assert as_("office1").send(f"{here}/withdraw", reason="日期有误").status_code == 303
    assert "日期有误" in as_("emp.tech").get("/notices/").text
    assert "unread" not in text_of(as_("emp.tech").get("/"))
    at("Tue 2026-03-03 12:01")
    assert "日期有误" not in as_("emp.tech").get("/notices/").text


def test_a_stale_draft_is_shown_beside_what_is_stored(app: Flask, as_: As) -> None:
    here = written(as_)
    page = as_("office1").get(here).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    as_("office2").send(f"{here}/edit", title="值班", text="别人改过")
    answer = as_("office1").send(f"{here}/edit", title="值班", text="我的版本", version=version[1])
    assert answer.status_code == 409
    assert "别人改过" in answer.text
    assert "我的版本" in answer.text


def test_a_draft_is_asked_again_for_what_is_missing(app: Flask, as_: As) -> None:
    answer = as_("office1").send("/office/notices/new", **(WORDS | {"title": " "}))
    assert answer.status_code == 422
    assert "十月一日起" in answer.text
