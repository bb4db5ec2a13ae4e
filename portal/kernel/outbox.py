"""What must leave the house: a row written with the change, delivered by the worker, tried again, never lost."""

from __future__ import annotations

import enum
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import company_calendar
from portal.kernel.db import Model, UTCDateTime, db, short

BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
LEASE = timedelta(minutes=5)


class Fate(enum.StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # every try failed; shown to the general office


class Delivery(Model):
    """One notice on its way to one address outside."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        sa.Index("ix_deliveries_next", "fate", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notices.id"))
    channel: Mapped[str] = mapped_column(sa.String(16))
    to: Mapped[str] = mapped_column("recipient", sa.String(160))
    fate: Mapped[Fate] = mapped_column(short(Fate), default=Fate.WAITING)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(sa.String(400), default="")


def queue(notice_id: int, email: str, *, urgent: bool, now: datetime) -> None:
    """Plan the mail of a notice, for working hours unless urgent; nothing when there is no mail server or address."""
    if not email or not current_app.config["SETTINGS"].mail_server:
        return
    at = now if urgent else company_calendar.current().next_open(now)
    db.session.add(Delivery(notice_id=notice_id, channel="mail", to=email, next_at=at))


def deliver(now: datetime, compose: Callable[[int], tuple[str, str]], most: int = 200) -> Iterator[str]:
    """Send what is due; `compose` gives subject and body of a notice. Yields a line for each try.

    A delivery is leased before it is sent and marked after, each in a write of its own: nothing is sent inside a
    transaction, and a worker killed in between leaves a lease that runs out, so the message goes out again.
    """
    due_now = sa.select(Delivery.id).where(Delivery.fate == Fate.WAITING, Delivery.next_at <= now)
    for delivery_id in list(db.session.scalars(due_now.order_by(Delivery.next_at).limit(most))):
        with db.write():
            took = db.session.execute(
                sa.update(Delivery)
                .where(Delivery.id == delivery_id, Delivery.fate == Fate.WAITING, Delivery.next_at <= now)
                .values(next_at=now + LEASE, tries=Delivery.tries + 1)
                .returning(Delivery.notice_id, Delivery.to, Delivery.tries)
            ).one_or_none()
        if took is None:
            continue
        problem = _send(took.to, *compose(took.notice_id))
        with db.write():
            row = db.session.get_one(Delivery, delivery_id)
            row.problem = problem
            if not problem:
                row.fate = Fate.SENT
            elif took.tries > len(BACK_OFF):
                row.fate = Fate.DEAD
            else:
                row.next_at = now + BACK_OFF[took.tries - 1]
            fate = row.fate
        yield f"mail to {took.to}: {fate}{f' ({problem})' if problem else ''}"


def _send(to: str, subject: str, body: str) -> str:
    """Hand one mail to the server; the problem in words, or an empty text."""
    settings = current_app.config["SETTINGS"]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.mail_from, to, subject
    mail.set_content(body)
    host, _, port = settings.mail_server.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=20) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:400]
    return ""
