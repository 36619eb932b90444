"""The matrix of officers and courses, the transcript, and why a course is done or not."""

from datetime import timedelta

from courses.models import ItemKind
from enrolments import services
from enrolments.assignment import AssignmentRule
from enrolments.corrections import correct_completion
from foundation.models import AuditEvent
from reports.recounting import recount_marked
from reports.views import matrix, reading
from tests.clock import NOON
from tests.factories.courses import CourseFactory, CourseVersionFactory, published_course
from tests.factories.enrolments import EnrolmentFactory, assigned, completed
from tests.reports.scenes import owes
from tests.reports.test_export_lists import _csv
from tests.signing_in import sign_in


def _states(page):
    return {
        row.officer.name: [cell.state for cell in row.cells]
        for row in page.context["page"].object_list
        if row.officer.name in ("Andi", "Dewi", "Fitri", "Gita")
    }


def test_each_officer_has_a_word_in_each_column(as_sdm, here):
    completed(here.officer("Gita", here.polsek), here.komunikasi)
    owes(here.officers["Andi"], here.komunikasi, "withdrawn")

    page = as_sdm.get("/sdm/matriks/")

    assert [column["course"].code for column in page.context["courses"]] == ["C1", "C2"]
    assert _states(page) == {
        "Andi": ["done", ""],
        "Dewi": ["overdue", ""],
        "Fitri": ["not_started", ""],
        "Gita": ["", "by_choice"],
    }
    assert "Selesai tanpa tugas" in page.content.decode()


def test_what_is_over_and_nobody_asks_for_again_is_not_drawn_as_done(as_sdm, here):
    short = published_course(course=CourseFactory(code="C3"), validity_months=12)
    gita, hadi, citra = *(here.officer(name, here.polsek) for name in ("Gita", "Hadi")), here.officers["Citra"]
    rule = AssignmentRule(unit=here.polsek, people=[hadi])
    assigned(short, here.polsek, actor=here.sdm, rule=rule, at=NOON - timedelta(days=380))
    for officer in (gita, hadi, citra):
        completed(officer, short, at=NOON - timedelta(days=370))
    EnrolmentFactory(officer=citra, course=short, cycle=2, started_at=NOON)
    completed(citra, short)

    def line(page, name):
        row = next(row for row in page.context["page"].object_list if row.officer.name == name)
        return row.cells[-1].state, row.done

    now = as_sdm.get("/sdm/matriks/?pelatihan=C3")
    then = as_sdm.get("/sdm/matriks/?pelatihan=C3&per=2026-11-01")

    assert line(now, "Gita") == ("expired", 0)
    # Also who did what an order asked for then.
    assert line(now, "Hadi") == ("expired", 0)
    assert "Kedaluwarsa" in now.content.decode()
    # Taken again by choice, it holds.
    assert line(now, "Citra") == ("by_choice", 1)
    assert line(then, "Gita") == ("by_choice", 1)
    assert line(then, "Hadi") == ("done", 1)
    _header, *rows = _csv(as_sdm.get(dict(now.context["downloads"])["CSV"]))
    assert {row[2]: row[4] for row in rows if row[4]} == {
        "Gita": "Kedaluwarsa",
        "Hadi": "Kedaluwarsa",
        "Citra": "Selesai tanpa tugas",
    }


def test_the_matrix_narrows_and_leaves_as_a_file(as_sdm, here):
    page = as_sdm.get(f"/sdm/matriks/?satuan={here.polsek.code}&loket=spkt&pelatihan=C1")

    assert [row.officer.name for row in page.context["page"].object_list] == ["Eko"]
    header, *rows = _csv(as_sdm.get(dict(page.context["downloads"])["CSV"]))
    assert header[4:] == ["C1 Etika Pelayanan Publik"]
    assert [row[2:] for row in rows] == [["Eko", here.polsek.name, "Lewat batas waktu"]]


def test_the_matrix_of_a_past_day(as_sdm, here):
    owes(here.officers["Andi"], here.komunikasi, valid_from=NOON - timedelta(days=1))

    page = as_sdm.get("/sdm/matriks/?per=2026-11-18")

    assert _states(page)["Andi"] == ["not_started", ""]


def test_the_pages_of_the_matrix_hold_everybody_in_the_order_of_units_and_names(as_sdm, here, monkeypatch):
    def names(number):
        page = as_sdm.get(f"/sdm/matriks/?page={number}").context["page"]
        return [row.officer.name for row in page.object_list], page.paginator.num_pages

    everybody, _pages = names(1)

    monkeypatch.setattr(matrix, "PAGE_SIZE", 3)
    monkeypatch.setattr(reading, "PAGE_SIZE", 3)
    pages = names(1)[1]
    assert [name for number in range(1, pages + 1) for name in names(number)[0]] == everybody
    assert pages > 2
    assert sorted(set(here.officers) & set(everybody)) == sorted(here.officers)


def test_more_officers_ask_no_more_queries(as_sdm, here, django_assert_max_num_queries):
    for place in range(55):
        owes(here.officer(f"Personel {place:02}", here.polsek, "spkt"), here.etika, "late")
    recount_marked(at=NOON)

    with django_assert_max_num_queries(20):
        page = as_sdm.get("/sdm/matriks/")

    assert len(page.context["page"].object_list) == 50


def test_the_transcript_shows_a_row_and_its_correction(client, as_sdm, here):
    budi = here.officers["Budi"]
    completed(budi, here.etika)
    correct_completion(
        enrolment=budi.enrolments.get(),
        item=here.etika.current_version.version_items.filter(required=True).first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=here.sdm,
        reason="salah catat",
        at=NOON,
    )
    completed(budi, here.komunikasi)

    page = as_sdm.get(f"/sdm/personel/{budi.uuid}/transkrip/")

    assert sorted(row.state for row in page.context["rows"]) == ["done", "revoked", "superseded"]
    assert page.context["total"] == here.komunikasi.current_version.jp
    assert AuditEvent.objects.get(verb="learning.viewed").subject_id == budi.pk
    own = sign_in(client, budi.user).get("/transkrip/")
    assert [row.completion.pk for row in own.context["rows"]] == [row.completion.pk for row in page.context["rows"]]


def test_the_officer_reads_why_a_course_is_not_done(client, here):
    dewi = here.officers["Dewi"]
    assigned(here.komunikasi, here.satlantas, actor=here.sdm)
    begun = EnrolmentFactory(officer=dewi, course=here.komunikasi)
    lesson = here.komunikasi.current_version.version_items.filter(item__kind=ItemKind.LESSON).first()
    services.complete_item(enrolment=begun, item=lesson.item, evidence=None, grade=None, at=NOON)

    page = sign_in(client, dewi.user).get(f"/pelatihan/{here.komunikasi.slug}/mengapa/").content.decode()

    assert "Belum selesai: 1 dari 5 bagian wajib." in page
    assert "ditandai selesai oleh personel" in page
    assert "Sprin/118/XI/2026" in page
    assert "versi 1 pelatihan ini" in page


def test_what_was_done_is_judged_by_the_version_of_that_day(client, here):
    andi = here.officers["Fitri"]
    completed(andi, here.etika)
    old = here.etika.current_version
    newer = CourseVersionFactory(course=here.etika, number=2)
    here.etika.current_version = newer
    here.etika.save()

    page = sign_in(client, andi.user).get(f"/pelatihan/{here.etika.slug}/mengapa/")

    assert page.context["course"].rule == old
    assert page.context["course"].state == "done"
    assert len(page.context["course"].items) == old.version_items.count()
    assert "tidak mengubah penyelesaian ini" in page.content.decode()
