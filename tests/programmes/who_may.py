"""Programmes are written by the level that owns them; central ones by the administrator."""

from tests.factories.programmes import ActivityFactory, IndicatorFactory
from tests.who_may import Row, everyone

KEEPERS = everyone(403, visitor=302, administrator=200, sdm=200, upper_sdm=200, foreign_sdm=200)
CENTRAL = KEEPERS | {"sdm": 404, "upper_sdm": 404, "foreign_sdm": 404}
OF_THE_POLRES = KEEPERS | {"foreign_sdm": 404}


def _owned(world):
    return ActivityFactory(period__programme__owner=world.polres)


ROWS = [
    Row("program: daftar", url=lambda world: "/sdm/program/", answers=KEEPERS),
    *(
        Row(f"program: tambah {kind}", url=lambda world, kind=kind: f"/sdm/program/{kind}/tambah/", answers=KEEPERS)
        for kind in ("program", "periode", "kegiatan", "indikator")
    ),
    Row(
        "program: ubah dari pusat", url=lambda world: f"/sdm/program/kegiatan/{ActivityFactory().pk}/", answers=CENTRAL
    ),
    Row(
        "program: ubah milik Polres",
        url=lambda world: f"/sdm/program/kegiatan/{_owned(world).pk}/",
        answers=OF_THE_POLRES,
    ),
    Row(
        "program: ubah target milik Polres",
        url=lambda world: f"/sdm/program/indikator/{IndicatorFactory(activity=_owned(world)).pk}/",
        answers=OF_THE_POLRES,
    ),
    Row(
        "program: hapus target milik Polres",
        url=lambda world: f"/sdm/program/indikator/{IndicatorFactory(activity=_owned(world)).pk}/hapus/",
        answers=OF_THE_POLRES,
    ),
    Row(
        "program: hapus kegiatan dari pusat",
        url=lambda world: f"/sdm/program/kegiatan/{ActivityFactory().pk}/hapus/",
        answers=CENTRAL,
    ),
    Row(
        "program: benar-benar hapus kegiatan milik Polres",
        url=lambda world: f"/sdm/program/kegiatan/{_owned(world).pk}/hapus/",
        method="post",
        answers=OF_THE_POLRES | dict.fromkeys(("administrator", "sdm", "upper_sdm"), 302),
    ),
    Row(
        "program: simpan periode pada program Polres",
        url=lambda world: f"/sdm/program/periode/{_owned(world).period_id}/",
        method="post",
        data={"name": ""},
        answers=OF_THE_POLRES,
    ),
]
