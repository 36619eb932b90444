"""WSGI entry point (gunicorn elearning.wsgi)."""

import gc
import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.production")

# A thread that comes back from the database asks for its turn to run after 1 ms instead of 5: while it waits it may
# hold the lock that everybody else waits for (decision 0018).
sys.setswitchinterval(0.001)

application = get_wsgi_application()

# All pages are loaded before the first request. What was loaded stays as long as the process: to look through it for
# garbage took 140 ms of every fifth page (decision 0018).
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
