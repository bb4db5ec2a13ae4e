"""The demo's reports: last quarter's is signed, last month's waits for the general office (CP-29)."""

from __future__ import annotations

from datetime import datetime

from portal.blueprints.complaints.figures import actions, page, rules
from portal.blueprints.complaints.figures.reach import Reach
from portal.blueprints.complaints.figures.workflow import REPORT
from portal.kernel import accounts, clock, sessions, transitions
from portal.kernel.db import db

TEXTS = {
    "stood_out": "本季度投诉以设备故障和上门服务态度为主，会议设备和门禁问题较集中；"
    "个别事项首次联系超过半个工作小时。",
    "measures": "一、会议设备每周一统一检查，备用灯泡和线材放在服务台；"
    "二、对超时较多的部门由总经办约谈负责人；三、上门服务前先电话确认到达时间。",
    "notice_board": "公布投诉电话和受理地点；公布上门服务规范和收费说明；"
    "刊登本季度采纳的客户建议，并向提出人致谢。",
}


def load(now: datetime) -> None:
    """Draft both, and sign the quarter's."""
    today = clock.local(now).date()
    with db.write():
        office = sessions.person_as_viewer(accounts.find("office1").id)
        quarter = actions.draft(rules.quarter_of(today).before, by=office, now=now)
        actions.draft(rules.month_of(today).before, by=office, now=now)
        whole = page.Asked(Reach(office, None, confidential=False), rules.quarter_of(today).before)
        signed = {"today": today, "figures": page.Report(whole).snapshot()}
        for verb, given in (("write", TEXTS), ("sign", signed)):
            transitions.perform(REPORT, quarter, verb, actions.ACTIONS[verb], by=office, now=now, **given)
