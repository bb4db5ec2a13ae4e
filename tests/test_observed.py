"""Requests are numbered, timed, counted; what is slow or fails leaves a line that tells no secret."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import create_app, logs
from portal.config import Settings
from portal.counts import Counts
from portal.kernel import clock, runs
from portal.kernel.db import db
from portal.kernel.rights import May
from tests import factories
from tests.conftest import As

FRESH = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """What stands in the log, a dictionary a line; afterwards it is text again."""
    logs.speak("json")
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    logs.speak("text")


@pytest.mark.parametrize(
    ("proxies", "sent", "kept"),
    [
        (0, "abcdef-0123456789", False),
        (1, "abcdef-0123456789", True),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "has a space in it", False),
        (1, "<script>alert(1)", False),
    ],
)
def test_a_number_of_the_proxy_is_kept_when_it_is_sane(
    tmp_path: Path, proxies: int, sent: str, kept: bool
) -> None:
    app = create_app(Settings(instance=tmp_path, trusted_proxies=proxies))
    answered = app.test_client().get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert answered == sent if kept else FRESH.fullmatch(answered)


def broken(*_args: object, **_more: object) -> str:
    raise ZeroDivisionError("a fault of ours")


def test_a_fault_is_found_again_by_its_number(
    app: Flask, as_: As, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_("desk1")
    broken.needs = May.USE_PORTAL  # type: ignore[attr-defined]  # as the decorator marks a view
    monkeypatch.setitem(app.view_functions, "complaints.index", broken)
    answer = browser.get("/complaints/?words=13800001111")
    ticket = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert ticket in answer.text
    told = lines()
    fault = next(line for line in told if "trace" in line)
    assert (fault["request"], "a fault of ours" in fault["trace"]) == (ticket, True)
    line = next(line for line in told if line["message"] == "failed request")
    assert line["request"] == ticket
    assert (line["route"], line["method"], line["status"]) == ("/complaints/", "GET", 500)
    assert line["person"] == factories.id_of(app, "desk1")
    assert "13800001111" not in json.dumps(told)
    assert "周晓雯" not in json.dumps(told, ensure_ascii=False)
    toast = browser.get("/complaints/", headers={"HX-Request": "true"})
    assert toast.headers["X-Request-ID"] in toast.text


def test_a_slow_request_leaves_a_line_without_its_address(app: Flask, as_: As, lines: Any) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], slow_ms=0)
    as_("desk1").get("/complaints/TS-20260302-0001?token=secret")
    told = lines()
    line = next(line for line in told if line["message"] == "slow request")
    assert (line["route"], line["status"], line["level"]) == ("/complaints/<case:number>", 404, "warning")
    assert "secret" not in json.dumps(told)


def test_text_and_json_tell_the_same() -> None:
    record = logging.LogRecord("portal.x", logging.ERROR, "x.py", 1, "failed %s", ("here",), None)
    record.told = {"request": "abc", "ms": 12}
    text = logs._Text(logs.TEXT.format(process="web")).format(record)
    assert text.endswith("web ERROR failed here request=abc ms=12")
    record.created, record.msecs = 0.5, 500
    forged = logging.LogRecord(
        "portal.x", logging.ERROR, "x.py", 1, "x\r\n%s", ("now ERROR \x1b[2J\u2028",), None
    )
    written = logs._Text(logs.TEXT.format(process="web")).format(forged)
    assert written.endswith(r"ERROR x\r\nnow ERROR \x1b[2J\u2028"), "one line, whatever was sent"
    assert logs._Text("%(asctime)s").format(record) == "1970-01-01T00:00:00.500Z request=abc ms=12"
    line = json.loads(logs._Json("web").format(record))
    assert (line["message"], line["request"], line["ms"]) == ("failed here", "abc", 12)


def test_a_library_that_repeats_itself_is_heard_once_a_minute() -> None:
    seldom = logs._Seldom()
    record = logging.LogRecord(
        "huey.consumer", logging.ERROR, "x.py", 1, "Error reading from queue", None, None
    )
    heard = []
    for at in (1000.0, 1000.3, 1059.0, 1061.0):
        record.created = at
        heard.append(seldom.filter(record))
    assert heard == [True, False, False, True]


# -- counted ------------------------------------------------------------------------------------------------------


def seen(counts: Counts) -> dict[tuple[str, str], int]:
    return {(each.route, each.outcome): sum(each.buckets) for each in counts.read()}


def test_processes_count_apart_and_are_added_up(tmp_path: Path) -> None:
    one, two = Counts(tmp_path, ["a", "b"]), Counts(tmp_path, ["b", "a"])
    for counts, route, status, seconds in (
        (one, "a", 200, 0.004),
        (one, "a", 302, 0.2),
        (two, "a", 200, 99.0),
        (two, None, 404, 0.0),
    ):
        counts.add(route, status, seconds)
    assert len(list(tmp_path.iterdir())) == 2
    assert seen(one) == {("a", "2xx"): 2, ("a", "3xx"): 1, ("none", "4xx"): 1}
    slowest = next(each for each in two.read() if each.outcome == "2xx")
    assert (slowest.buckets[0], slowest.buckets[-1]) == (1, 1)
    assert slowest.seconds == pytest.approx(99.004)
    fcntl.flock(two._file, fcntl.LOCK_UN)  # it ended
    three = Counts(tmp_path, ["a", "b"])
    three.add("b", 500, 0.1)
    assert len(list(tmp_path.iterdir())) == 2, "it counts on where the other one left off"
    assert seen(three) == {("a", "2xx"): 2, ("a", "3xx"): 1, ("b", "5xx"): 1, ("none", "4xx"): 1}


def test_another_version_with_other_routes_begins_anew(tmp_path: Path) -> None:
    old = Counts(tmp_path, ["a"])
    old.add("a", 200, 0.1)
    fcntl.flock(old._file, fcntl.LOCK_UN)
    new = Counts(tmp_path, ["b"])
    assert seen(new) == {}
    new.add("b", 200, 0.1)
    assert seen(new) == {("b", "2xx"): 1}


def test_on_a_full_disk_nothing_is_counted_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    counts = Counts(tmp_path, ["a"])
    for _ in range(2):
        counts.add("a", 200, 0.1)
    assert caplog.text.count("No space left") == 1
    assert seen(counts) == {}


def test_metrics_tell_what_waits_and_how_long_requests_took(any_app: Flask, as_: As) -> None:
    any_app.extensions["counts"] = None  # its folder went with the last test
    as_("desk1").get("/complaints/")
    with any_app.app_context(), db.write():
        runs.note("backup", file="x", size=1)
        db.session.get_one(runs.Run, "backup").ended_at = clock.real()
    told = any_app.test_client().get("/metrics", headers={"Host": "localhost"}).text
    found = dict(re.findall(r"^(portal_\S+) (\S+)$", told, re.MULTILINE))
    assert found['portal_request_seconds_count{route="complaints.index",status="2xx"}'] == "1.0"
    assert found['portal_request_seconds_bucket{le="+Inf",route="complaints.index",status="2xx"}'] == "1.0"
    for name in ("clocks_due", "mail_dead", "jobs_failed", "workers_alive", "queue_messages"):
        assert found[f"portal_{name}"] == "0.0"
    assert float(found["portal_backup_age_seconds"]) < 60
    assert float(found["portal_disk_free_bytes"]) > 0
    assert "portal_pass_age_seconds" not in found, "no worker ever ran"
