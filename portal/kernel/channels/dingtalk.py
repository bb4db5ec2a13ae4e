"""The group robot of DingTalk (钉钉): text, signed with time and secret in the query, mentions by mobile number."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from portal.kernel.channels import Fault, Message, Problem, Sent
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.channels.robots import Asked, code_of, refused

MOST_BYTES = 15_000
TOO_FAST = {130101, 90018, 90030}
SHUT_OUT = timedelta(minutes=10)  # for so long a robot that was too fast is not heard
BUSY = {-1}


class DingTalk:
    kind = RobotKind.DINGTALK

    def ask(self, message: Message, secret: str, now: datetime) -> Asked:
        """A text; who is mentioned must stand in it as well."""
        text, handles = message.text(MOST_BYTES)
        mobiles = [handle for handle in handles if handle.isdigit()]
        accounts = [handle for handle in handles if not handle.isdigit()]
        if handles:
            text += "\n" + " ".join(f"@{handle}" for handle in handles)
        at = {"atMobiles": mobiles, "atUserIds": accounts, "isAtAll": False}
        return Asked({"msgtype": "text", "text": {"content": text}, "at": at}, self._signed(secret, now))

    @staticmethod
    def _signed(secret: str, now: datetime) -> str:
        if not secret:
            return ""
        stamp = str(round(now.timestamp() * 1000))
        digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        return urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})

    def understand(self, answer: dict[str, Any]) -> Sent | Problem:
        """0 is taken; too fast shuts the robot out for ten minutes."""
        code = code_of(answer, "errcode")
        if code == 0:
            return Sent()
        if code in TOO_FAST:
            return Problem(Fault.RATE, str(code), after=SHUT_OUT)
        if code in BUSY:
            return Problem(Fault.LATER, f"{code} {answer.get('errmsg')}")
        return refused(code, answer.get("errmsg", answer))
