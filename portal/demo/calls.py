"""The demo's calls: one half noted at the desk, and a better line for a script that waits for approval."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.blueprints.phrases.calls import actions
from portal.blueprints.phrases.scripts.documents import NAME
from portal.kernel import accounts, documents, sessions
from portal.kernel.db import db

NOTED = {
    "caller": "韩雪梅",
    "company": "青禾烘焙",
    "phone": "19900004101",
    "matter": "收银机昨天下午起打不出小票，店里只能手写。",
    "place": "昨天下午三点，解放路店",
}
OLD = "不好意思，线路里有杂音，您刚才说的我没有听完整，请您再说一遍好吗？"
BETTER = "不好意思，线路里有杂音，您刚才说的后半句我没有听清，请您再说一遍好吗？"


def load(now: datetime) -> None:
    """The notes of a call under way, and a proposal of an employee who answers the phone often."""
    desk, author = (sessions.person_as_viewer(accounts.find(name).id) for name in ("desk1", "emp.admin"))
    with db.write():
        actions.keep(NOTED, by=desk, now=now - timedelta(minutes=3))
        script = documents.find(NAME, "bad-line")
        if script is None:
            return
        nodes = [node | {"say": node["say"].replace(OLD, BETTER)} if "say" in node else node
                 for node in script.body["nodes"]]  # fmt: skip
        then = now - timedelta(hours=5)
        made = documents.propose(
            NAME, script.code, {**script.body, "nodes": nodes}, reason="只请对方重复没听清的部分，客户不用从头再讲",
            by=author, now=then,
        )  # fmt: skip
    documents.act(made.id, "submit", by=author, now=then + timedelta(minutes=6))
