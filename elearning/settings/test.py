"""For the tests: quick hashing, tasks at once, on SQLite or the PostgreSQL of DATABASE_URL."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import BASE_DIR, database, env

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database(BASE_DIR / ".cache" / "test.sqlite3")}
if not env("DATABASE_URL", default=""):
    # A file, so that it can be kept between runs.
    test_database = Path(env("PRESISI_TEST_DB", default=str(BASE_DIR / ".cache" / "tests.sqlite3")))
    test_database.parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(test_database)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "tests.tasks.AtOnce"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
_files = tempfile.TemporaryDirectory(prefix="presisi-test-")
TEST_FILES = Path(_files.name)
STATIC_ROOT = TEST_FILES / "static"
STATIC_ROOT.mkdir()
MEDIA_ROOT = TEST_FILES / "media"
PRIVATE_ROOT = TEST_FILES / "private"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
