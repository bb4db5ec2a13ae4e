"""The company's robots in its chat services, as the general office entered them; addresses and secrets are sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history, reference, sealing
from portal.kernel.channels import Channel
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.channels.dingtalk import DingTalk
from portal.kernel.channels.feishu import Feishu
from portal.kernel.channels.robots import Robot as Way
from portal.kernel.channels.robots import Vendor
from portal.kernel.channels.wecom import WeCom
from portal.kernel.db import Model, UTCDateTime, db, short
from portal.kernel.people import Card

if TYPE_CHECKING:
    from portal.config import Settings

PURPOSE = "robot"
PREFIX = "robot:"
VENDORS: dict[RobotKind, Vendor] = {vendor.kind: vendor for vendor in (WeCom(), DingTalk(), Feishu())}


class ChatRobot(Model):
    """One robot in one group."""

    __tablename__ = "chat_robots"
    history_kind = "robot"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[RobotKind] = mapped_column(short(RobotKind))
    department: Mapped[str] = mapped_column(sa.String(24), default="")  # empty: everybody's
    active: Mapped[bool] = mapped_column(default=True)
    shown: Mapped[str] = mapped_column(sa.String(120))  # what may be seen of the address
    sealed: Mapped[str] = mapped_column(sa.Text)  # JSON: address and secret
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def channel(self) -> str:
        """The name of this way out in the outbox."""
        return f"{PREFIX}{self.id}"


@dataclass(frozen=True)
class Known:
    """A robot as everything but the sending knows it."""

    channel: str
    name: str
    department: str
    active: bool


def every() -> Sequence[ChatRobot]:
    """Every robot, by name."""
    return db.session.scalars(sa.select(ChatRobot).order_by(ChatRobot.name, ChatRobot.id)).all()


def known() -> dict[str, Known]:
    """Every robot by its channel, from the reference data."""
    return reference.kept("robots", _read)


def _read() -> dict[str, Known]:
    columns = (ChatRobot.id, ChatRobot.name, ChatRobot.department, ChatRobot.active)
    rows = db.session.execute(sa.select(*columns).order_by(ChatRobot.id))
    found = (Known(f"{PREFIX}{its_id}", name, code, active) for its_id, name, code, active in rows)
    return {robot.channel: robot for robot in found}


def of_person(card: Card) -> list[str]:
    """The channels of the robots that tell this person: those of the department and those for everybody."""
    return [
        robot.channel
        for robot in known().values()
        if robot.active and robot.department in {"", card.department}
    ]


def add(
    name: str, kind: RobotKind, department: str, address: str, secret: str, *, by: int, now: datetime
) -> ChatRobot:
    """A new robot. Inside a write."""
    robot = ChatRobot(
        name=name,
        kind=kind,
        department=department,
        active=True,
        shown=glimpse(address),
        sealed=_sealed(address, secret),
        created_at=now,
    )
    db.session.add(robot)
    history.record(robot, "robot:create", by=by, now=now, robot=kind.value, words={"name": name})
    reference.changed()
    return robot


def edit(
    robot: ChatRobot, name: str, department: str, address: str, secret: str, *, by: int, now: datetime
) -> None:
    """Other words for it; an empty address and secret leave both as they are. Inside a write."""
    changed = [
        field for field, new in (("name", name), ("department", department)) if getattr(robot, field) != new
    ]
    robot.name, robot.department = name, department
    if address:
        robot.shown, robot.sealed = glimpse(address), _sealed(address, secret)
        changed.append("address")
    if changed:
        history.record(robot, "robot:edit", by=by, now=now, fields=changed)
        reference.changed()


def switch(robot: ChatRobot, *, on: bool, by: int, now: datetime) -> None:
    """Let a robot speak, or not. Inside a write."""
    if robot.active != on:
        robot.active = on
        history.record(robot, "robot:on" if on else "robot:off", by=by, now=now)
        reference.changed()


def remove(robot: ChatRobot, *, by: int, now: datetime) -> None:
    """Forget a robot with its address and secret. Inside a write."""
    history.record(robot, "robot:remove", by=by, now=now, words={"name": robot.name})
    db.session.delete(robot)
    reference.changed()


def glimpse(address: str) -> str:
    """What may be shown of an address: the host and the last four signs, by which its owner knows it again."""
    return f"{urlsplit(address).hostname or ''} …{address[-4:]}"[:120]


def opened(channel: str, settings: Settings) -> tuple[Channel, str] | None:
    """The way to a robot and its address; None when it was switched off or removed. Raises sealing.Unreadable."""
    its_id = channel.removeprefix(PREFIX)
    robot = db.session.get(ChatRobot, int(its_id)) if its_id.isdigit() else None
    if robot is None or not robot.active:
        return None
    return way(robot, settings)


def way(robot: ChatRobot, settings: Settings) -> tuple[Channel, str]:
    """The way to a robot, switched on or not, and its address. Raises sealing.Unreadable."""
    told = json.loads(sealing.unseal(PURPOSE, robot.sealed))
    return Way(settings, VENDORS[robot.kind], told["secret"]), told["address"]


def _sealed(address: str, secret: str) -> str:
    return sealing.seal(PURPOSE, json.dumps({"address": address, "secret": secret}))
