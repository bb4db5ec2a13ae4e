"""Which addresses a robot may have, and to which machine a name may lead. What an administrator types decides to whom
the portal speaks from inside the house, so nothing of it is taken on trust."""

from __future__ import annotations

import enum
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST = 400  # characters of an address
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class RobotKind(enum.StrEnum):
    """The chat services."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


# Kind -> the vendor's hosts, and where a robot's address begins there.
VENDORS: dict[RobotKind, tuple[frozenset[str], str]] = {
    RobotKind.WECOM: (frozenset({"qyapi.weixin.qq.com"}), "/cgi-bin/webhook/send"),
    RobotKind.DINGTALK: (frozenset({"oapi.dingtalk.com"}), "/robot/send"),
    RobotKind.FEISHU: (frozenset({"open.feishu.cn", "open.larksuite.com"}), "/open-apis/bot/v2/hook/"),
}


class BadAddress(ValueError):
    """An address that is not asked; the code says why, see `portal.labels`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Place:
    """An address that may be asked: its parts, and how far its name may lead."""

    scheme: str
    host: str
    port: int
    target: str  # path and query
    private: bool  # a private network is fine: the operator named this host
    loopback: bool


def place(kind: RobotKind, address: str, *, hosts: str = "", loopback: bool = False) -> Place:
    """The parts of a robot's address. BadAddress with its code when it may not be asked.

    `hosts` are the operator's own, with commas, `host` or `host:port`; `loopback` lets this machine be asked.
    """
    if len(address) > MOST or not address.isascii() or not address.isprintable() or " " in address:
        raise BadAddress("unreadable")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if not host or parts.username is not None or parts.password is not None or "\\" in address:
        raise BadAddress("unreadable")
    here = loopback and host in LOOPBACK
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise BadAddress("scheme")
    port = port or (443 if parts.scheme == "https" else 80)
    ours = {name.strip().lower() for name in hosts.split(",") if name.strip()}
    listed = f"{host}:{port}" in ours or (host in ours and port == 443)
    vendors, begins = VENDORS[kind]
    if not (here or listed):
        if host not in vendors or port != 443:
            raise BadAddress("host")
        if not parts.path.startswith(begins):
            raise BadAddress("path")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, target, private=listed, loopback=here)


def resolved(where: Place) -> str:
    """The one machine to be asked, by its number. BadAddress when the name leads to any that may not be.

    The connection is made to this very number, so a name that answers differently the second time gains nothing.
    OSError when the name is unknown.
    """
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    numbers = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not numbers or not all(may_be_asked(number, where) for number in numbers):
        raise BadAddress("inside")
    return numbers[0]


def may_be_asked(number: str, where: Place) -> bool:
    """False for this machine, the local network and everything else that is not the internet, unless allowed."""
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(number)
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip  # what such an address leads to in the end
    if ip.is_loopback:
        return where.loopback
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local or ip.is_reserved:
        return False
    return ip.is_global or (where.private and ip.is_private)
