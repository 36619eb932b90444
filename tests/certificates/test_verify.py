"""Anybody with the paper or the file learns whether it is genuine and still stands, and nothing more."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from certificates.identifiers import ALPHABET, check_character
from certificates.models import Certificate
from certificates.views import public
from foundation.models import AuditEvent
from tests.clock import NOON
from tests.factories.certificates import CertificateTemplateFactory, issued
from tests.factories.courses import published_course
from tests.factories.organisation import OfficerFactory, RankFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON + timedelta(hours=1), tick=True):
        yield


def page_of(certificate: Certificate) -> str:
    return f"/verifikasi/{certificate.shown_id}/"


def sent(content: bytes) -> dict:
    return {"berkas": SimpleUploadedFile("sertifikat.pdf", content, content_type="application/pdf")}


def an_unknown_id() -> str:
    return "0123456789ABCDEF" + check_character("0123456789ABCDEF")


def test_the_page_shows_every_printed_fact_except_number_and_grade(client):
    officer = OfficerFactory(name="Yohanis Wamafma", name_suffix="S.H.")
    certificate = issued(officer, rendered=True)

    answer = client.get(page_of(certificate))
    text = answer.content.decode()

    for fact in (
        certificate.number,
        "Yohanis Wamafma, S.H.",
        "Brigadir Polisi Kepala",
        certificate.unit_name,
        "4 JP (180 menit)",
        "21 November 2026",
        "PEJABAT UJI, S.I.K.",
        "KABAG SDM, a.n. KEPALA KEPOLISIAN RESOR UJI",
        "Berlaku",
    ):
        assert escape(fact) in text
    assert certificate.files.get().sha256 in text.replace("<wbr>", "")
    assert officer.number not in text
    # As an element of its own: a group of the hash may begin with the same digits.
    assert not re.search(r">\s*85(,\d+)?\s*<", text)
    assert len(answer.content) < 40_000


def test_the_page_also_shows_the_signers_line_and_the_list_on_the_back_without_grades(client):
    CertificateTemplateFactory(course=None, detail="{jp} JP di Aula Uji", live=True)
    certificate = issued(rendered=True)
    line = {"title": "Menolak gratifikasi", "kind": "quiz", "minutes": 45, "jp": "1.5", "grade": "93"}
    changes = {"via_post": "WAKA", "signer_capacity": "Plh.", "materials": [line]}
    Certificate.objects.filter(pk=certificate.pk).update(**changes)

    text = client.get(page_of(certificate)).content.decode()

    assert "Plh. KABAG SDM, u.b. WAKA, a.n. KEPALA KEPOLISIAN RESOR UJI" in text
    assert "JP di Aula Uji" in text
    assert re.search(r"Menolak gratifikasi</td><td[^>]*>1,5</td>", text)
    assert not re.search(r">\s*93\s*<", text)


def test_the_page_hides_number_and_grade_also_where_a_template_names_them(client):
    CertificateTemplateFactory(course=None, passed="LULUS, {jenis_nomor} {nrp}, dengan nilai {nilai}", live=True)
    certificate = issued()

    text = client.get(page_of(certificate)).content.decode()

    assert "LULUS, NRP …, dengan nilai …" in text
    assert certificate.holder_number not in text


def test_nobody_keeps_the_page(client):
    answer = client.get(page_of(issued()))

    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("typed", ["{}", "{} ", "  {}"])
def test_a_typed_code_leads_to_the_certificate(client, typed):
    certificate = issued()
    code = typed.format(certificate.shown_id.lower().replace("-", " ").replace("0", "o").replace("1", "l"))

    answer = client.get("/verifikasi/", {"kode": code})

    assert answer.headers["Location"] == page_of(certificate)


def test_a_slip_is_told_at_once_and_is_not_counted(client):
    certificate = issued()
    last = certificate.public_id[-1]
    wrong = certificate.public_id[:-1] + ALPHABET[(ALPHABET.index(last) + 1) % 32]

    answer = client.get("/verifikasi/", {"kode": wrong})

    assert "salah ketik" in answer.content.decode()


def test_every_unknown_code_gets_the_same_answer(client):
    unknown = client.get(f"/verifikasi/{an_unknown_id()}/")
    nonsense = client.get("/verifikasi/apa-saja/")

    assert unknown.status_code == nonsense.status_code == 404
    assert unknown.content == nonsense.content


def test_misses_are_limited_per_address_and_hits_never(client, monkeypatch):
    monkeypatch.setattr(public, "MISSES_PER_MINUTE", 3)
    certificate = issued()

    misses = [client.get(f"/verifikasi/{an_unknown_id()}/").status_code for _ in range(5)]
    elsewhere = client.get(f"/verifikasi/{an_unknown_id()}/", REMOTE_ADDR="198.51.100.7").status_code
    hits = {client.get(page_of(certificate)).status_code for _ in range(10)}

    assert misses == [404, 404, 404, 429, 429]
    assert elsewhere == 404
    assert hits == {200}


def test_who_holds_the_paper_may_compare_the_number(client):
    officer = OfficerFactory()
    certificate = issued(officer)

    right = client.post(page_of(certificate) + "nomor/", {"nomor": f" {officer.number[:4]} {officer.number[4:]}"})
    wrong = client.post(page_of(certificate) + "nomor/", {"nomor": "00000000"})

    assert "NRP/NIP itu milik pemegang" in right.content.decode()
    assert "Tidak cocok" in wrong.content.decode()
    assert officer.number not in wrong.content.decode()


def test_numbers_cannot_be_tried_out(client, monkeypatch):
    monkeypatch.setattr(public, "NUMBERS_PER_ADDRESS", 2)
    certificate = issued()

    answers = [client.post(page_of(certificate) + "nomor/", {"nomor": "00000000"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_a_general_without_a_printed_number_is_not_asked_for_one(client):
    certificate = issued(OfficerFactory(posting__rank=RankFactory(code="irjen")))

    assert "Kertasnya ada di tangan Anda?" not in client.get(page_of(certificate)).content.decode()


@pytest.mark.parametrize(("content", "says"), [(b"\x89PNG", "bukan berkas PDF"), (b"%PDF-" + b"x" * 2**21, "2 MB")])
def test_what_is_no_certificate_file_is_refused(client, content, says):
    answer = client.post("/verifikasi/berkas/", sent(content))

    assert says in answer.content.decode()


def test_the_states_say_since_when_and_by_which(client):
    revoked, expired, old, new = (issued(rendered=True) for _ in range(4))
    Certificate.objects.filter(pk=revoked.pk).update(revoked_at=NOON, revoked_reason="rahasia dalam")
    Certificate.objects.filter(pk=expired.pk).update(expires_at=NOON)
    Certificate.objects.filter(pk=new.pk).update(replaces=old)

    texts = {
        name: client.get(page_of(row)).content.decode()
        for name, row in {"revoked": revoked, "expired": expired, "old": old}.items()
    }

    assert "Dicabut sejak 21 November 2026" in texts["revoked"]
    assert "rahasia dalam" not in texts["revoked"]
    assert "berakhir 21 November 2026" in texts["expired"]
    assert f"Diganti oleh sertifikat nomor {new.number}" in texts["old"]
    assert page_of(new) in texts["old"]


def test_a_certificate_not_yet_set_is_not_called_valid(client):
    text = client.get(page_of(issued())).content.decode()

    assert "Sedang dibuat" in text


def test_looking_writes_no_event_about_the_visitor(client):
    certificate = issued(course=published_course())
    before = AuditEvent.objects.count()

    client.get(page_of(certificate))

    assert AuditEvent.objects.count() == before


def test_the_page_costs_few_queries(client, django_assert_max_num_queries):
    certificate = issued(rendered=True)

    # The certificate with unit and successor; its files with their seals; a renewal.
    with django_assert_max_num_queries(3):
        client.get(page_of(certificate))
