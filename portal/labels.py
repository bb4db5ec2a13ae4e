"""What people read for the kernel's codes: what cases are sorted by, roles, ranks, positions, standing of a person."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l, label, with_clause
from portal.kernel.case_codes import Category, Channel, CustomerType
from portal.kernel.channels import Fault
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.company_calendar import DayKind
from portal.kernel.files import Rejected
from portal.kernel.outbox import Fate
from portal.kernel.people import Status
from portal.kernel.quiet import Quiet, Where
from portal.kernel.rights import Position, Rank, Role

LABELS: dict[Any, Any] = {
    Channel: {
        Channel.ONSITE: _l("On site"),
        Channel.PHONE: _l("Phone"),
        Channel.LETTER: _l("Letter"),
        Channel.EMAIL: _l("E-mail"),
        Channel.WECHAT: _l("WeChat"),
        Channel.OTHER: _l("Other channel"),
    },
    Category: {
        Category.PRODUCT: _l("Product quality"),
        Category.OPERATION: _l("Operation"),
        Category.ATTITUDE: _l("Attitude of on-site staff"),
        Category.SERVICE: _l("Service of internal staff"),
        Category.PRICE: _l("Price"),
        Category.OTHER: _l("Something else"),
    },
    CustomerType: {
        CustomerType.CONTROLLED: _l("Controlled anger"),
        CustomerType.VENTING: _l("Venting anger"),
        CustomerType.TALKER: _l("Endless talker"),
        CustomerType.DEMANDING: _l("Many demands"),
        CustomerType.PROFESSIONAL: _l("Professional complainer"),
    },
    Role: {
        Role.EMPLOYEE: _l("Employee"),
        Role.DESK: _l("Front desk"),
        Role.LEAD: _l("Lead"),
        Role.OFFICE: _l("General office"),
    },
    Rank: {
        Rank.STAFF: _l("Staff"),
        Rank.SUPERVISOR: _l("Supervisor"),
        Rank.MIDDLE: _l("Middle manager"),
        Rank.SENIOR: _l("Senior manager"),
    },
    Position: {
        Position.GENERAL_MANAGER: _l("General manager"),
        Position.OFFICE_DIRECTOR: _l("General-office director"),
        Position.PERSONNEL: _l("Personnel"),
        Position.PURCHASER: _l("Purchaser"),
        Position.DUTY_LEADER: _l("Duty leader"),
        Position.LEAD: _l("Head of department"),
        Position.SUPERVISOR: _l("Supervisor of a department"),
        Position.CLERK: _l("Administrative clerk"),
    },
    Status: {
        Status.ACTIVE: _l("Active"),
        Status.DISABLED: _l("Disabled"),
        Status.DEPARTED: _l("Departed"),
    },
    DayKind: {
        DayKind.HOLIDAY: _l("Public holiday"),
        DayKind.WORKDAY: _l("Make-up workday"),
        DayKind.COMPANY: _l("Company day"),
    },
    Fate: {
        Fate.WAITING: _l("Waiting"),
        Fate.SENT: _l("Sent"),
        Fate.DRY: _l("Dry run, not sent"),
        Fate.DEAD: _l("Failed"),
        Fate.DROPPED: _l("Given up"),
    },
    RobotKind: {
        RobotKind.WECOM: _l("WeCom"),
        RobotKind.DINGTALK: _l("DingTalk"),
        RobotKind.FEISHU: _l("Feishu"),
    },
    Quiet: {
        Quiet.OFFICE: _l("Outside working hours"),
        Quiet.OWN: _l("Between two times of the day"),
        Quiet.NEVER: _l("Never"),
    },
    Where: {
        Where.ALL: _l("Mail and chat"),
        Where.MAIL: _l("Mail only"),
        Where.ROBOT: _l("Chat only"),
        Where.NONE: _l("Only my inbox"),
    },
    Fault: {
        Fault.UNREACHABLE: _l("The server cannot be reached."),
        Fault.SILENT: _l("The server did not answer in time; the message may have arrived."),
        Fault.CERTIFICATE: _l("The server's certificate is not trusted."),
        Fault.LOGIN: _l("The mail server refused the portal's user name or password."),
        Fault.RECIPIENT: _l(
            "The mail server refuses this address. Correct it under People, then send again."
        ),
        Fault.REFUSED: _l("The server refused the message."),
        Fault.LATER: _l("The server takes nothing for now."),
        Fault.STATUS: _l("The server answered with an error."),
        Fault.REDIRECT: _l("The server sent the message elsewhere; redirects are not followed."),
        Fault.RATE: _l("Too many messages within a minute; what is due later leaves together."),
        Fault.UNREADABLE: _l("The server's answer cannot be understood."),
        Fault.ADDRESS: _l("The robot's address may not be asked."),
        Fault.SEALED: _l("The secret key of the portal was changed: enter the robot's address again."),
        Fault.GONE: _l("The robot is switched off or was removed."),
        Fault.BROKEN: _l("The portal itself failed on this message; its log says how."),
        Fault.DEPARTED: _l("The person no longer works here."),
    },
}

# Why a file is not taken.
REJECTIONS: dict[str, Any] = {
    "empty": _l("%(name)s is empty."),
    "too_large": _l("%(name)s is too large; a file may have up to %(most)s MB."),
    "unknown_type": _l("%(name)s is a kind of file that is not accepted. Accepted are pictures, PDF, Word, Excel, "
                       "PowerPoint, text, sound recordings and MP4."),
    "lies": _l("The name of %(name)s does not match its content, which is %(found)s."),
    "active": _l("%(name)s contains a program or a web page."),
    "damaged": _l("%(name)s is damaged and cannot be opened."),
    "no_picture": _l("%(name)s is no picture that can be shown."),
    "virus": _l("%(name)s contains something harmful."),
    "unscanned": _l("%(name)s could not be checked for viruses just now. Please try again soon."),
    "bomb": _l("%(name)s would become far too large when opened."),
}  # fmt: skip

# Why a robot's address is not taken.
ADDRESSES: dict[str, Any] = {
    "unreadable": _l("This is no address."),
    "scheme": _l("Please enter an encrypted address, such as https://…"),
    "host": _l("This is no host of that chat service. The operator can allow others by PORTAL_ROBOTS_HOSTS."),
    "path": _l("Please copy the whole address from the robot's settings in the chat."),
    "inside": _l("The name of this host leads into the company's own network."),
}


def problem(kept: str) -> str:
    """What stands against a delivery, in the language of the page; what the other side said stands behind it."""
    code, _, detail = kept.partition(": ")
    code = code.rstrip(":")
    if code not in set(Fault):
        return kept  # of an older version
    if code == Fault.ADDRESS and detail in ADDRESSES:
        return str(ADDRESSES[detail])
    return with_clause(label(Fault(code)), detail) if detail else label(Fault(code))


def rejected(error: Rejected) -> str:
    """Why a file is not taken, in the language of the page."""
    return str(REJECTIONS[error.code]) % error.given
