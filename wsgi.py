"""What a WSGI server loads: `python -m portal.web --interface wsgi wsgi:app`, `flask --app wsgi …`."""

import gc
import os

from portal import create_app
from portal.config import PRIVATE, BadSetting

os.umask(PRIVATE)
try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(f"The portal cannot start: {error}") from error
# What was loaded stays for good: looking through it again and again for garbage would hold up some answer each time.
# The little garbage among it is not worth the time it takes to find.
gc.freeze()
