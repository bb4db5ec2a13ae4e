"""The demo's letters and parcels: some lie at the desk, one too long, some were collected, one went back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.blueprints.reception.parcels import actions
from portal.blueprints.reception.parcels.codes import ParcelKind
from portal.blueprints.reception.parcels.workflow import PARCEL, RETURN, SIGN
from portal.kernel import accounts, reference, sessions, transitions
from portal.kernel.db import db

# Working hours ago, kind, recipient (a user name, or a department with a colon), sender, tracking number, place, pieces,
# and what came of it: nothing, who took it, or why it went back.
ARRIVED: tuple[tuple[int, ParcelKind, str, str, str, str, int, str], ...] = (
    (38, ParcelKind.EXPRESS, "emp.impl", "顺丰速运", "SF1390000000117", "前台 A1 柜", 1, ""),
    (30, ParcelKind.LETTER, ":office", "市税务局", "", "前台 B 格", 1, "office2"),
    (24, ParcelKind.PARCEL, "lead.tech", "立芯电子样品室", "JD0000000002208", "前台 A2 柜", 2, "emp.tech"),
    (
        19,
        ParcelKind.EXPRESS,
        "lead.market",
        "展会组委会",
        "YT0000000003306",
        "前台 A1 柜",
        1,
        "!收件人已换联系方式，寄件方要求退回",
    ),
    (11, ParcelKind.EXPRESS, "emp.tech", "京东物流", "JD0000000004415", "前台 A1 柜", 1, ""),
    (5, ParcelKind.NEWSPAPER, ":admin", "邮局", "", "报刊架", 3, ""),
    (4, ParcelKind.LETTER, "lead.impl", "云栖精密制造", "", "前台 B 格", 1, "lead.impl"),
    (2, ParcelKind.EXPRESS, "lead.tech", "顺丰速运", "SF1390000000552", "前台 A2 柜", 1, ""),
    (1, ParcelKind.PARCEL, ":market", "宣传册印刷厂", "", "前台地面", 6, ""),
)


def load(ago: Callable[[int], datetime]) -> None:
    """Take everything in and hand over what was; `ago` tells the moment so many working minutes before now."""
    staff = reference.staff()
    desk = sessions.person_as_viewer(accounts.find("desk2").id)
    with db.write():
        for hours, kind, whom, sender, tracking, place, pieces, then in ARRIVED:
            made = actions.take_in(
                by=desk,
                now=ago(hours * 60),
                kind=kind,
                recipient=staff.by_username(whom),
                department=whom.removeprefix(":"),
                sender=sender,
                tracking=tracking,
                place=place,
                pieces=pieces,
            )
            later = ago(hours * 60 - 50)
            if then.startswith("!"):
                given = {"reason": then[1:]}
                transitions.perform(
                    PARCEL, made, RETURN, actions.ACTIONS[RETURN], by=desk, now=later, **given
                )
            elif then:
                taker = staff.by_username(then)
                transitions.perform(
                    PARCEL, made, SIGN, actions.ACTIONS[SIGN], by=desk, now=later, collector=taker
                )
