"""Content whose legal source is due for a check, may not be leaned on, or changed since the content was published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from foundation.formats import date_medium

from .models import LegalSource


@dataclass(frozen=True)
class ReviewRow:
    """One thing (a lesson, a quiz, a tariff) that leans on one source; ``places`` are (label, editor path)."""

    content: Model
    source: LegalSource
    places: list[tuple[str, str]]
    reason: str

    @property
    def is_page(self) -> bool:
        return isinstance(self.content, Page)

    @property
    def title(self) -> str:
        return self.content.title if isinstance(self.content, Page) else str(self.content)

    @property
    def kind(self) -> str:
        return str(self.content._meta.verbose_name)

    @property
    def course(self) -> str:
        return self.content.get_parent().title if isinstance(self.content, Page) else ""


def reason_to_review(source: LegalSource, *, on: date, published_at=None) -> str:
    """Why something that leans on ``source`` and was published then needs a look; empty when it does not."""
    reasons = []
    if source.needs_review:
        reasons.append(f"Status: {source.get_status_display().lower()}.")
    if source.review_by <= on:
        reasons.append(f"Pemeriksaan jatuh tempo {date_medium(source.review_by)}.")
    if source.changed_at and (published_at is None or source.changed_at > published_at):
        reasons.append(f"Dasar hukum berubah {date_medium(source.changed_at.date())}.")
    return " ".join(reasons)


def content_to_review(*, on: date) -> list[ReviewRow]:
    """Everything that leans on such a source: pages before tariffs, the earliest check first."""
    sources = {str(source.pk): source for source in LegalSource.objects.all()}
    return sorted(_rows(sources, on), key=lambda row: (not row.is_page, row.source.review_by, row.course, row.title))


def _rows(sources: dict[str, LegalSource], on: date) -> Iterator[ReviewRow]:
    references = ReferenceIndex.objects.filter(to_content_type=ContentType.objects.get_for_model(LegalSource))
    found: dict[tuple[ContentType, str, str], list[tuple[str, str]]] = {}
    for reference in references.select_related("content_type").order_by("id"):
        key = (reference.content_type, reference.object_id, reference.to_object_id)
        found.setdefault(key, []).append((reference.describe_source_field(), reference.content_path))
    by_type: dict[ContentType, set[str]] = {}
    for content_type, object_id, _source in found:
        by_type.setdefault(content_type, set()).add(object_id)
    contents = {
        (content_type, str(content.pk)): content
        for content_type, ids in by_type.items()
        for content in content_type.get_all_objects_for_this_type(pk__in=ids)
    }
    for (content_type, object_id, source_id), places in found.items():
        content, source = contents.get((content_type, object_id)), sources.get(source_id)
        if content is None or source is None:
            continue
        reason = reason_to_review(source, on=on, published_at=getattr(content, "last_published_at", source.changed_at))
        if reason:
            yield ReviewRow(content, source, places, reason)
