"""The demo's live check: what it stopped in the last weeks, and a rule that somebody at the desk proposes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.kernel import accounts, documents, sessions, taboos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.phrase_rules import KIND, checker_in_force
from portal.kernel.taboos import Caught, Outcome

# Who wrote what, how many working minutes ago, and why it was sent all the same.
WRITTEN = (
    ("emp.tech", "您急什么，配件还没到。", 5_200, ""),
    ("emp.impl", "这个我不清楚，您问别人吧。", 4_600, ""),
    ("desk1", "这不归我管，您打技术部电话。", 3_900, ""),
    ("emp.tech", "我们保证不会再出现同样的故障。", 3_300, "合同里已写明保修三年"),
    ("desk2", "您急什么急，等着就行。", 2_500, ""),
    ("emp.admin", "没办法，公司就是这么规定的。", 1_900, ""),
    ("emp.tech", "不可能，是您自己操作错了。", 1_000, ""),
    ("emp.impl", "保证给您解决。", 300, "客户要求写进答复，主管已同意"),
)
PROPOSED = {
    "family": "vague",
    "patterns": ["容后(再议|再谈|详谈|答复)"],
    "severity": "warn",
    "reason": {"zh": "客户不知道要等到什么时候。", "en": "The customer does not know how long to wait."},
    "alternatives": ["我明天上午十点前给您回电。", "I will call you back before ten tomorrow morning."],
    "scope": [],
    "clause": "PG-04",
    "bad": ["此事容后再议", "容后答复", "您的问题我们容后详谈"],
    "good": ["请您再说一遍", "我再联系师傅确认时间", "会后详谈"],
}


def load(earlier: Callable[[int], datetime]) -> None:
    """Write down what the rules in force catch in those texts, and propose a rule."""
    for username, text, minutes, reason in WRITTEN:
        now, by = earlier(minutes), _viewer(username)
        found = checker_in_force(now).check(text, "answer").findings
        caught = [Caught(f.rule.code, f.severity.value, "answer", f.phrase, reason) for f in found]
        with db.write():
            taboos.note(caught, Outcome.SENT if reason else Outcome.STOPPED, by=by, now=now)
    now, by = earlier(90), _viewer("desk1")
    with db.write():
        version = documents.propose(
            KIND, "see-later", PROPOSED, reason="上周有三位客户追问“容后”是哪天", by=by, now=now
        )
    documents.act(version.id, "submit", by=by, now=now)


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)
