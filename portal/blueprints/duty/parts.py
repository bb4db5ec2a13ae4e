"""The parts of duty: the tabs above its pages."""

from __future__ import annotations

from portal.parts import Parts

PARTS = Parts()
