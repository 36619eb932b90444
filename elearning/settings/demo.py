"""For make demo: one machine, invented people, one documented password, always its own SQLite file."""

from .dev import *  # noqa: F403
from .dev import VAR_DIR, sqlite

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": sqlite(VAR_DIR / "db.sqlite3")}
# Static files straight from their apps: nothing is collected for a demonstration.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# make demo runs a worker beside the web server, as an installation does.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
DEMO = True
# load_demo makes the key.
SEAL_SIGNER = "local"
