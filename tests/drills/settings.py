"""An installation as a drill needs it: tasks wait in the database, and effects that can be caught half-way."""

from elearning.settings.dev import *  # noqa: F403
from elearning.settings.dev import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.drills.slow_effect", "tests.drills.slow_press"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
