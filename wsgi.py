"""app: what a WSGI server and `flask --app wsgi` load."""

from portal import create_app
from portal.config import BadSetting

try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(f"The portal cannot start: {error}") from error
