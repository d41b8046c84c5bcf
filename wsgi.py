"""What a WSGI server loads: `gunicorn wsgi:app`."""

from diary.app import create_app

app = create_app()
