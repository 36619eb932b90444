"""For make demo: one machine, invented people, one documented password."""

from .dev import *  # noqa: F403
from .dev import VAR_DIR, database

DEBUG = False
DEMO = True
DEMO_DIR = VAR_DIR.parent / ".demo"
DATABASES = {"default": database(DEMO_DIR / "db.sqlite3")}
MEDIA_ROOT = DEMO_DIR / "media"
PRIVATE_ROOT = DEMO_DIR / "private"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT  # noqa: F405
