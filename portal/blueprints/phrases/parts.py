"""The parts of the phrases: the tabs above their pages."""

from __future__ import annotations

from portal.parts import Parts

PARTS = Parts()
