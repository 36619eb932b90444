"""Files of lessons: no public address, sent only to whom a gate lets in, in ranges, never as a page of ours."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_factories import ImageFactory

from courses import uploads
from courses.access import courses_using
from courses.exceptions import UploadRefused
from courses.models import CoursePage, LessonPage
from organisation.models import Role
from tests.courses.helpers import author, lesson_draft, publish, published_course_page, signed_in
from tests.factories.organisation import OfficerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def picture():
    return ImageFactory(file=get_test_image_file())


@pytest.fixture
def video():
    return get_document_model().objects.create(
        title="Video", file=SimpleUploadedFile("sapa.mp4", bytes(range(256)) * 4)
    )


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_visitor_gets_no_picture(picture):
    assert Client().get(picture.get_rendition("width-100").url).status_code == 404


def test_an_officer_gets_no_picture_that_no_gate_opens(picture):
    assert signed_in(OfficerFactory().user).get(picture.get_rendition("width-100").url).status_code == 404


def test_an_author_gets_a_picture_with_headers_that_keep_it_harmless(picture):
    response = signed_in(author(Role.TRAINER)).get(picture.get_rendition("width-100|format-webp").url)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, max-age=604800"
    assert body_of(response)


def test_the_cover_of_a_published_course_is_for_every_officer(picture):
    publish(_with_cover(picture))

    assert signed_in(OfficerFactory().user).get(picture.get_rendition("width-100").url).status_code == 200


def _with_cover(picture) -> CoursePage:
    page = published_course_page()
    page.cover = picture
    return page


def test_a_name_that_is_no_picture_is_not_found():
    assert signed_in(author(Role.TRAINER)).get("/berkas/documents/rahasia.pdf").status_code == 404


def test_a_document_passes_the_same_gate(video):
    assert Client().get(video.url).status_code == 404
    assert signed_in(OfficerFactory().user).get(video.url).status_code == 404
    assert signed_in(author(Role.TRAINER)).get(video.url).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "said", "length"),
    [
        ("bytes=0-99", 206, "bytes 0-99/1024", 100),
        ("bytes=1000-", 206, "bytes 1000-1023/1024", 24),
        ("bytes=-10", 206, "bytes 1014-1023/1024", 10),
        ("bytes=2000-", 416, "bytes */1024", 0),
        ("bytes=5-1", 416, "bytes */1024", 0),
        ("bytes=0-1,5-6", 200, None, 1024),
        ("potongan", 200, None, 1024),
    ],
)
def test_a_video_is_sent_in_the_range_a_player_asks_for(video, asked, status, said, length):
    response = signed_in(author(Role.TRAINER)).get(video.url, headers={"range": asked})

    assert response.status_code == status
    assert response.get("Content-Range") == said
    assert len(body_of(response) if response.streaming else response.content) == length


def test_a_file_the_browser_has_is_not_sent_again(video):
    client = signed_in(author(Role.TRAINER))
    etag = client.get(video.url)["ETag"]

    assert client.get(video.url, headers={"if-none-match": etag}).status_code == 304


def test_behind_nginx_only_the_headers_come_from_here(video, settings):
    settings.MEDIA_ACCEL_PREFIX = "/_media/"

    response = signed_in(author(Role.TRAINER)).get(video.url)

    assert response["X-Accel-Redirect"] == f"/_media/{video.file.name}"
    assert response.content == b""


@pytest.mark.both_databases
@pytest.mark.indexed
def test_a_gate_can_ask_which_courses_show_a_file(picture):
    course_page = published_course_page()
    publish(lesson_draft(course_page, body=[("image", {"image": picture, "alt": "Loket", "caption": ""})]))
    other = ImageFactory(file=get_test_image_file())

    assert list(courses_using(picture)) == [course_page.course]
    assert not courses_using(other).exists()


def test_a_draft_shows_its_files_to_nobody_but_authors(picture):
    lesson_draft(published_course_page(), body=[("image", {"image": picture, "alt": "Loket", "caption": ""})])

    assert not courses_using(picture).exists()
    assert LessonPage.objects.filter(live=False).count() == 1


def test_a_stored_picture_forgets_where_it_was_taken():
    exif = Pillow.Exif()
    exif[0x010F] = "Merek Kamera"
    exif[0x0112] = 6
    taken = io.BytesIO()
    Pillow.new("RGB", (40, 20), "blue").save(taken, "JPEG", exif=exif)

    stored = ImageFactory(file=SimpleUploadedFile("loket.jpg", taken.getvalue()))

    with Pillow.open(stored.file.path) as picture:
        assert not dict(picture.getexif())
        assert picture.size == (20, 40)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("surat.pdf", b"<html><script>"),
        ("video.mp4", b"%PDF-1.7"),
        ("takarir.vtt", b"bukan takarir"),
        ("tabel.xlsx", b"MZ\x90\x00"),
        ("catatan.txt", b"a\x00b"),
        ("gambar.svg", b"<svg/>"),
    ],
)
def test_a_document_that_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(UploadRefused, match="bukan"):
        uploads.check_document(SimpleUploadedFile(name, content), name)


def test_a_document_that_is_what_its_name_says_is_taken():
    for name, content in (("a.pdf", b"%PDF-1.7"), ("a.vtt", b"\xef\xbb\xbfWEBVTT\n"), ("a.docx", b"PK\x03\x04")):
        uploads.check_document(SimpleUploadedFile(name, content), name)


def test_the_upload_form_says_why_a_file_is_refused():
    client = signed_in(author(Role.TRAINER))

    response = client.post(
        "/admin/documents/add/", {"title": "Surat", "file": SimpleUploadedFile("surat.pdf", b"<html>")}
    )

    assert "Isi berkas ini bukan PDF" in response.content.decode()
    assert not get_document_model().objects.exists()


def test_svg_is_not_taken_as_a_picture():
    client = signed_in(author(Role.TRAINER))

    client.post("/admin/images/add/", {"title": "Logo", "file": SimpleUploadedFile("logo.svg", b"<svg/>")})

    assert not ImageFactory._meta.model.objects.exists()
