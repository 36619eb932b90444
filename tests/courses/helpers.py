"""What several stories of authors need."""

from django.test import Client

from courses.models import CoursePage, LessonPage
from organisation.models import Role
from tests.factories.courses import CoursePageFactory, LessonPageFactory
from tests.factories.organisation import RoleGrantFactory, UserFactory
from tests.signing_in import sign_in

PARAGRAPH = [("text", "<p>Sapa dahulu, baru bertanya.</p>")]


def publish(page):
    """Publish the page as it stands, as the loader does; return it fresh from the database."""
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def lesson_draft(course_page: CoursePage, body=PARAGRAPH, **fields) -> LessonPage:
    return LessonPageFactory(parent=course_page, body=body, **fields)


def published_course_page(lessons: int = 2, **fields) -> CoursePage:
    course_page = CoursePageFactory(**fields)
    for _ in range(lessons):
        publish(lesson_draft(course_page))
    return publish(CoursePage.objects.get(pk=course_page.pk))


def author(role: Role):
    """A trainer or reviewer; the CMS groups come with the sign-in."""
    user = UserFactory()
    RoleGrantFactory(user=user, role=role)
    return user


def signed_in(user) -> Client:
    return sign_in(Client(), user)
