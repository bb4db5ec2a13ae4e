"""What is forgotten with a visitor (RC-20): each part that keeps text about visitors adds its eraser."""

from __future__ import annotations

from collections.abc import Callable

# Called inside a write with the visit's id.
ERASERS: list[Callable[[int], None]] = []
