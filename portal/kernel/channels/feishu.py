"""The custom robot of Feishu (飞书): text, signed with time and secret in the body, mentions by the person's id there."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from portal.kernel.channels import Fault, Message, Problem, Sent
from portal.kernel.channels.addresses import RobotKind
from portal.kernel.channels.robots import A_MINUTE, Asked, code_of, refused

MOST_BYTES = 15_000
TOO_FAST = {11232, 99991400}
BUSY = {11233, 1500}


class Feishu:
    kind = RobotKind.FEISHU

    def ask(self, message: Message, secret: str, now: datetime) -> Asked:
        """A text; a mention is a mark in it, made of an id that holds no sign of markup."""
        text, handles = message.text(MOST_BYTES)
        text = text.replace("<", "＜").replace(">", "＞")  # what looks like a mention and is none
        ids = (handle for handle in handles if not handle.isdigit())  # a mobile number says nothing there
        text += "".join(f'\n<at user_id="{handle}"></at>' for handle in ids)
        return Asked({**self._signed(secret, now), "msg_type": "text", "content": {"text": text}})

    @staticmethod
    def _signed(secret: str, now: datetime) -> dict[str, str]:
        if not secret:
            return {}
        stamp = str(int(now.timestamp()))
        digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}

    def understand(self, answer: dict[str, Any]) -> Sent | Problem:
        """0 is taken, also by its older name; 9499 is a damaged message, 190xx a wrong signature, keyword or address."""
        code = code_of(answer, "code", "StatusCode")
        if code == 0:
            return Sent()
        if code in TOO_FAST:
            return Problem(Fault.RATE, str(code), after=A_MINUTE)
        if code in BUSY:
            return Problem(Fault.LATER, f"{code} {answer.get('msg')}")
        return refused(code, answer.get("msg", answer))
