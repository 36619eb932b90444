"""Programmes come from above: the administrator writes them down."""

from tests.factories.programmes import ActivityFactory
from tests.who_may import Row, everyone

ADMINISTRATOR = everyone(403, visitor=302, administrator=200)

ROWS = [
    Row("program: daftar", url=lambda world: "/sdm/program/", answers=ADMINISTRATOR),
    Row("program: tambah", url=lambda world: "/sdm/program/periode/tambah/", answers=ADMINISTRATOR),
    Row("program: ubah", url=lambda world: f"/sdm/program/kegiatan/{ActivityFactory().pk}/", answers=ADMINISTRATOR),
]
