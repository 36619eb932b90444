"""Content files become pages; what people wrote in the CMS is never overwritten."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import Course, CoursePage, LegalSource, LessonPage, Tariff

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

SOURCES = """
- code: uu-25-2009
  title: "UU 25/2009 tentang Pelayanan Publik"
  short: "UU 25/2009"
  status: berlaku
  checked_on: 2026-11-03
  review_by: 2027-05-03
  note: ""
"""
TARIFFS = """
- code: skck
  service: SKCK
  name: "Penerbitan SKCK"
  amount: 30000
  payee: PNBP
  legal_source: uu-25-2009
  checked_on: 2026-11-03
  note: ""
"""
COURSE = """
code: C1
slug: etika
title: "Etika"
summary: "Ringkasan."
audience: "Personel loket"
objectives: ["Menyapa dengan sopan."]
jp: "1"
minutes: 45
validity_months: 24
self_enrolment: true
items:
  - lessons/01.yaml
  - lessons/02.yaml
"""
LESSON = """
slug: menyapa
title: "Menyapa"
summary: "Kalimat pertama."
minutes: 20
required: true
legal_sources: [uu-25-2009]
body:
  - heading: "Kalimat pertama"
  - text: |
      Sapa **dahulu**. <script>alert(1)</script>
  - callout: {kind: hukum, title: "Dasar", text: "Pasal 4.", source: uu-25-2009}
  - steps: {title: "Langkah", items: ["Tatap.", "Sapa."]}
  - table: {caption: "Asas", header: ["Asas", "Tanda"], rows: [["Cepat", "Tidak menunda"]]}
  - case:
      title: "Pemohon marah"
      setting: "SPKT, 23.00"
      situation: "Ia menunggu lama."
      quote: "Saya sudah dua jam di sini."
      choices:
        - {text: "Diam.", consequence: "Ia bertambah marah.", quality: poor}
        - {text: "Minta maaf dan jelaskan.", consequence: "Ia tenang.", quality: best}
  - quick_check:
      question: "Apa yang pertama?"
      options:
        - {text: "Sapa", correct: true, feedback: "Tepat."}
        - {text: "Ketik", correct: false, feedback: "Belum."}
      explanation: "Sapaan membuka telinga."
  - tariff: {codes: [skck]}
