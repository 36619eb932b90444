"""Taking content away: archiving while nobody owes the course, deleting and moving while nothing hangs on the page."""

from datetime import datetime

from django.db import transaction
from wagtail.models import Page

from courses import usage
from courses.exceptions import DeletionRefused, MoveRefused
from courses.models import CourseItemPage, CoursePage
from foundation import audit


@transaction.atomic
def archive_course(*, page: CoursePage, actor, at: datetime) -> None:
    """Take a course out of the catalogue. Nobody can be assigned to it any more; results and certificates stay.

    Raises ArchivingRefused while somebody owes it, as every other way of unpublishing does.
    """
    page.unpublish(user=actor)
    audit.record(verb="course.archived", actor=actor, at=at, obj=page.course)


def refuse_deletion(page: Page) -> None:
    """Raise DeletionRefused for a page that is published or that somebody took. Called before every deletion."""
    if isinstance(page, CoursePage):
        taken = page.course and usage.takers(page.course)
        if taken:
            raise DeletionRefused(
                page,
                [
                    f"{taken} personel sudah mengikuti atau ditugasi pelatihan ini; hasilnya harus tetap terbuka.",
                    "Arsipkan: pelatihan hilang dari katalog, catatannya tetap ada.",
                ],
            )
    elif isinstance(page, CourseItemPage):
        taken = page.item and usage.takers(page.item.course, page.item)
        if taken:
            raise DeletionRefused(
                page,
                [
                    f"{taken} personel sudah mengerjakan bagian ini; hasilnya harus tetap terbuka.",
                    "Batalkan terbitnya saja: bagian ini hilang dari pelatihan, catatannya tetap ada.",
                ],
            )
    else:
        return
    if page.live:
        raise DeletionRefused(page, ["Halaman ini sedang terbit. Batalkan terbitnya dahulu."])


def refuse_move(page: Page, *, parent_before: Page, parent_after: Page) -> None:
    """Raise MoveRefused when a compiled item would end in another course; a new order is always allowed."""
    if parent_before.pk != parent_after.pk and isinstance(page, CourseItemPage) and page.item_id:
        raise MoveRefused(page, ["Bagian ini milik pelatihannya. Salin halamannya ke pelatihan lain."])
