"""The pages that trainers write. Publishing compiles them into the rows of ``rows.py``."""

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LESSON_BLOCKS

from .rows import Course, CourseItem, ItemKind


class HomePage(Page):
    """The start page: its personal part is rendered by ``enrolments``."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "beranda"


class CatalogPage(Page):
    """The list of courses."""

    max_count = 1
    parent_page_types = ["courses.HomePage"]

    class Meta:
        verbose_name = "katalog pelatihan"


class CoursePage(Page):
    course = models.OneToOneField(Course, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="page")
    code = models.CharField("kode", max_length=20)
    summary = models.TextField("ringkasan")
    audience = models.CharField("untuk siapa", max_length=255)
    objectives = StreamField([], blank=True, verbose_name="tujuan pembelajaran")
    jp = models.DecimalField("JP", max_digits=5, decimal_places=1)
    minutes = models.PositiveSmallIntegerField("menit")
    validity_months = models.PositiveSmallIntegerField("masa berlaku (bulan)", default=0)
    self_enrolment = models.BooleanField("boleh mendaftar sendiri", default=False)

    parent_page_types = ["courses.CatalogPage"]

    class Meta:
        verbose_name = "pelatihan"


class CourseItemPage(Page):
    """What lesson and quiz pages share: the item they stand for."""

    item_kind = ItemKind.LESSON

    item = models.OneToOneField(
        CourseItem, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="%(class)s"
    )
    required = models.BooleanField("wajib", default=True)
    minutes = models.PositiveSmallIntegerField("perkiraan menit", default=20)

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True


class LessonPage(CourseItemPage):
    summary = models.CharField("ringkasan", max_length=255, blank=True)
    body = StreamField(LESSON_BLOCKS, verbose_name="isi")

    class Meta:
        verbose_name = "materi"
