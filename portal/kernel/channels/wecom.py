"""The group robot of WeCom (企业微信): text of 2,048 bytes, no signature, mentions by account or by mobile number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.kernel.channels import Fault, Message, Problem, Sent
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.channels.robots import A_MINUTE, Asked, code_of, refused

MOST_BYTES = 2048
TOO_FAST = 45009
BUSY = {-1, 6000}  # the system is busy, two writes met


class WeCom:
    kind = RobotKind.WECOM

    def ask(self, message: Message, secret: str, now: datetime) -> Asked:
        """A text; its address alone is the secret."""
        text, handles = message.text(MOST_BYTES)
        content: dict[str, Any] = {"content": text}
        if mobiles := [handle for handle in handles if handle.isdigit()]:
            content["mentioned_mobile_list"] = mobiles
        if accounts := [handle for handle in handles if not handle.isdigit()]:
            content["mentioned_list"] = accounts
        return Asked({"msgtype": "text", "text": content})

    def understand(self, answer: dict[str, Any]) -> Sent | Problem:
        """0 is taken, 45009 too many a minute; else the number says what is wrong with robot or message."""
        code = code_of(answer, "errcode")
        if code == 0:
            return Sent()
        if code == TOO_FAST:
            return Problem(Fault.RATE, str(code), after=A_MINUTE)
        if code in BUSY:
            return Problem(Fault.LATER, f"{code} {answer.get('errmsg')}")
        return refused(code, answer.get("errmsg", answer))
