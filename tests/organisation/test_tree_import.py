"""SDM imports the tree of units with the same two steps."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from organisation.exceptions import ImportRefused
from organisation.imports.units import import_units, plan_units
from organisation.models import Role, Unit
from tests.clock import NOON
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
HEADER = ["Kode", "Nama", "Tingkat", "Induk", "Zona"]
TREE = [
    HEADER,
    ["SEK-1", "Polsek Satu", "Polsek", "RES", ""],
    ["RES", "Polres Uji", "Polres", "DA", "WIT"],
    ["DA", "Polda Uji", "Polda", "", "WIT"],
]


@pytest.fixture
def polres():
    return UnitFactory(code="RES", name="Polres Uji", zone="Asia/Jayapura")


@pytest.fixture
def sdm(polres):
    officer = OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=polres)
    return officer.user


def test_rows_may_stand_in_any_order():
    import_units(TREE, actor=None, at=NOON)

    polda, polres, polsek = Unit.objects.order_by("path")
    assert (polda.code, polres.code, polsek.code) == ("DA", "RES", "SEK-1")
    assert polda.contains(polsek)
    assert polsek.zone == "Asia/Jayapura"


def test_a_second_run_changes_nothing():
    import_units(TREE, actor=None, at=NOON)

    plan = import_units(TREE, actor=None, at=NOON)

    assert plan.counts["tetap"] == 3
    assert not plan.does_something


def test_a_new_parent_is_a_move_and_a_new_name_a_change(polres):
    polsek = UnitFactory(code="SEK-1", name="Polsek Lama", parent=polres, level=4)
    other = UnitFactory(code="RES-2", level=3)

    plan = import_units([HEADER, ["SEK-1", "Polsek Baru", "Polsek", "RES-2", ""]], actor=None, at=NOON)

    polsek.refresh_from_db()
    assert plan.counts["dipindah"] == 1
    assert (polsek.name, polsek.parent) == ("Polsek Baru", other)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (["", "Tanpa Kode", "Polsek", "RES", ""], "Kode kosong"),
        (["X", "", "Polsek", "RES", ""], "Nama kosong"),
        (["X", "Nama", "Kecamatan", "RES", ""], "tidak dikenal"),
        (["X", "Nama", "Polsek", "MANA", ""], "tidak ada dalam berkas"),
        (["X", "Nama", "Polsek", "RES", "GMT"], "WIB, WITA, atau WIT"),
        (["X" * 31, "Nama", "Polsek", "RES", ""], "Terlalu panjang"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(polres, bad, sentence):
    plan = plan_units([HEADER, bad], actor=None, at=NOON)

    assert plan.problems[0].row == 2
    assert sentence in plan.problems[0].message


def test_a_circle_of_parents_is_refused():
    rows = [HEADER, ["A", "A", "Polsek", "B", ""], ["B", "B", "Polsek", "A", ""]]

    assert "berputar" in plan_units(rows, actor=None, at=NOON).problems[0].message


def test_a_unit_hung_below_its_own_child_is_refused_and_nothing_is_written(polres):
    UnitFactory(code="SEK-1", parent=polres, level=4)

    with pytest.raises(ImportRefused):
        import_units(
            [HEADER, ["NEW", "Baru", "Polsek", "RES", ""], ["RES", "Polres Uji", "Polres", "SEK-1", ""]],
            actor=None,
            at=NOON,
        )

    assert not Unit.objects.filter(code="NEW").exists()


def test_sdm_adds_below_the_own_units_only(polres, sdm):
    foreign = UnitFactory(code="ASING")
    rows = [HEADER, ["A", "A", "Polsek", "RES", ""], ["B", "B", "Polsek", "ASING", ""], ["C", "C", "Polda", "", ""]]

    plan = plan_units(rows, actor=sdm, at=NOON)

    assert [problem.row for problem in plan.problems] == [3, 4]
    assert foreign not in plan.missing


def test_units_missing_in_the_file_are_listed_and_stay_open(polres, sdm):
    absent = UnitFactory(parent=polres)

    plan = import_units([HEADER, ["A", "A", "Polsek", "RES", ""]], actor=sdm, at=NOON)

    assert set(plan.missing) == {polres, absent}
    absent.refresh_from_db()
    assert absent.active_to is None


def test_the_page_previews_and_applies(client, sdm, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, sdm)
    content = "\r\n".join(";".join(row) for row in [HEADER, ["SEK-9", "Polsek Sembilan", "Polsek", "RES", ""]])

    answer = client.post("/sdm/satuan/impor/", {"file": SimpleUploadedFile("satuan.csv", content.encode())})
    assert "Polsek Sembilan" in client.get(answer.url).content.decode()
    client.post(answer.url)

    assert Unit.objects.get(code="SEK-9").parent.code == "RES"


def test_the_command_imports_the_tree(tmp_path):
    file = tmp_path / "satuan.csv"
    file.write_text("\r\n".join(";".join(row) for row in TREE))

    call_command("import_units", str(file), stdout=io.StringIO())

    assert Unit.objects.count() == 3
