"""What DR-13 says of equipment; pure."""

from __future__ import annotations


def contingency_lacks(important: bool, contingency: str) -> bool:
    """DR-13: important equipment has a contingency plan."""
    return important and not contingency.strip()
