"""/pemberitahuan/: everybody finds what the platform told them, and how much is new."""

import pytest

from enrolments.models import Notice, ReminderRun
from enrolments.services import remind_officers
from tests.clock import NOON
from tests.enrolments.reminder_scene import DAY, scene
from tests.factories.organisation import UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


@pytest.fixture
def here(db, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return scene()


@pytest.fixture
def andi(here):
    officer = here.officer("Andi")
    for cycle, days in enumerate((3, 0), start=1):
        here.owes(officer, days, cycle=cycle)
    remind_officers(at=NOON)
    return officer


@pytest.fixture
def as_andi(client, andi):
    return sign_in(client, andi.user)


def test_the_bell_counts_what_is_new_on_every_page(as_andi):
    content = as_andi.get("/akun/").content.decode()

    assert 'href="/pemberitahuan/"' in content
    assert 'belum dibaca:</span><b class="num">2</b>' in content


def test_a_bell_without_news_shows_no_number(client, here):
    content = sign_in(client, here.officer().user).get("/akun/").content.decode()

    assert 'href="/pemberitahuan/"' in content
    assert "belum dibaca" not in content


def test_the_page_holds_the_words_the_newest_first(as_andi):
    page = as_andi.get("/pemberitahuan/")

    notices = list(page.context["page"])
    assert [notice.pk for notice in notices] == sorted((notice.pk for notice in notices), reverse=True)
    assert "Hari ini batas waktu" in page.content.decode()
    assert "2 belum dibaca" in page.content.decode()


def test_opening_one_leads_to_its_course_and_marks_it_read(as_andi, here):
    first = Notice.objects.order_by("pk").first()

    answer = as_andi.get(f"/pemberitahuan/{first.pk}/")

    assert answer.headers["Location"] == here.course.url
    first.refresh_from_db()
    read_at = first.read_at
    assert read_at
    as_andi.get(f"/pemberitahuan/{first.pk}/")
    first.refresh_from_db()
    assert first.read_at == read_at
    assert as_andi.get("/pemberitahuan/").context["unread"] == 1


def test_all_are_marked_read_at_once_and_only_the_own_ones(as_andi, here):
    budi = here.officer("Budi")
    here.owes(budi, 2)
    remind_officers(at=NOON + 2 * DAY)

    as_andi.post("/pemberitahuan/dibaca/")

    assert as_andi.get("/pemberitahuan/").context["unread"] == 0
    assert Notice.objects.filter(recipient=budi.user, read_at=None).count() == 1


def test_nobody_opens_the_notice_of_another(client, andi):
    notice = Notice.objects.first()

    assert sign_in(client, UserFactory()).get(f"/pemberitahuan/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_page_of_fifty_costs_as_much_as_that_of_two(as_andi, andi, here, django_assert_max_num_queries):
    for cycle in range(3, 53):
        here.owes(andi, 3, cycle=cycle)
    ReminderRun.objects.all().delete()
    remind_officers(at=NOON)

    with django_assert_max_num_queries(8):
        page = as_andi.get("/pemberitahuan/")

    assert len(page.context["page"]) == 20
    assert page.context["page"].paginator.count == 52


def test_an_empty_centre_says_what_will_stand_here(client, here):
    content = sign_in(client, here.sdm).get("/pemberitahuan/").content.decode()

    assert "Belum ada pemberitahuan" in content


def test_the_own_download_holds_what_one_was_told_and_whether_it_was_read(as_andi):
    as_andi.get(f"/pemberitahuan/{Notice.objects.order_by('pk').first().pk}/")

    first, second = as_andi.get("/akun/unduh/").json()["Pengingat dan pemberitahuan"]

    assert first["dibaca"]
    assert not second["dibaca"]
    assert first["lewat"][0]["keadaan"] == "Terkirim"
    assert "Andi" in first["isi"]


@pytest.mark.browser
def test_the_page_is_light_and_accessible_on_the_phone(
    transactional_db, settings, client, phone, weigh, axe, live_server
):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    here = scene()
    andi = here.officer("Andi")
    for cycle in range(1, 25):
        here.owes(andi, 3, cycle=cycle)
    remind_officers(at=NOON)
    cookie = sign_in(client, andi.user).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    assert weigh(phone, "/pemberitahuan/") <= 60 * 1024
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
def test_the_pages_of_sdm_are_accessible_on_the_phone(transactional_db, settings, client, phone, axe, live_server):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    here = scene()
    for place in range(5):
        here.owes(here.officer(f"Personel {place}"), 3)
    remind_officers(at=NOON)
    cookie = sign_in(client, here.upper_sdm).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    for path in ("?hari=2026-11-21", "besok/", "jadwal/", "templat/", "templat/digest/"):
        phone.goto(f"/sdm/pengingat/{path}")
        axe(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
