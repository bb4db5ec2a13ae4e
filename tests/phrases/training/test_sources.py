"""What quizzes are drawn from: documents as they are in force, taken in as items."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.phrases.training import sources
from portal.blueprints.phrases.training.rules.draw import Ref, Text, capacity
from portal.kernel import clock, documents
from portal.kernel.documents import Current

SAY = {"greeting": 3, "thanks": 3, "confirm": 3, "wait": 3}
BODIES: dict[str, dict[str, dict[str, Any]]] = {
    "phrase": {
        f"{moment}-{n}": {"moment": moment, "zh": f"{{customer}}，{moment}用语{n}", "en": f"{moment} {n}, {{customer}}"}
        for moment, count in SAY.items()
        for n in range(count)
    },
    "phrase_rule": {
        "hurry": {"severity": "block", "bad": ["你急什么", "催什么催", "What is the hurry"],
                  "alternatives": ["我马上为您查看。"], "clause": "PG-04",
                  "reason": {"zh": "催促客户。", "en": "It hurries the customer."}},
        "vague": {"severity": "advice", "bad": ["大概吧"], "reason": {"zh": "含糊。", "en": "Vague."}},
    },
    "script": {
        "call": {"title": "投诉来电", "title_en": "A complaint call", "clause": "PG-06", "start": "open", "nodes": [
            {"code": "open", "say": "您好，{company}。", "say_en": "Good day, {company}.",
             "branches": [{"to": "hear"}, {"to": "end"}]},
            {"code": "hear", "note": "听", "branches": [{"to": "read"}]},
            {"code": "read", "say": "我重复一遍。", "say_en": "Let me repeat.", "branches": [{"to": "end"}]},
            {"code": "end", "say": "感谢来电。", "say_en": "Thank you.", "branches": [{"to": "open"}]},
        ]},
    },
    "standard": {
        "till": {"title": "结算", "title_en": "Settlement", "clause": "PG-14", "steps": "1 3 2", "items": [
            ["报应收", "Say the amount"], ["找零", "Give change"], ["点现金", "Count the cash"], ["开票", "Receipt"],
        ]},
        "looks": {"title": "仪容", "title_en": "Looks", "clause": "PG-10", "items": [["整洁", "Tidy"]]},
    },
    "clause": {},
}  # fmt: skip


@pytest.fixture
def in_force(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """These documents hold, each in its third edition."""

    def of(kind: str, _today: date | None = None) -> list[Current]:
        rows = enumerate(BODIES[kind].items(), start=1)
        first = date(2026, 1, 1)
        return [Current(n, n, kind, code, 3, body, first, None, False, True) for n, (code, body) in rows]

    monkeypatch.setattr(documents, "in_force", of)
    return app


def test_documents_become_items(in_force: Flask) -> None:
    with in_force.test_request_context():
        pool = sources.pool(clock.now())
        assert pool.phrases[0].text == Text("…，greeting用语0", "greeting 0, …")
        assert {taboo.bad.zh for taboo in pool.taboos} == {"你急什么", "催什么催"}, "advice forbids nothing"
        script, standard = pool.scripts
        assert [step.zh for step in standard.steps] == ["报应收", "点现金", "找零"]
        assert (standard.ref, standard.clause) == (Ref("standard", "till", 3), "PG-14")
        assert [step.zh for step in script.steps] == ["您好，…。", "我重复一遍。", "感谢来电。"]
        assert script.ref == Ref("script", "call", 3)
        assert pool.moments["wait"] == Text("等候", "Asking to wait")
        counted = capacity(pool, 9)
        assert min(counted.values()) > 0, counted
        assert sources.in_force(clock.now())["phrase", "greeting-0"] == 3
        only = sources.pool(clock.now(), "CP")
        assert not only.taboos
        assert {figure.clause[:2] for figure in only.figures} == {"CP"}
