"""Courses, their compiled versions, sources and pages. ``published_course`` needs no Wagtail page."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
import wagtail_factories
from factory.django import DjangoModelFactory
from wagtail.models import Page, Site

from courses import models

PUBLISHED_AT = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)


class LegalSourceFactory(DjangoModelFactory):
    class Meta:
        model = models.LegalSource

    code = factory.Sequence(lambda n: f"aturan-{n}")
    title = factory.LazyAttribute(lambda source: f"Peraturan Contoh {source.code}")
    short = factory.LazyAttribute(lambda source: source.code.upper())
    status = models.SourceStatus.IN_FORCE
    checked_on = date(2026, 11, 3)
    review_by = date(2027, 5, 3)


class TariffFactory(DjangoModelFactory):
    class Meta:
        model = models.Tariff

    code = factory.Sequence(lambda n: f"tarif-{n}")
    service = "SKCK"
    name = "Penerbitan SKCK"
    amount = 30_000
    payee = "PNBP"
    legal_source = factory.SubFactory(LegalSourceFactory)
    checked_on = date(2026, 11, 3)


class CourseFactory(DjangoModelFactory):
    """A course row alone, not published; see ``published_course``."""

    class Meta:
        model = models.Course

    code = factory.Sequence(lambda n: f"X{n + 1}")
    slug = factory.LazyAttribute(lambda course: f"pelatihan-{course.code.lower()}")
    title = factory.LazyAttribute(lambda course: f"Pelatihan {course.code}")


class CourseItemFactory(DjangoModelFactory):
    class Meta:
        model = models.CourseItem

    course = factory.SubFactory(CourseFactory)
    kind = models.ItemKind.LESSON


class CourseVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = factory.LazyAttribute(lambda version: version.course.versions.count() + 1)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    title = factory.LazyAttribute(lambda version: version.course.title)
    summary = "Ringkasan pelatihan."
    audience = "Personel pelayanan"
    objectives = ["Melayani dengan sopan."]
    jp = Decimal("4")
    minutes = 180
    validity_months = 24
    self_enrolment = False
    published_at = PUBLISHED_AT
    published_by = None


class CourseVersionItemFactory(DjangoModelFactory):
    class Meta:
        model = models.CourseVersionItem

    version = factory.SubFactory(CourseVersionFactory)
    item = factory.LazyAttribute(lambda entry: CourseItemFactory(course=entry.version.course))
    order = factory.LazyAttribute(lambda entry: entry.version.version_items.count() + 1)
    title = factory.LazyAttribute(lambda entry: f"Materi {entry.order}")
    slug = factory.LazyAttribute(lambda entry: f"materi-{entry.order}")
    required = True
    minutes = 20


def published_course(
    *, lessons: int = 3, posttest: bool = True, pretest: bool = False, course: models.Course | None = None, **version
) -> models.Course:
    """A course with a compiled version: [pre-test,] lessons [and post-test], all required, without pages.

    Further keywords go to the version (``self_enrolment=True``, ``jp=…``). Given ``course``, it gets one more.
    """
    course = course or CourseFactory()
    compiled = CourseVersionFactory(course=course, **version)
    if pretest:
        quiz = CourseItemFactory(course=course, kind=models.ItemKind.QUIZ)
        CourseVersionItemFactory(version=compiled, item=quiz, title="Pre-tes", slug="pre-tes", minutes=10)
    CourseVersionItemFactory.create_batch(lessons, version=compiled)
    if posttest:
        quiz = CourseItemFactory(course=course, kind=models.ItemKind.QUIZ)
        CourseVersionItemFactory(
            version=compiled,
            item=quiz,
            title="Pos-tes",
            slug="pos-tes",
            minutes=40,
            waits_for_required=True,
            decides_grade=True,
        )
    course.current_version = compiled
    course.save()
    return course


class HomePageFactory(wagtail_factories.PageFactory):
    """The root of the site, at "/"."""

    class Meta:
        model = models.HomePage

    title = "Beranda"
    slug = "beranda"
    parent = factory.LazyFunction(lambda: Page.get_first_root_node())


class CatalogPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = models.CatalogPage

    title = "Katalog pelatihan"
    slug = "pelatihan"
    parent = factory.SubFactory(HomePageFactory)


def site_catalog() -> models.CatalogPage:
    """The catalogue at /pelatihan/ of the default site; made once per test."""
    catalog = models.CatalogPage.objects.first()
    if catalog is None:
        catalog = CatalogPageFactory()
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "root_page": catalog.get_parent(), "site_name": "Presisi Belajar"},
        )
    return catalog


class CoursePageFactory(wagtail_factories.PageFactory):
    """A course page as an author leaves it: a draft, not compiled."""

    class Meta:
        model = models.CoursePage

    parent = factory.LazyFunction(site_catalog)
    code = factory.Sequence(lambda n: f"H{n + 1}")
    title = factory.LazyAttribute(lambda page: f"Pelatihan {page.code}")
    slug = factory.LazyAttribute(lambda page: f"pelatihan-{page.code.lower()}")
    summary = "Ringkasan pelatihan."
    audience = "Personel pelayanan"
    jp = Decimal("4")
    minutes = 180
    validity_months = 24
    live = False


class LessonPageFactory(wagtail_factories.PageFactory):
    """A lesson page as an author leaves it: a draft with one paragraph."""

    class Meta:
        model = models.LessonPage

    parent = factory.SubFactory(CoursePageFactory)
    title = factory.Sequence(lambda n: f"Materi {n + 1}")
    slug = factory.Sequence(lambda n: f"materi-{n + 1}")
    summary = "Satu hal yang berguna di loket."
    minutes = 20
    live = False
