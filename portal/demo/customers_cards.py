"""The demo's customer cards: owners, consents, a pair of duplicates, a wanted item, a birthday next week."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from portal.blueprints.reception.customers import actions, care
from portal.blueprints.reception.customers.codes import CareKind, Consent
from portal.kernel import accounts, clock, sessions
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Viewer


class Told(NamedTuple):
    """A person of the demo: who it is, whose customer, how close, what was agreed (k: keep, c: care), and the rest."""

    name: str
    company: str
    phone: str
    relation: str
    owner: str
    agreed: str = ""
    more: dict[str, str] = {}


# Companies and numbers as the demo's cases have them, so that a card shows its cases.
PEOPLE: tuple[Told, ...] = (
    Told(
        "秦岚",
        "岚山茶业有限公司",
        "19900001042",
        "partner",
        "lead.market",
        "kc",
        {"gender": "female", "preferences": "自带茶叶，只要热水", "interests": "书法、茶器"},
    ),
    Told(
        "石磊",
        "磐石建材有限公司",
        "19900001037",
        "key",
        "emp.tech",
        "kc",
        {"gender": "male", "preferences": "喝浓茶，坐靠窗的位置", "opinions": "希望每次上门前先打电话。"},
    ),
    Told(
        "方明远",
        "远图测绘有限公司",
        "19900001036",
        "key",
        "emp.impl",
        "kc",
        {"gender": "male", "interests": "徒步、摄影"},
    ),
    Told(
        "夏宁",
        "宁心心理咨询中心",
        "19900001038",
        "regular",
        "lead.market",
        "kc",
        {"gender": "female", "preferences": "称呼“夏老师”，喝白水"},
    ),
    Told(
        "Daniel Kowalski",
        "Baltic Marine Instruments, Yunting Office",
        "19900001030",
        "key",
        "lead.market",
        "kc",
        {"gender": "male", "preferences": "Coffee with milk, speaks English", "interests": "Sailing"},
    ),
    Told("潘文君", "文君会计师事务所", "19900001026", "regular", "emp.tech", "k", {"gender": "female"}),
    Told("任志成", "成业五金机电商行", "19900001029", "regular", "emp.impl", "k", {"gender": "male"}),
    Told(
        "钟文涛",
        "云汀市图书馆",
        "19900001032",
        "partner",
        "office2",
        "kc",
        {"gender": "male", "preferences": "绿茶", "opinions": "讲座场地的音响还可以再好些。"},
    ),
    Told("余佩佩", "佩佩少儿舞蹈工作室", "19900001034", "new", "", "k", {"gender": "female"}),
    Told("韦国栋", "云汀港务物资公司", "19900001039", "regular", "emp.tech", "k", {"gender": "male"}),
    Told("毛卫东", "卫东机械加工部", "19900001041", "new", "", ""),
    Told("白玉洁", "", "19900001043", "new", "", "", {"gender": "female"}),
    Told("常乐", "乐享健身俱乐部", "19900001046", "regular", "lead.market", "kc", {"interests": "马拉松"}),
    Told("段鹏飞", "鹏飞印务有限公司", "19900001047", "regular", "emp.impl", "k"),
    Told("侯志明", "明远律师事务所", "19900001049", "key", "office1", "k", {"preferences": "黑咖啡，不加糖"}),
    Told("顾晓明", "云汀检测技术有限公司", "19900001052", "partner", "emp.tech", "kc"),
    Told("康丽", "康丽美容美体", "19900001054", "new", "", "k", {"gender": "female"}),
    Told("庞博", "博观展览服务有限公司", "19900001056", "regular", "lead.market", "k"),
    Told("倪晨", "晨光幼儿园", "19900001060", "regular", "office2", "kc", {"gender": "female"}),
    # Written down twice, once by ear: the desk compares the two and keeps one.
    Told(
        "司徒静", "", "19900001040", "regular", "emp.impl", "k", {"gender": "female", "preferences": "红茶"}
    ),
    Told("司徒晶", "东岸花园业主委员会", "19900001040", "new", "", ""),
)
BIRTHDAYS = {
    "石磊": (1978, 3),
    "夏宁": (1985, 6),
    "秦岚": (1982, 40),
    "方明远": (1990, 150),
}  # year, days from today
NOTED: tuple[tuple[str, CareKind, str, bool], ...] = (
    ("石磊", CareKind.WANTED, "想要双频的手持扫码枪，到货先看样机", True),
    ("秦岚", CareKind.WANTED, "新版会员卡样卡十张", False),
    ("钟文涛", CareKind.SYMPATHY, "上周做了小手术，打电话问候", False),
)


def load(now: datetime) -> None:
    """Make the cards a month ago, as the desk would have, and what is noted today."""
    desk = sessions.person_as_viewer(accounts.find("desk1").id)
    made = now - timedelta(days=30)
    with db.write():
        cards = {told.name: _card(told, desk, made + timedelta(minutes=n)) for n, told in enumerate(PEOPLE)}
        for name, kind, note, here in NOTED:
            noted = actions.note_care(cards[name], by=desk, now=now, kind=kind, note=note)
            if here:
                actions.arrived(cards[name], noted.id, by=desk, now=now)
    for _line in care.remind(now):  # what the worker's next pass would put up
        pass


def _card(told: Told, desk: Viewer, at: datetime) -> Customer:
    consents = [
        consent for consent, sign in ((Consent.KEEP, "k"), (Consent.CARE, "c")) if sign in told.agreed
    ]
    fields: dict[str, Any] = dict.fromkeys(("gender", "preferences", "interests", "opinions"), "") | told.more
    card, _fresh = actions.create(
        by=desk,
        now=at,
        consents=consents,
        name=told.name,
        company=told.company,
        phone=told.phone,
        relation=told.relation,
        owner_id=accounts.find(told.owner).id if told.owner else None,
        birthday=_birthday(told.name, at),
        **fields,
    )
    card.last_seen_at = at
    return card


def _birthday(name: str, made: datetime) -> date | None:
    if name not in BIRTHDAYS:
        return None
    year, ahead = BIRTHDAYS[name]
    day = clock.local(made).date() + timedelta(days=30 + ahead)
    return day.replace(year=year, day=min(day.day, 28))
