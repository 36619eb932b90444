"""Pictures of a lesson open for whoever learns it, and for nobody else."""

import pytest
from wagtail.images.tests.utils import get_test_image_file
from wagtail_factories import ImageFactory

from tests.courses.helpers import lesson_draft, publish, published_course_page
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def lesson_picture():
    """A picture in a published lesson, and the course it belongs to."""
    picture = ImageFactory(file=get_test_image_file())
    page = published_course_page()
    publish(lesson_draft(page, body=[("image", {"image": picture, "alt": "Loket SPKT", "caption": ""})]))
    return picture, page.course


@pytest.mark.indexed
def test_an_enrolled_officer_sees_the_picture(client, lesson_picture):
    picture, course = lesson_picture
    sign_in(client, EnrolmentFactory(course=course).officer.user)

    assert client.get(picture.get_rendition("width-400").url).status_code == 200


def test_an_officer_who_has_not_begun_does_not(client, lesson_picture):
    picture, _course = lesson_picture
    sign_in(client, OfficerFactory().user)

    assert client.get(picture.get_rendition("width-400").url).status_code == 404
