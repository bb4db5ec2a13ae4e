"""The second factor: a code of six digits from a person's own device, and recovery codes for when it is lost.

The device's secret is sealed (`sealing`); of recovery codes only digests are kept. Every code counts once, which the
database itself decides: of two who type the same code at the same moment one is let in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history, policies, sealing
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Person, Viewer
from portal.kernel.workflow import Reason

PURPOSE = "second factor"
ROLES = "account.second_factor_roles"  # the figure: who must have one
CLAUSE = "RC-20"  # what customers entrusted to the company is kept safe
STEP = 30  # seconds that a code is shown
DRIFT = (0, -1, 1)  # steps by which a device's clock may be wrong
CODES = 10
PATIENCE = 15 * 60  # seconds for which a key that was shown can be confirmed
SIX_DIGITS = re.compile(r"\d{6}", re.ASCII)
# How signs of a code are misread; the alphabet of base32 has neither of those on the left.
MISREAD = str.maketrans({"0": "o", "1": "l", " ": None, "-": None})


class SecondFactor(Model):
    """A person's device, once a code of it was typed."""

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(400))  # sealed
    last_step: Mapped[int] = mapped_column(sa.BigInteger)  # of the last code that counted
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class RecoveryCode(Model):
    """One recovery code that was not used yet."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)


@dataclass(frozen=True)
class State:
    """What a person has: since when, and how many recovery codes are left."""

    since: datetime
    codes_left: int


@dataclass(frozen=True)
class Used:
    """A code that counted; `codes_left` only when it was a recovery code."""

    codes_left: int | None = None


def new_secret() -> str:
    """A secret for a device, in base32: 160 random bits."""
    return pyotp.random_base32()


def uri(secret: str, username: str, company: str) -> str:
    """What the device reads from the picture (otpauth://totp/…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=company)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The step of time whose code was typed, at most one step from now; None when it fits none of them."""
    code = typed.replace(" ", "")
    if not SIX_DIGITS.fullmatch(code):
        return None
    device, this = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    fits = [this + by for by in DRIFT if hmac.compare_digest(device.generate_otp(this + by), code)]
    return fits[0] if fits else None


def recovery_code() -> str:
    """A recovery code of 120 random bits in six groups, to be written down."""
    plain = base64.b32encode(secrets.token_bytes(15)).decode().lower()
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def digest(code: str) -> str:
    """What is kept of a recovery code. It is random and long, so it needs no slow hash."""
    return hashlib.sha256(code.lower().translate(MISREAD).encode()).hexdigest()


def state_of(person_id: int) -> State | None:
    """What the person has; None without a second factor. One statement."""
    left = sa.select(sa.func.count()).where(RecoveryCode.person_id == SecondFactor.person_id)
    found = db.session.execute(
        sa.select(SecondFactor.since, left.correlate(SecondFactor.__table__).scalar_subquery()).where(
            SecondFactor.person_id == person_id
        )
    ).one_or_none()
    return State(*found) if found else None


def turn_on(person: Person, secret: str, step: int, *, by: int, now: datetime) -> list[str]:
    """Keep the device whose code of `step` was typed; the recovery codes, never to be seen again.

    Inside a write. IntegrityError when another device was faster.
    """
    sealed = sealing.seal(PURPOSE, secret)
    db.session.add(SecondFactor(person_id=person.id, secret=sealed, last_step=step, since=now))
    db.session.flush()
    history.record(person, "person:second_factor_on", by=by, now=now, clause=CLAUSE)
    return _fresh_codes(person.id)


def turn_off(person: Person, *, by: int | None, now: datetime) -> bool:
    """Forget device and recovery codes; False when there was none. Inside a write."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    there = sa.delete(SecondFactor).where(SecondFactor.person_id == person.id)
    if not db.session.execute(there.returning(SecondFactor.person_id)).all():
        return False
    history.record(person, "person:second_factor_off", by=by, now=now, clause=CLAUSE)
    return True


def renew_codes(person: Person, *, by: int, now: datetime) -> list[str]:
    """New recovery codes in place of the old ones. Inside a write."""
    codes = _fresh_codes(person.id)
    history.record(person, "person:recovery_codes", by=by, now=now, clause=CLAUSE)
    return codes


def _fresh_codes(person_id: int) -> list[str]:
    codes = [recovery_code() for _ in range(CODES)]
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.add_all(RecoveryCode(person_id=person_id, digest=digest(code)) for code in codes)
    db.session.flush()
    return codes


def use(person: Person, typed: str, now: datetime) -> Used | None:
    """Take a code of the device or a recovery code; None when it is wrong or was used before. Inside a write."""
    if SIX_DIGITS.fullmatch(typed.replace(" ", "")):
        return _use_device(person.id, typed, now)
    ours = sa.and_(RecoveryCode.person_id == person.id, RecoveryCode.digest == digest(typed))
    gone = db.session.execute(sa.delete(RecoveryCode).where(ours).returning(RecoveryCode.digest)).all()
    if not gone:
        return None
    count = sa.select(sa.func.count()).where(RecoveryCode.person_id == person.id)
    left = db.session.scalar(count) or 0
    history.record(person, "person:recovery_code_used", by=person.id, now=now, clause=CLAUSE, codes_left=left)
    return Used(left)


def _use_device(person_id: int, typed: str, now: datetime) -> Used | None:
    sealed = db.session.scalar(sa.select(SecondFactor.secret).where(SecondFactor.person_id == person_id))
    if sealed is None:
        return None
    try:
        secret = sealing.unseal(PURPOSE, sealed)
    except sealing.Unreadable:
        return None  # the secret key was changed: recovery codes still count
    step = step_of(secret, typed, now)
    if step is None:
        return None
    # Compared and set in one statement: a code that somebody looked at over a shoulder is worth nothing.
    # A step further off than any that counts now was typed before the clock was set back.
    before_then = sa.or_(
        SecondFactor.last_step < step, SecondFactor.last_step > step + max(DRIFT) - min(DRIFT)
    )
    later = sa.and_(SecondFactor.person_id == person_id, before_then)
    moved = sa.update(SecondFactor).where(later).values(last_step=step).returning(SecondFactor.person_id)
    return Used() if db.session.execute(moved).all() else None


def needed_of(now: datetime) -> frozenset[str]:
    """The roles that must have a second factor."""
    try:
        return frozenset(policies.value(ROLES, now).split())
    except KeyError:
        return frozenset()  # a schema that was upgraded a moment ago, before the new figures were loaded


def needed_by(viewer: Viewer, now: datetime) -> bool:
    """True when the general office requires a second factor of the viewer's role."""
    return viewer.role in needed_of(now)


def owed_by(viewer: Viewer, now: datetime) -> bool:
    """True when the viewer must set one up before anything else."""
    return not viewer.second_factor and needed_by(viewer, now)


def against_turning_off(viewer: Viewer, now: datetime) -> list[Reason]:
    """Why the viewer may not do without."""
    return [Reason(CLAUSE, "second_factor_needed")] if needed_by(viewer, now) else []
