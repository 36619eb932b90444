"""Settings: production refuses to start half-equipped, and what is documented is what is read."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.utils.module_loading import import_string

from elearning.settings import base

ROOT = Path(__file__).resolve().parent.parent
EQUIPPED = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "belajar.example",
    "SITE_URL": "https://belajar.example",
}


def _production(**environment: str) -> subprocess.CompletedProcess:
    # Every name is set, if to nothing: a .env on this machine must not help.
    return subprocess.run(
        [sys.executable, "-c", "import elearning.settings.production"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **EQUIPPED, **environment},
        capture_output=True,
        text=True,
    )


def test_production_starts_when_nothing_is_missing():
    assert _production().returncode == 0


@pytest.mark.parametrize("name", EQUIPPED)
def test_production_refuses_to_start_without_a_setting_and_names_it(name):
    start = _production(**{name: ""})

    assert start.returncode != 0
    assert f"Variabel lingkungan {name} belum diisi." in start.stderr


def test_production_refuses_an_address_without_tls():
    start = _production(SITE_URL="http://belajar.example")

    assert "SITE_URL harus diawali https://" in start.stderr


def test_every_variable_that_settings_read_is_documented_and_no_other():
    sources = "".join(path.read_text() for path in (ROOT / "elearning" / "settings").glob("*.py"))
    read = set(re.findall(r"\b(?:env(?:\.\w+)?|required)\(\s*\"([A-Z_]+)\"", sources))

    documented = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    tests_only = {"PRESISI_TEST_DB", "DEBUG"}
    assert documented - {"DJANGO_SETTINGS_MODULE"} == read - tests_only


def test_a_deployment_without_the_second_factor_of_staff_fails_its_check(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False

    found = {message.id for message in run_checks(include_deployment_checks=True)}

    assert "elearning.E001" in found


def test_password_hashing_costs_what_two_cores_can_pay():
    hasher = import_string(base.PASSWORD_HASHERS[0])()

    assert hasher.algorithm == "argon2"
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (19 * 1024, 2, 1)


def test_sqlite_is_opened_for_safety_and_for_many_writers(db):
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        values = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    assert connection.transaction_mode == "IMMEDIATE"
