"""As in production as far as speed goes: no debugging, cached templates, the second factor asked for."""

import os

from elearning.settings.base import database, sqlite
from elearning.settings.dev import *  # noqa: F403
from elearning.settings.dev import VAR_DIR, env

DEBUG = False
named = env.db("DATABASE_URL")
DATABASES = {"default": sqlite(named["NAME"]) if "sqlite" in named["ENGINE"] else database(VAR_DIR)}
DATABASES["default"]["CONN_MAX_AGE"] = None
STAFF_SECOND_FACTOR_REQUIRED = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
LOGGING = {"version": 1, "disable_existing_loggers": True}
NATION_OFFICERS = int(os.environ["NATION_OFFICERS"])
