"""The codes of an emergency and of its playbooks; pure."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    FIRE = "fire"
    ROBBERY = "robbery"
    TYPHOON = "typhoon"
    EARTHQUAKE = "earthquake"
    ILLNESS = "illness"


class Level(StrEnum):
    """DR-16: whom it calls."""

    ONE = "1"  # everyone on duty
    TWO = "2"  # the departments concerned


class State(StrEnum):
    DECLARED = "declared"
    ENDED = "ended"
    FALSE_ALARM = "false_alarm"
    REPORTED = "reported"


class Hands(StrEnum):
    """Who does a step of a playbook."""

    EVERYONE = "everyone"
    FINDER = "finder"
    GUARD = "guard"
    DESK = "desk"
    LEADER = "leader"
    HEADS = "heads"
    OFFICE = "office"


class Answer(StrEnum):
    """What the roll-call knows of somebody."""

    SAFE = "safe"
    AWAY = "away"
    MISSING = "missing"


class Service(StrEnum):
    """Whom to call outside, by number."""

    FIRE_BRIGADE = "119"
    POLICE = "110"
    AMBULANCE = "120"
    NONE = "none"
