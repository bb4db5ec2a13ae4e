"""The codes of what is looked at; known to rules, tables and labels alike."""

from __future__ import annotations

import enum


class Tone(enum.StrEnum):
    GOOD = "good"
    LOOK = "look"  # somebody should look at it these days
    BAD = "bad"  # something does not work, or will not before long


class Check(enum.StrEnum):
    DATABASE = "database"
    WORKERS = "workers"
    PASSES = "passes"
    QUEUE = "queue"
    JOBS = "jobs"
    OUTBOX = "outbox"
    DISK = "disk"
    BACKUP = "backup"
    HISTORY = "history"
    HOLIDAYS = "holidays"
    CERTIFICATES = "certificates"
    ADDRESS = "address"
