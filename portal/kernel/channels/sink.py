"""The dry run: everything is decided as it would be, and nothing leaves the house."""

from __future__ import annotations

import logging
from datetime import datetime

from portal.kernel.channels import Message, Problem, Sent

log = logging.getLogger(__name__)


class Sink:
    """Writes to the log where the message would have gone; what it says stands in the outbox."""

    def send(self, to: str, message: Message, now: datetime) -> Sent | Problem:
        log.info("dry run: %s with %s to %s", message.id, len(message.items), to or "a robot")
        return Sent()
