"""What a WSGI server loads: `granian --interface wsgi wsgi:app`, `flask --app wsgi …`."""

from portal import create_app

app = create_app()
