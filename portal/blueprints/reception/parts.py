"""The parts of reception: the tabs above its pages, and the links from a visit."""

from __future__ import annotations

from portal.parts import Parts

PARTS = Parts()
