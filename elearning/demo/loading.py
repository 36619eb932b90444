"""Load the demonstration in one go, and say who can sign in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organisation.models import Role, Unit, User
from organisation.services.accounts import grant_role

from . import beyond_courses, certificates, editorial, marking, quick_wins, reminders, reports, transfers
from .bank import build_bank
from .history import History
from .people import KNOWN, NEIGHBOUR, PASSWORD, POLDA, POLRESTA, build_officers, build_units

ADMINISTRATOR = "administrator"
FIRST_FILES = 6
GRANTS = [
    ("head", Role.HEAD, POLRESTA),
    ("sdm", Role.SDM, POLRESTA),
    ("trainer", Role.TRAINER, POLDA),
    ("reviewer", Role.REVIEWER, POLDA),
    ("neighbour sdm", Role.SDM, NEIGHBOUR),
    ("upper sdm", Role.SDM, POLDA),
]
ABOUT = {
    "officer": ("officer", "satu pelatihan lulus, satu sedang berjalan"),
    "new officer": ("officer", "personel baru, belum mulai"),
    "head": ("head", "Kapolresta: halaman satuan di ponsel"),
    "sdm": ("sdm", "Kabag SDM Polresta Contoh"),
    "trainer": ("trainer", "menulis materi dan soal"),
    "reviewer": ("reviewer", "memeriksa isi dan dasar hukum"),
    "administrator": ("administrator", "satuan, peran, akun"),
    "neighbour sdm": ("sdm", "tidak melihat apa pun milik Polresta Contoh"),
    "upper sdm": ("sdm", "melihat kedua Polres"),
}


def is_loaded() -> bool:
    return Unit.objects.filter(code=POLRESTA).exists()


def load(now: datetime | None = None) -> timedelta:
    """Fill the demonstration; return how long it took. All or nothing."""
    began = timezone.now()
    now = now or began
    founded = now - timedelta(days=700)
    with transaction.atomic():
        units = build_units(at=founded)
        people = build_officers(units, at=founded)
        administrator = User.objects.create_user(ADMINISTRATOR, "Administrator Platform", PASSWORD)
        grant_role(
            user=administrator, role=Role.ADMINISTRATOR, unit=units[POLDA], reason="Peragaan", actor=None, at=founded
        )
        for part, role, code in GRANTS:
            grant_role(user=people[part].user, role=role, unit=units[code], reason="Peragaan", actor=None, at=founded)
        certificates.build_letterheads(units, people, at=founded)
        before, current = quick_wins.build_programme(units, today=now.date())
        History(units, people, before, current, now=now).play()
        transfers.move_some(units, people, now=now)
        certificates.correct_one(people, units, now=now)
        certificates.revoke_some(people, units, now=now)
        certificates.set_numbers_aside(people, units, now=now)
        certificates.build_template(people, units)
        editorial.submit_a_change(trainer=people["trainer"].user)
        editorial.let_a_source_fall_due(today=now)
        marking.build(people, now=now)
        build_bank(people, now=now)
        quick_wins.build_reports(units, people, before, current, now=now)
        beyond_courses.build(units, people, now=now)
        reminders.tell(now=now)
        reports.save_some(people, units, now=now)
    certificates.print_first(people, FIRST_FILES)
    quick_wins.print_reports()
    return timezone.now() - began


def accounts() -> list[dict[str, str]]:
    """Who can sign in to the demonstration: role, login, password, unit, and what to look at."""
    units = {unit.code: unit.short_name for unit in Unit.objects.all()}
    rows = [(known.part, known.number, units[known.unit]) for known in KNOWN]
    rows.append(("administrator", ADMINISTRATOR, units[POLDA]))
    order = list(ABOUT)
    return [
        {
            "role": ABOUT[part][0],
            "login": login,
            "password": PASSWORD,
            "unit": unit,
            "about": ABOUT[part][1],
        }
        for part, login, unit in sorted(rows, key=lambda row: order.index(row[0]))
    ]