"""


@pytest.fixture
def content(tmp_path) -> Path:
    (tmp_path / "C1" / "lessons").mkdir(parents=True)
    (tmp_path / "legal_sources.yaml").write_text(SOURCES)
    (tmp_path / "tariffs.yaml").write_text(TARIFFS)
    (tmp_path / "C1" / "course.yaml").write_text(COURSE)
    (tmp_path / "C1" / "lessons" / "01.yaml").write_text(LESSON)
    (tmp_path / "C1" / "lessons" / "02.yaml").write_text(
        LESSON.replace("menyapa", "mendengar").replace("Menyapa", "Mendengar")
    )
    return tmp_path


def load(directory: Path) -> str:
    out = StringIO()
    call_command("load_courses", directory, stdout=out)
    return out.getvalue()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_files_become_a_published_course(content):
    load(content)

    course = Course.objects.published().get()
    assert [item.title for item in course.current_version.version_items.all()] == ["Menyapa", "Mendengar"]
    assert course.versions.count() == 1
    assert LessonPage.objects.first().url == "/pelatihan/etika/menyapa/"
    assert [source.code for source in LessonPage.objects.first().legal_sources] == ["uu-25-2009"]


def test_a_file_may_say_a_calendar_cycle_and_a_window(content):
    edit(content / "C1" / "course.yaml", "validity_months: 24", "cycle_ends_on: 2026-12-31\nrenewal_days: 90")

    load(content)

    version = Course.objects.get().version
    assert version.validity_words == "sampai 31 Desember tiap tahun"
    assert (version.validity_months, version.renewal_days) == (0, 90)


def test_no_block_loses_its_words_on_the_way_through_the_database(content):
    load(content)

    body = {block.block_type: block.value for block in LessonPage.objects.get(slug="menyapa").body}

    assert body["text"].source == "<p>Sapa <strong>dahulu</strong>. &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert [item.source for item in body["steps"]["items"]] == ["<p>Tatap.</p>", "<p>Sapa.</p>"]
    assert [choice["quality"] for choice in body["case"]["choices"]] == ["poor", "best"]
    assert [option["correct"] for option in body["quick_check"]["options"]] == [True, False]
    assert list(body["tariff"]["tariffs"]) == [Tariff.objects.get()]
    assert all(item.id for item in body["case"]["choices"].bound_blocks)


def test_loading_again_changes_nothing(content):
    load(content)
    revisions = LessonPage.objects.first().revisions.count()

    said = load(content)

    assert said.strip() == "Selesai: 5 tetap."
    assert LessonPage.objects.first().revisions.count() == revisions


def test_a_changed_file_becomes_a_published_revision(content):
    load(content)
    edit(content / "C1" / "lessons" / "01.yaml", "Kalimat pertama.", "Tiga detik pertama.")

    said = load(content)

    assert "diperbarui     C1/lessons/01.yaml: Menyapa" in said
    lesson = LessonPage.objects.get(slug="menyapa")
    assert (lesson.summary, lesson.live, lesson.revisions.count()) == ("Tiga detik pertama.", True, 2)


def test_a_page_edited_in_the_cms_is_not_touched(content):
    load(content)
    lesson = LessonPage.objects.get(slug="menyapa")
    lesson.summary = "Ditulis di CMS."
    lesson.save_revision().publish()
    edit(content / "C1" / "lessons" / "01.yaml", "Kalimat pertama.", "Tiga detik pertama.")

    said = load(content)

    assert "tidak disentuh C1/lessons/01.yaml: Menyapa. Halaman ini sudah disunting" in said
    assert LessonPage.objects.get(slug="menyapa").summary == "Ditulis di CMS."


def test_a_page_withdrawn_in_the_cms_gets_a_draft_and_stays_withdrawn(content):
    load(content)
    LessonPage.objects.get(slug="menyapa").unpublish()
    edit(content / "C1" / "lessons" / "01.yaml", "Kalimat pertama.", "Tiga detik pertama.")

    said = load(content)

    lesson = LessonPage.objects.get(slug="menyapa")
    assert "draf" in said
    assert not lesson.live
    assert lesson.get_latest_revision_as_object().summary == "Tiga detik pertama."


def test_a_legal_source_edited_in_the_cms_is_not_touched(content):
    load(content)
    LegalSource.objects.update(note="Diperiksa Sikum.")
    edit(content / "legal_sources.yaml", 'note: ""', 'note: "Dari berkas."')

    load(content)

    assert LegalSource.objects.get().note == "Diperiksa Sikum."


def test_a_changed_source_file_renews_its_source(content):
    load(content)
    edit(content / "legal_sources.yaml", "status: berlaku", "status: dicabut")

    load(content)

    source = LegalSource.objects.get()
    assert source.status == "dicabut"
    assert source.changed_at


def test_a_new_lesson_takes_its_place_in_the_order(content):
    load(content)
    lesson = content / "C1" / "lessons" / "00.yaml"
    lesson.write_text(LESSON.replace("menyapa", "membuka").replace("Menyapa", "Membuka"))
    edit(content / "C1" / "course.yaml", "  - lessons/01.yaml", "  - lessons/00.yaml\n  - lessons/01.yaml")

    load(content)

    items = Course.objects.get().current_version.version_items.all()
    assert [item.title for item in items] == ["Membuka", "Menyapa", "Mendengar"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: hukum", "kind: aturan", r"01\.yaml, baris \d+, body\[3\].callout.kind: “aturan” tidak dikenal"),
        ("source: uu-25-2009", "source: uu-1", r"dasar hukum “uu-1” tidak ada di legal_sources.yaml"),
        ("codes: [skck]", "codes: [sim]", r"tarif “sim” tidak ada di tariffs.yaml"),
        ("minutes: 20", "minutes: dua", r"minutes: harus bilangan bulat"),
        ("summary:", "sumary:", r"kunci tidak dikenal: sumary"),
        ("quality: best", "quality: fair", r"sedikitnya satu pilihan harus “quality: best”"),
        ("correct: true", "correct: false", r"tepat satu pilihan harus “correct: true”"),
        ('[["Cepat", "Tidak menunda"]]', '[["Cepat"]]', r"baris tabel 1 harus berisi 2 teks"),
        ("slug: menyapa", "slug: menyapa\nslug: lain", r"kunci “slug” tertulis dua kali"),
        ("- heading", "- judul", r"setiap butir adalah satu blok"),
    ],
)
def test_a_mistake_names_file_place_and_what_to_do_and_nothing_is_loaded(content, old, new, said):
    edit(content / "C1" / "lessons" / "01.yaml", old, new)

    with pytest.raises(CommandError, match=said):
        load(content)

    assert not CoursePage.objects.exists()
    assert not LegalSource.objects.exists()


def test_a_missing_file_is_named(content):
    (content / "C1" / "lessons" / "02.yaml").unlink()

    with pytest.raises(CommandError, match=r"berkas C1/lessons/02.yaml tidak ada"):
        load(content)
