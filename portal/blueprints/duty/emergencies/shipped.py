"""The five playbooks that the portal ships with; the general office rewrites them as its house needs (GO-01)."""

from __future__ import annotations

import sqlalchemy as sa

from portal import setup
from portal.blueprints.duty.emergencies.codes import Hands, Kind, Level
from portal.blueprints.duty.emergencies.models import Playbook, PlaybookStep
from portal.kernel import clock
from portal.kernel.db import db

H = Hands
# Level, departments concerned, and the steps: who, within how many minutes, what.
PLAYBOOKS: dict[Kind, tuple[Level, str, tuple[tuple[Hands, int, str, str], ...]]] = {
    Kind.FIRE: (Level.ONE, "admin", (
        (H.FINDER, 0, "大声呼喊，按下最近的手动报警按钮，关上起火房间的门。",
         "Shout, press the nearest call point, close the door of the room that burns."),
        (H.GUARD, 1, "带灭火器和对讲机到场，确认火情、位置和有无人员被困，用对讲机报告。",
         "Go there with extinguisher and radio; report by radio what burns, where, and whether anybody is trapped."),
        (H.DESK, 2, "拨打119：说清单位、地址、楼层、燃烧物、有无被困人员和回电号码，对方先挂机。",
         "Call 119: company, address, floor, what burns, who is trapped, your number; let them hang up first."),
        (H.DESK, 2, "广播疏散，报告值班领导；禁止乘坐电梯。",
         "Announce the evacuation and tell the duty leader; nobody takes a lift."),
        (H.GUARD, 3, "切断起火区域电源，电梯迫降首层，启动排烟和应急照明，打开全部疏散门和道闸。",
         "Cut the power of the area, bring lifts to the ground floor, start smoke extraction, open every exit and gate."),
        (H.EVERYONE, 5, "沿疏散指示离开，协助访客、老人和行动不便者，到集合点报到。",
         "Leave by the signs, help visitors and whoever cannot walk alone, report at the assembly point."),
        (H.DESK, 6, "带出来访登记册和值班表，在集合点逐一点名，把未到人员告诉消防队。",
         "Bring the visitor register and the roster, call the roll outside, tell the fire brigade who is missing."),
        (H.GUARD, 8, "到路口迎接消防车，指明水源和通道，不让无关人员进入。",
         "Meet the engines at the road, show water and access, keep others out."),
        (H.LEADER, 30, "经消防队同意后解除警戒，保护现场，留存监控录像，配合调查。",
         "Lift the cordon only when the fire brigade agrees; keep the scene and the recordings for the investigators."),
    )),
    Kind.ROBBERY: (Level.TWO, "admin office", (
        (H.FINDER, 0, "先保人身安全，不反抗、不追赶；记住人数、相貌、口音、衣着和去向。",
         "Safety first: no resistance, no pursuit; remember how many, faces, accents, clothes and where they went."),
        (H.GUARD, 1, "到场控制出入口，疏导周围人员离开，确认有无受伤。",
         "Take the entrances, lead others away, see whether anybody is hurt."),
        (H.DESK, 2, "拨打110，有人受伤同时拨打120，保持通话畅通。",
         "Call 110, and 120 when somebody is hurt; keep the line open."),
        (H.DESK, 3, "报告值班领导和有关部门负责人。", "Tell the duty leader and the heads of the departments concerned."),
        (H.GUARD, 5, "封闭现场，不触碰任何物品，登记目击者姓名和联系方式。",
         "Close off the scene, touch nothing, note the names and numbers of witnesses."),
        (H.OFFICE, 15, "保全事发前后的监控录像和门禁记录，清点损失。",
         "Secure recordings and door records from before and after, list what is missing."),
        (H.LEADER, 30, "接待民警，指定一人对外说明，其他人不向外界发布信息。",
         "Receive the police, name one person who speaks for the company; nobody else informs outsiders."),
    )),
    Kind.TYPHOON: (Level.TWO, "admin", (
        (H.OFFICE, 0, "接到预警后发布通知：停止户外作业，确定留守人员和撤离时间。",
         "On the warning, say so to everybody: outdoor work stops, who stays, when the others leave."),
        (H.GUARD, 10, "加固大门、围挡、广告牌，收回室外物品，清理排水口，准备沙袋。",
         "Fasten gates, fences and signs, bring things in, clear drains, lay sandbags ready."),
        (H.EVERYONE, 15, "关闭门窗，关闭不用的电源，把资料和设备移离窗边和地面。",
         "Close windows and doors, switch off what is not needed, move papers and machines off floor and windows."),
        (H.DESK, 20, "取消或改期外来访客的预约，劝在场访客留在安全区域。",
         "Cancel or move appointments; ask visitors who are here to stay in the safe area."),
        (H.GUARD, 30, "检查配电室、地下室和电梯井；进水时先断电再处置。",
         "Look at switch room, basement and lift shafts; where water comes in, cut the power first."),
        (H.LEADER, 60, "每小时巡查一次并记录，受伤拨打120，险情扩大拨打119。",
         "Go round every hour and write it down; 120 for the injured, 119 when it grows."),
        (H.OFFICE, 240, "解除预警后检查房屋、线路和设备，确认安全再恢复使用。",
         "After the warning is lifted, check building, wiring and machines before they are used again."),
    )),
    Kind.EARTHQUAKE: (Level.ONE, "admin office", (
        (H.EVERYONE, 0, "就近躲在结实的桌下或内墙角，护住头颈；不跳窗、不乘电梯、不往外挤。",
         "Take cover under a strong table or by an inner wall, protect head and neck; no windows, no lifts, no crush."),
        (H.GUARD, 1, "摇晃停止后打开疏散门和道闸，查看有无人员受伤、起火、漏气。",
         "When it stops, open exits and gates; look for the injured, fire and gas."),
        (H.GUARD, 3, "切断电源、燃气和水，电梯停用。", "Shut off power, gas and water; put the lifts out of use."),
        (H.EVERYONE, 5, "沿楼梯撤到空旷处，远离玻璃幕墙和高压线。",
         "Leave by the stairs to open ground, away from glass fronts and power lines."),
        (H.DESK, 8, "在集合点点名，包括访客；有人被困拨打119，受伤拨打120。",
         "Call the roll at the assembly point, visitors too; 119 for the trapped, 120 for the injured."),
        (H.LEADER, 15, "向总经理报告，统一发布消息，防范余震，未经检查不得返回。",
         "Report to the general manager, speak with one voice, expect aftershocks; nobody goes back before a check."),
        (H.OFFICE, 60, "联系员工家属和相关单位，登记损失和需要的帮助。",
         "Reach families and partners, record damage and what help is needed."),
    )),
    Kind.ILLNESS: (Level.TWO, "admin", (
        (H.FINDER, 0, "看护病人，不随意搬动，疏散围观；询问病史和药物。",
         "Stay with the person, do not move them, send onlookers away; ask for illnesses and medicine."),
        (H.DESK, 1, "拨打120：说清地址、楼层、年龄、症状和是否清醒，按对方指示处置。",
         "Call 120: address, floor, age, symptoms, conscious or not; do as they say."),
        (H.GUARD, 1, "带急救箱和自动体外除颤器到场；无呼吸心跳时由受过培训的人立即施救。",
         "Bring first-aid kit and defibrillator; without breath or pulse, whoever is trained starts at once."),
        (H.DESK, 3, "通知家属或所在单位，报告值班领导。",
         "Reach the family or the company of the person, tell the duty leader."),
        (H.GUARD, 5, "控制一部电梯，到门口接引救护车。", "Hold one lift, lead the ambulance in from the gate."),
        (H.HEADS, 10, "安排一人陪同就医，保管好随身物品并登记。",
         "Send somebody along, keep and record the person's belongings."),
        (H.LEADER, 30, "疑似传染病时划出隔离区域，通知在场人员留下联系方式。",
         "Where it may be contagious, set an area apart and take the numbers of those who were near."),
    )),
}  # fmt: skip


def load_shipped() -> None:
    """Add the first edition of the plans that are not there. Inside a write."""
    there = set(db.session.scalars(sa.select(Playbook.kind)))
    for kind, (level, departments, steps) in PLAYBOOKS.items():
        if kind not in there:
            made = Playbook(kind=kind, edition=1, level=level, departments=departments, made_at=clock.now())
            db.session.add(made)
            db.session.flush()
            db.session.add_all(
                PlaybookStep(
                    playbook_id=made.id, place=place, hands=hands, minutes=minutes, text=zh, text_en=en
                )
                for place, (hands, minutes, zh, en) in enumerate(steps, start=1)
            )


setup.LOADERS.append(load_shipped)
