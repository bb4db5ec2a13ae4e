"""What a user name may look like, wherever one comes from: typed, or as a directory or login service has it; pure."""

from __future__ import annotations

import re

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)
