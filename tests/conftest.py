"""What every test may ask for. The database survives between runs until a migration changes."""

import fcntl
import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from foundation.kept import Kept
from tests.clock import NOON
from tests.examples import examples
from tests.tasks import AtOnce
from tests.template import Template

pytest_plugins = ["tests.browser"]
LONGEST = {"elearning", "journeys", "drills"}
# Wall time is no property of the code: a busy machine must not turn a test red.
hypothesis.settings.register_profile("house", max_examples=examples(40), deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_addoption(parser):
    parser.addoption(
        "--shared",
        action="store_true",
        help="The other database is tested at the same time: what depends on neither is told on one of them.",
    )


def pytest_collection_finish(session):
    """What is loaded by now stays: the collector need not look at it again, nor as often (a fifth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def pytest_collection_modifyitems(config, items):
    """Leave out what the session on the other database runs: it is run there, so nothing is skipped."""
    stays = [item for item in items if _runs_here(item, shared=config.getoption("--shared"))]
    kept = set(stays)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    # The longest stories first: at the end no worker waits for one of them alone.
    items[:] = sorted(stays, key=lambda item: not LONGEST & set(item.path.parts))


def _runs_here(item, *, shared: bool) -> bool:
    """Told on both databases: what services and figures ask of them, triggers, and every race.

    Told on SQLite alone (``once_on``): words, forms, files, PDF, mail, what an author does; on PostgreSQL alone: every
    address for every role (test_who_may), so each page is opened there too. A test in such a file that is the only one
    to send certain statements is marked ``both_databases``.
    """
    only, once = item.get_closest_marker("only_on"), item.get_closest_marker("once_on")
    if only and only.args[0] != connection.vendor:
        return False
    if not shared or item.get_closest_marker("both_databases"):
        return True
    if once:
        return once.args[0] == connection.vendor
    if connection.vendor == "sqlite":
        return True
    touches = (
        {"db", "transactional_db"} & set(item.fixturenames)
        or item.get_closest_marker("django_db")
        or issubclass(item.cls or object, TransactionTestCase)
    )
    return bool(touches) and not item.get_closest_marker("browser")


@pytest.fixture(autouse=True)
def indexes(request, monkeypatch):
    """Search and where-used of the CMS follow what is saved only in a test marked ``indexed``."""
    monkeypatch.setattr(AtOnce, "keeps_index", request.node.get_closest_marker("indexed") is not None)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """A database that is put back gives out the same ids for other rows."""
    Kept.forget_all()


@pytest.fixture(scope="module")
def for_the_module(django_db_setup, django_db_blocker):
    """What is written under it stays for the module's tests, each of which puts back what it changed itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


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


# --- the test database: migrated once, copied for every worker, put back after each test that commits ----------


_template: Template | None = None


@pytest.fixture(scope="session")
def django_db_createdb(request, django_db_modify_db_settings, django_db_blocker) -> bool:
    """Whether this worker migrates a new database: the first one does, the others wait for it and copy."""
    global _template
    _template = Template()
    fcntl.flock(_template.lock, fcntl.LOCK_EX)
    if request.config.getvalue("create_db") and not hasattr(request.config, "workerinput"):
        return True
    if not _template.is_current():
        return True
    with django_db_blocker.unblock():
        _template.copy()
    fcntl.flock(_template.lock, fcntl.LOCK_UN)
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_createdb, django_db_blocker) -> None:
    """Let the other workers copy what this one has migrated."""
    if django_db_createdb:
        with django_db_blocker.unblock():
            _template.make()
        fcntl.flock(_template.lock, fcntl.LOCK_UN)


def _back_to_migrated_rows(self) -> None:
    """End a transactional test with the database as the migrations left it, its seeded rows included."""
    _template.put_back()
    # While the rows came back, content types were asked for that did not exist yet: forget those answers.
    ContentType.objects.clear_cache()


TransactionTestCase._fixture_teardown = _back_to_migrated_rows
