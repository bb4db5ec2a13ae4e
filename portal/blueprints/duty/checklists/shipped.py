"""What is looked at until the general office writes a list of its own for a post; pure."""

from __future__ import annotations

from typing import NamedTuple

from portal.blueprints.duty.checklists.codes import Moment


class Item(NamedTuple):
    """One thing to look at, in Chinese and English."""

    text: str
    text_en: str


# DR-14: the last shift's end asks this whatever else the office wants looked at.
PAPERS = Item(
    "客户资料已当日归档，台面上没有留下",
    "Customers' papers are filed today; none is left on the desk",
)
SHIPPED: dict[Moment, tuple[Item, ...]] = {
    Moment.START: (
        Item("着装整洁，符合岗位要求", "Dressed by the rule of the post"),
        Item("工牌佩戴在胸前", "Badge on, where it can be read"),
        Item("台面和座位没有与工作无关的物品", "Nothing at the desk that has nothing to do with work"),
        Item("私人手机静音收起", "Private phone silent and put away"),
        Item("已看过上一班的记录", "The log of the shift before is read"),
    ),
    Moment.END: (
        Item("台面清理干净，用品归位", "Desk clear, everything back in its place"),
        Item("值班记录写完，没有空缺", "The log is complete, without gaps"),
        Item("借用和寄存物品已核对", "Things lent and things deposited are checked"),
    ),
    Moment.CLOSING: (
        Item("传真机转为自动接收", "Fax set to automatic"),
        Item("电话已转到值班分机", "Phone put through to the extension on duty"),
        Item("电脑、打印机和饮水机已关", "Computers, printer and water dispenser off"),
        Item("灯光和空调已关", "Lights and air conditioning off"),
        Item("门窗和柜锁已锁好", "Doors, windows and cabinets locked"),
    ),
}
