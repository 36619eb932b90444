"""For a developer's machine: starts with nothing set, on the data of ``make demo`` when that was there."""

import os
from pathlib import Path

os.environ.setdefault("PRESISI_VAR", str(Path(__file__).resolve().parents[2] / ".demo"))

from .base import *  # noqa: F403
from .base import env

DEBUG = env.bool("DEBUG", default=True)
# Commands that make or name invented people work only where this is true.
DEMO = True
SECRET_KEY = "dev-only-and-worthless-outside-this-machine"  # noqa: S105
ALLOWED_HOSTS = ["*"]
STAFF_SECOND_FACTOR_REQUIRED = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# One process: due work runs at once, no worker is needed.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
