"""The demo's question log: known ones answered at once, one still asked inside, one to be passed on, some repeated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.blueprints.reception.questions import actions
from portal.blueprints.reception.questions.codes import Outcome
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.questions.workflow import PHRASE, QUESTION, REPLY, TELL
from portal.kernel import accounts, reference, sessions, transitions
from portal.kernel.db import db

PARKING = "访客车位在大楼东侧，凭来访登记免费停两小时，超时每小时五元。"
INVOICE = "增值税发票在验收后五个工作日内寄出，也可以在客户门户里自行下载电子发票。"

# Working days ago, question, answer (empty: asked inside), department, who asked, phone, what came of it.
KNOWN: tuple[tuple[int, str, str, str, str, str], ...] = (
    (40, "请问访客的车停在哪里，要收费吗？", PARKING, "admin", "马建华", "19900003001"),
    (33, "发票什么时候能寄到？", INVOICE, "market", "苏婷", "19900003002"),
    (26, "访客停车怎么收费？", PARKING, "admin", "", ""),
    (21, "你们周六上班吗？", "周六、周日休息；报修热线周末有人值守。", "office", "", ""),
    (12, "发票什么时候可以寄到？", INVOICE, "market", "倪雪", "19900003003"),
    (6, "访客的车可以停在地下车库吗，怎么收费？", PARKING, "admin", "高磊", "19900003004"),
    (1, "最近的地铁站怎么走？", "二号线云栖路站二号口，出站向东步行约六百米。", "admin", "", ""),
)
ASKED: tuple[tuple[int, str, str, str, str, str, tuple[str, ...]], ...] = (
    (
        9,
        "旧款门禁卡能不能在新系统里继续用？",
        "tech",
        "emp.tech",
        "杜洋",
        "19900003005",
        (REPLY, TELL, PHRASE),
    ),
    (2, "实施培训可以改到周末吗？", "impl", "", "海棠小学", "19900003006", (REPLY,)),
    (0, "扫码枪的接口协议可以开放给第三方吗？", "tech", "", "恒通物流", "19900003007", ()),
)
REPLIES = {
    "emp.tech": "可以，2022 年以后的卡重新授权即可，之前的需要换卡，每张十二元。",
    "lead.impl": "可以改到周六上午，请提前三天把人数告诉实施部。",
}


DAY = 450  # working minutes


def load(ago: Callable[[int], datetime]) -> None:
    """Write the questions down and answer those that were answered; `ago` tells the moment so many working minutes
    before now.
    """
    staff = reference.staff()
    desk = sessions.person_as_viewer(accounts.find("desk1").id)
    known = [
        (days, text, answer, code, "", name, phone, ()) for days, text, answer, code, name, phone in KNOWN
    ]
    asked = [(row[0], row[1], "", *row[2:]) for row in ASKED]
    every: list[tuple[int, str, str, str, str, str, str, tuple[str, ...]]] = [*known, *asked]
    with db.write():
        # The oldest first, as they were written down.
        for days, text, answer, department, inside, name, phone, then in sorted(
            every, key=lambda row: -row[0]
        ):
            age = days * DAY + 40
            made = actions.record(
                by=desk,
                now=ago(age),
                question=text,
                outcome=Outcome.ANSWER if answer else Outcome.ASK,
                answer=answer,
                department=department,
                person=staff.by_username(inside) if inside else None,
                asker_name=name,
                phone=phone,
            )
            knows = inside or f"lead.{department}"
            for n, verb in enumerate(then, start=1):
                answers = {"answer": REPLIES[knows]} if verb == REPLY else {}
                _do(made, verb, knows if answers else "desk1", ago(age - 10 * n), answers)


def _do(question: Question, verb: str, who: str, now: datetime, given: dict[str, Any]) -> None:
    by = sessions.person_as_viewer(accounts.find(who).id)
    transitions.perform(QUESTION, question, verb, actions.ACTIONS[verb], by=by, now=now, **given)
