"""What people read of the check; its words stand in its templates."""

from __future__ import annotations
