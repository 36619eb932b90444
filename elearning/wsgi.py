"""WSGI entry point (gunicorn elearning.wsgi)."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.production")

# A thread that comes back from the database asks for its turn to run after 1 ms instead of 5: while it waits it may
# hold the lock that everybody else waits for (decision 0018).
sys.setswitchinterval(0.001)

application = get_wsgi_application()
