"""What a WSGI server loads: `granian --interface wsgi wsgi:app`, `flask --app wsgi …`."""

import gc

from portal import create_app

app = create_app()
# What was loaded stays for good: looking through it again and again for garbage would hold up some answer each time.
gc.collect()
gc.freeze()
