"""What every test may ask for. The database survives between runs until a migration changes."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections
from django.test import TransactionTestCase

from foundation import triggers
from tests.clock import NOON

pytest_plugins = ["tests.browser"]
# Wall time is no property of the code: a busy machine must not turn a test red.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="Only tests that touch the database.")


def pytest_collection_modifyitems(config, items):
    """Leave out what is about the other database: it is run there, so nothing is skipped."""
    stays = [item for item in items if _runs_here(item, database_only=config.getoption("--database-only"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(stays)])
    items[:] = stays


def _runs_here(item, *, database_only: bool) -> bool:
    only = item.get_closest_marker("only_on")
    if only and only.args[0] not in settings.DATABASES["default"]["ENGINE"]:
        return False
    touching = {"db", "transactional_db", "live_server"}
    return not database_only or bool(touching & set(item.fixturenames) or item.get_closest_marker("django_db"))


@pytest.fixture
def together():
    """Run the acts at the same moment, each on a connection of its own; return what each gave or raised."""

    def run(*acts):
        barrier = Barrier(len(acts))

        def one(act):
            try:
                barrier.wait()
                return act()
            except Exception as error:  # the test looks at what was raised
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run


@pytest.fixture
def noon():
    """Saturday, 21 November 2026, 12.00 WIB."""
    return NOON


def _schema_stamp() -> Path:
    name = connection.creation._get_test_db_name()
    key = hashlib.sha256(f"{connection.vendor} {settings.DATABASES['default'].get('HOST')} {name}".encode())
    return settings.BASE_DIR / ".cache" / "schema" / key.hexdigest()[:16]


def _migrations() -> dict[str, str]:
    files = [*settings.BASE_DIR.glob("*/migrations/*.py"), settings.BASE_DIR / "requirements.txt"]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="session")
def django_db_createdb(request, django_db_modify_db_settings) -> bool:
    """Make the test database anew when an applied migration changed or the last run was cut off in the middle."""
    stamp = _schema_stamp()
    applied = json.loads(stamp.read_text()) if stamp.exists() else {"no stamp": ""}
    stamp.unlink(missing_ok=True)
    return request.config.getvalue("create_db") or not applied.items() <= _migrations().items()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, request):
    """Remember the rows that migrations made, so that they come back after each flush."""
    global _migrated_rows
    with django_db_blocker.unblock():
        _migrated_rows = connection.creation.serialize_db_to_string()
    yield
    stamp = _schema_stamp()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(_migrations()))


_migrated_rows = "[]"


def _flush_to_migrated_rows(self) -> None:
    """End a transactional test with the database as the migrations left it, its seeded rows included.

    Append-only tables refuse the flush, so their triggers are lifted around it.
    """
    with triggers.lifted(connection):
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    connection.creation.deserialize_db_from_string(_migrated_rows)
    # The rows came back with their ids; PostgreSQL's sequences must go on behind them.
    models = apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    # While the rows came back, content types were asked for that did not exist yet: forget those answers.
    ContentType.objects.clear_cache()


TransactionTestCase._fixture_teardown = _flush_to_migrated_rows
