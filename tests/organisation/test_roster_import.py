"""SDM imports a roster: preview, every bad row named, all or nothing, twice changes nothing."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from foundation.models import AuditEvent
from foundation.spreadsheets import write_xlsx
from organisation.exceptions import ImportRefused, OfficerRefused
from organisation.imports.columns import Problem, parse_day
from organisation.imports.officers import import_officers, plan_officers
from organisation.imports.uploads import first_missing
from organisation.models import Officer, Posting, Rank, Role, RosterImport, User
from tests.clock import NOON
from tests.factories.organisation import (
    OfficerFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
HEADER = ["NRP/NIP", "Nama", "Pangkat", "Kode Satuan", "Jabatan", "Fungsi Layanan", "E-mail", "TMT"]


@pytest.fixture
def polres():
    return UnitFactory(code="RES", name="Polres Uji")


@pytest.fixture
def polsek(polres):
    return UnitFactory(code="SEK", name="Polsek Uji", parent=polres)


@pytest.fixture
def sdm(polres):
    officer = OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=polres)
    return officer.user


def row(number="85010001", name="Budi Santoso", rank="Bripka", unit="SEK", post="", functions="", email="", tmt=""):
    return [number, name, rank, unit, post, functions, email, tmt]


def problems(*rows, actor=None, header=HEADER) -> list[Problem]:
    return plan_officers([header, *rows], actor=actor, at=NOON).problems


def apply(*rows, actor=None, header=HEADER):
    return import_officers([header, *rows], actor=actor, at=NOON)


def test_new_officers_arrive_with_login_posting_and_functions(polsek):
    plan = apply(row(name="Budi Santoso, S.H., M.H.", post="Banit", functions="SPKT, skck", tmt="21/03/2025"))

    officer = Officer.objects.get()
    posting = officer.postings.get()
    assert plan.counts["baru"] == 1
    assert (officer.number, officer.name, officer.name_suffix) == ("85010001", "Budi Santoso", "S.H., M.H.")
    assert (officer.user.login, officer.user.has_usable_password()) == ("85010001", False)
    assert (posting.unit, posting.rank.code, posting.post) == (polsek, "bripka", "Banit")
    assert {function.code for function in posting.functions.all()} == {"spkt", "skck"}
    assert posting.valid_from == datetime(2025, 3, 20, 17, tzinfo=UTC)


def test_a_second_run_changes_nothing(polsek):
    rows = [
        row(),
        row(number="85010002", functions="SPKT", post="Banit"),
        row(number="198501012010011001", rank="III/a"),
    ]
    apply(*rows)
    events = AuditEvent.objects.count()

    plan = apply(*rows)

    assert plan.counts["tetap"] == 3
    assert not plan.does_something
    assert AuditEvent.objects.count() == events


def test_each_new_officer_has_an_audit_event(polsek):
    apply(row(), row(number="85010002"))

    assert AuditEvent.objects.filter(verb="officer.created").count() == 2
    assert AuditEvent.objects.filter(verb="roster.imported").count() == 1


def test_a_transfer_closes_the_old_posting_and_opens_the_next(polres, polsek):
    officer = OfficerFactory(number="85010001", name="Budi Santoso", posting__unit=polres)

    plan = apply(row(tmt="01/11/2026"))

    new, old = officer.postings.order_by("-valid_from")
    assert plan.counts["mutasi"] == 1
    assert plan.moved[0].does.startswith("Polres Uji → Polsek Uji")
    assert (new.unit, new.valid_to) == (polsek, None)
    assert old.valid_to == new.valid_from


def test_a_promotion_is_a_change_not_a_transfer(polsek):
    OfficerFactory(number="85010001", name="Budi Santoso", posting__unit=polsek, posting__post="")

    plan = apply(row(rank="Aipda"))

    assert (plan.counts["berubah"], plan.counts["mutasi"]) == (1, 0)
    assert Posting.objects.get(valid_to=None).rank.code == "aipda"


def test_empty_cells_keep_what_is_recorded_and_a_dash_clears_it(polsek):
    officer = OfficerFactory(
        number="85010001",
        name="Budi Santoso",
        name_suffix="S.H.",
        posting__unit=polsek,
        posting__post="Kanit",
        posting__functions=[ServiceFunctionFactory(code="sim")],
    )

    assert apply(row()).counts["tetap"] == 1
    apply(row(post="-", functions="-"))

    posting = officer.postings.get(valid_to=None)
    assert (posting.post, list(posting.functions.all())) == ("", [])
    officer.refresh_from_db()
    assert officer.name_suffix == "S.H."


def test_people_missing_in_the_file_are_listed_and_left_alone(polsek):
    absent = OfficerFactory(posting__unit=polsek)

    plan = apply(row())

    assert [posting.officer for posting in first_missing(plan, 5)] == [absent]
    assert absent.postings.get().valid_to is None


@pytest.mark.both_databases
def test_one_bad_row_stops_the_whole_file(polsek):
    with pytest.raises(ImportRefused) as refusal:
        apply(row(), row(number="1020304"))

    assert refusal.value.problems[0].row == 3
    assert not Officer.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("bad", "column", "sentence"),
    [
        (row(number="1020304"), "NRP/NIP", "Nol di depan hilang"),
        (row(number=""), "NRP/NIP", "kosong"),
        (row(number="8501000A"), "NRP/NIP", "memuat huruf"),
        (row(number="850100012"), "NRP/NIP", "berisi 9 digit"),
        (row(number="1.985010120100110E+17"), "NRP/NIP", "angka ilmiah"),
        (row(name=""), "Nama", "Nama kosong"),
        (row(name="B" * 121), "Nama", "terlalu panjang"),
        (row(rank="Bripkaa"), "Pangkat", "Maksudnya “bripka”"),
        (row(rank=""), "Pangkat", "Pangkat kosong"),
        (row(unit=""), "Kode Satuan", "Satuan kosong"),
        (row(unit="POLSEK-MANA"), "Kode Satuan", "tidak ada dalam wewenang"),
        (row(post="J" * 121), "Jabatan", "terlalu panjang"),
        (row(functions="SAMBAT"), "Fungsi Layanan", "Pilih dari: SPKT"),
        (row(email="budi@"), "E-mail", "tidak lengkap"),
        (row(tmt="31/02/2025"), "TMT", "tidak terbaca"),
        (row(tmt="21/11/2027"), "TMT", "belum tiba"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_with_what_to_do(polsek, bad, column, sentence):
    found = problems(row(number="85010009"), bad)

    assert [(problem.row, problem.column) for problem in found] == [(3, column)]
    assert sentence in found[0].message


def test_every_bad_cell_of_a_row_is_named_at_once(polsek):
    found = problems(row(rank="x", unit="y", tmt="z"))

    assert {problem.column for problem in found} == {"Pangkat", "Kode Satuan", "TMT"}


def test_a_number_twice_in_the_file_names_the_first_row(polsek):
    found = problems(row(), row(number="8501 0001"))

    assert (found[0].row, found[0].message) == (3, "Nomor ini sudah ada di baris 2. Hapus salah satu baris.")


def test_a_transfer_before_the_present_posting_is_refused(polres, polsek):
    OfficerFactory(number="85010001", posting__unit=polres, posting__valid_from=NOON)

    assert "lebih awal" in problems(row(tmt="01/01/2026"))[0].message


def test_a_name_that_two_units_carry_asks_for_the_code(polsek):
    UnitFactory(code="SEK-2", name="Polsek Uji")

    message = problems(row(unit="polsek uji"))[0].message

    assert "SEK" in message
    assert "SEK-2" in message


def test_a_unit_is_found_by_its_unique_name(polsek):
    assert apply(row(unit="POLSEK  UJI")).counts["baru"] == 1


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Brigadir", "brigpol"),
        ("AKBP.", "akbp"),
        ("Kombes", "kombes"),
        ("KOMBES POL.", "kombes"),
        ("Abrip", "abripol"),
        ("Ajun Komisaris Polisi", "akp"),
        ("Penda I", "iii-b"),
        ("PNS III/c", "iii-c"),
        ("PPPK IX", "pppk-ix"),
    ],
)
def test_ranks_are_known_by_their_many_names(polsek, written, code):
    apply(row(rank=written))

    assert Posting.objects.get().rank == Rank.objects.get(code=code)


def test_sdm_reaches_only_the_own_units(polsek, sdm):
    foreign = UnitFactory(code="ASING")

    found = problems(row(unit="ASING"), actor=sdm)
    same = problems(row(unit="TIDAK-ADA"), actor=sdm)

    assert found[0].message.replace(foreign.code, "X") == same[0].message.replace("TIDAK-ADA", "X")


def test_nobody_is_taken_from_a_unit_outside_the_own_scope(polsek, sdm):
    OfficerFactory(number="85010001", posting__unit=UnitFactory())

    assert "di luar wewenang Anda" in problems(row(), actor=sdm)[0].message


def test_who_had_left_comes_back_with_the_same_number_and_an_open_account(polsek, sdm):
    officer = OfficerFactory(
        number="85010001",
        name="Budi Santoso",
        posting__unit=UnitFactory(),
        posting__valid_to=NOON,
        user__is_active=False,
    )

    plan = apply(row(), actor=sdm)

    officer.user.refresh_from_db()
    assert plan.moved[0].does == "masuk kembali di Polsek Uji"
    assert officer.user.is_active


@pytest.fixture
def leaver():
    """Left another Polres on 21 November 2026 at noon."""
    return OfficerFactory(
        number="85010001",
        name="Budi Santoso",
        posting__unit=UnitFactory(),
        posting__valid_to=NOON,
        user__is_active=False,
    )


LATER = NOON + timedelta(days=3)


def test_who_comes_back_with_a_tmt_before_the_day_of_leaving_is_named_with_what_to_do(polsek, leaver):
    (found,) = plan_officers([HEADER, row(tmt="01/11/2026")], actor=None, at=LATER).problems

    assert (found.row, found.column, found.value) == (2, "TMT", "01/11/2026")
    assert (
        found.message == "TMT lebih awal daripada akhir penempatan lama (21/11/2026). Tulis 21/11/2026 atau sesudahnya."
    )


def test_who_comes_back_on_the_day_of_leaving_counts_from_the_moment_the_old_place_ended(polsek, leaver):
    import_officers([HEADER, row(tmt="21/11/2026")], actor=None, at=LATER)

    assert leaver.postings.get(valid_to=None).valid_from == NOON


def test_what_is_refused_while_it_is_carried_out_is_told_and_stores_nothing(office, polsek, monkeypatch):
    def refuses(**_kwargs):
        raise OfficerRefused("Periksa tanggalnya.")

    monkeypatch.setattr("organisation.imports.officers.change_postings", refuses)
    answer = office.post("/sdm/personel/impor/", {"file": roster_file("csv", row())})

    page = office.post(answer.url, follow=True).content.decode()

    assert "Periksa tanggalnya. Tidak ada yang diterapkan." in page
    assert not Officer.objects.filter(number="85010001").exists()
    assert RosterImport.objects.get().applied_at is None


@pytest.mark.parametrize(
    "header",
    [
        ["NRP", "Nama Lengkap", "Pangkat/Gol", "Kesatuan", "Jabatan", "Layanan", "Email", "TMT Jabatan"],
        ["nrp nip", "NAMA PERSONEL", "pkt", "satker", "jab", "fungsi", "surel", "terhitung mulai tanggal"],
    ],
)
def test_columns_are_known_by_their_many_names(polsek, header):
    assert not problems(row(), header=header)


def test_titles_above_the_header_do_not_matter_and_rows_keep_their_numbers(polsek):
    rows = [["DAFTAR PERSONEL POLRES UJI"], [], HEADER, row(number="123")]

    assert plan_officers(rows, actor=None, at=NOON).problems[0].row == 4


def test_a_file_with_one_column_for_each_kind_of_number_is_read(polsek):
    header = ["NRP", "NIP", "Nama", "Pangkat", "Satuan"]

    apply(["85010001", "", "Budi", "Bripka", "SEK"], ["", "198501012010011001", "Sri", "III/a", "SEK"], header=header)

    assert set(Officer.objects.values_list("number_kind", flat=True)) == {"nrp", "nip"}


def test_a_missing_column_is_named(polsek):
    with pytest.raises(ImportRefused, match="Pangkat"):
        plan_officers([["NRP", "Nama", "Satuan"], ["85010001", "Budi", "SEK"]], actor=None, at=NOON)


def test_a_column_twice_is_refused(polsek):
    with pytest.raises(ImportRefused, match="muncul dua kali"):
        plan_officers([["NRP", "Nama", "Nama Lengkap", "Pangkat", "Satuan"], row()], actor=None, at=NOON)


def test_a_name_is_cut_at_its_comma_only_without_a_suffix_column(polsek):
    header = ["NRP", "Nama", "Gelar Belakang", "Pangkat", "Satuan"]

    apply(["85010001", "Budi, S.H.", "", "Bripka", "SEK"], header=header)

    assert Officer.objects.get().name == "Budi, S.H."


@pytest.mark.parametrize(
    "text", ["2026-11-21", "21/11/2026", "21-11-2026", "21.11.2026", "21 November 2026", "21 nov 2026"]
)
def test_dates_are_read_as_people_write_them(text):
    assert parse_day(text).isoformat() == "2026-11-21"


def roster_file(kind: str, *rows) -> SimpleUploadedFile:
    table = [HEADER, *rows]
    if kind == "xlsx":
        content = io.BytesIO()
        write_xlsx(content, table[0], table[1:])
        return SimpleUploadedFile("personel.xlsx", content.getvalue())
    separator, encoding = {"csv": (";", "utf-8-sig"), "comma": (",", "utf-8"), "windows": (";", "windows-1252")}[kind]
    text = "\r\n".join(separator.join(cells) for cells in table)
    return SimpleUploadedFile("personel.csv", text.encode(encoding))


@pytest.fixture
def office(client, sdm, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return sign_in(client, sdm)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "comma", "windows"])
def test_sdm_uploads_sees_the_preview_and_applies_exactly_that_file(office, polsek, kind):
    answer = office.post("/sdm/personel/impor/", {"file": roster_file(kind, row(name="Renée Wamafma"))})
    page = office.get(answer.url).content.decode()
    assert "Renée Wamafma" in page
    assert "Terapkan berkas ini" in page
    assert not Officer.objects.filter(number="85010001").exists()

    office.post(answer.url)

    assert Officer.objects.get(number="85010001").name == "Renée Wamafma"
    upload = RosterImport.objects.get()
    assert (upload.storage_name, upload.counts["baru"]) == ("", 1)
    assert "Sudah diterapkan" in office.get(answer.url).content.decode()


def test_a_bad_file_offers_no_button_and_is_refused_when_posted_anyway(office, polsek):
    answer = office.post("/sdm/personel/impor/", {"file": roster_file("csv", row(number="123"))})

    page = office.get(answer.url).content.decode()
    office.post(answer.url)

    assert "Terapkan berkas ini" not in page
    assert "Nol di depan hilang" in page
    assert not Officer.objects.filter(number="123").exists()
    assert RosterImport.objects.get().applied_at is None


def test_an_unreadable_file_is_refused_in_words(office):
    answer = office.post("/sdm/personel/impor/", {"file": SimpleUploadedFile("foto.xlsx", b"\x89PNG not a table")})

    assert answer.status_code == 200
    assert "Baris judul tidak ditemukan" in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_nobody_sees_the_upload_of_somebody_else(office, polsek, client_of_upper_sdm):
    answer = office.post("/sdm/personel/impor/", {"file": roster_file("csv", row())})

    assert client_of_upper_sdm.get(answer.url).status_code == 404
    assert client_of_upper_sdm.post(answer.url).status_code == 404


@pytest.fixture
def client_of_upper_sdm(polres):
    from django.test import Client

    officer = OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=polres)
    return sign_in(Client(), officer.user)


def test_the_template_can_be_imported_back(office, polsek):
    content = b"".join(office.get("/sdm/personel/impor/templat.xlsx").streaming_content)

    answer = office.post("/sdm/personel/impor/", {"file": SimpleUploadedFile("templat.xlsx", content)})

    page = office.get(answer.url).content.decode()
    assert "KODE-SATUAN" in page
    assert page.count("tidak ada dalam wewenang Anda") == 1


def command(*args) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("import_officers", *args, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_previews_applies_and_refuses(polsek, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(roster_file("csv", row()).read())
    bad.write_bytes(roster_file("csv", row(number="123")).read())

    status, out = command(str(good), "--dry-run", "--json")
    assert (status, json.loads(out)["counts"]["baru"], Officer.objects.count()) == (0, 1, 0)
    assert command(str(good))[0] == 0
    assert Officer.objects.count() == 1

    status, out = command(str(bad), "--json")
    answer = json.loads(out)
    assert (status, answer["applied"], answer["counts"]["bermasalah"]) == (1, False, 1)
    assert answer["problems"][0]["row"] == 2


def test_the_command_says_when_the_file_is_missing(tmp_path):
    status, out = command(str(tmp_path / "tidak-ada.csv"))

    assert (status, "tidak dapat dibuka" in out) == (1, True)


def test_an_import_asks_the_database_a_bounded_number_of_times(polsek, django_assert_max_num_queries):
    rows = [row(number=f"8502{number:04}", functions="SPKT") for number in range(300)]
    RankFactory()

    # Plan: units, ranks, functions, officers, postings, missing; then batches, savepoints and one closing event.
    with django_assert_max_num_queries(60):
        apply(*rows)


def test_sdm_renames_no_administrator_through_a_roster_but_may_list_one(sdm, polsek):
    officer = OfficerFactory(number="85010001", name="Budi", posting__unit=polsek)
    RoleGrantFactory(user=officer.user, role=Role.ADMINISTRATOR, unit=polsek)

    (refused,) = problems(row(name="Orang Lain", post="Banit"), actor=sdm)

    assert "administrator" in refused.message
    assert problems(row(name="Budi", post="Banit"), actor=sdm) == []
