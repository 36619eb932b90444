"""One page from one file: a revision from a changed file, published only where nobody edited in the CMS."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from wagtail.models import Page, Revision

from courses.exceptions import PageRefused
from courses.models import LoadedPage


class Did(StrEnum):
    CREATED = "dibuat"
    UPDATED = "diperbarui"
    UNCHANGED = "tetap"
    KEPT = "tidak disentuh"
    DRAFTED = "draf"
    REFUSED = "ditolak"


@dataclass(frozen=True)
class Outcome:
    """What happened to one thing; ``why`` is a sentence where that is not plain."""

    name: str
    did: Did
    why: str = ""
    page: Page | None = None


def _set(page: Page, fields: dict[str, Any]) -> None:
    streams = set(page.get_streamfield_names())
    for name, value in fields.items():
        setattr(page, name, json.dumps(value, ensure_ascii=False) if name in streams else value)


def load_page(
    parent: Page,
    page_class: type[Page],
    slug: str,
    fields: dict[str, Any],
    *,
    source_sha256: str,
    at: datetime,
    publish: bool = True,
) -> Outcome:
    """Make or renew the page ``slug`` under ``parent`` from the fields of a file.

    StreamFields come as raw lists (streams.py), child rows as lists of unsaved objects. A page that was
    edited in the CMS since, or made there, stays as it is. With ``publish=False`` a new page stays a draft.
    """
    existing = parent.get_children().filter(slug=slug).specific().first()
    try:
        with transaction.atomic():
            if existing is not None:
                return _renew(existing, fields, source_sha256)
            page = _create(parent, page_class(slug=slug, live=False), fields, source_sha256)
            if publish:
                publish_page(page)
            return Outcome(page.title, Did.CREATED, page=page_class.objects.get(pk=page.pk))
    except PageRefused as refusal:
        return Outcome(fields["title"], Did.REFUSED, " ".join(refusal.problems))


@transaction.atomic
def load_item_page(
    parent: Page,
    page_class: type[Page],
    slug: str,
    fields: dict[str, Any],
    *,
    source_sha256: str,
    at: datetime,
    after: Page | None = None,
) -> Outcome:
    """``load_page`` for an item of a course; a new one takes its place behind ``after``, or first without it."""
    outcome = load_page(parent, page_class, slug, fields, source_sha256=source_sha256, at=at, publish=False)
    if outcome.did != Did.CREATED or outcome.page is None:
        return outcome
    page = page_class.objects.get(pk=outcome.page.pk)
    if after is None and page.get_prev_sibling():
        page.move(Page.objects.get(pk=parent.pk), pos="first-child")
    elif after and page.get_prev_sibling().pk != after.pk:
        page.move(Page.objects.get(pk=after.pk), pos="right")
    try:
        with transaction.atomic():
            publish_page(page)
    except PageRefused as refusal:
        transaction.set_rollback(True)
        return Outcome(page.title, Did.REFUSED, " ".join(refusal.problems))
    return Outcome(page.title, Did.CREATED, page=page_class.objects.get(pk=page.pk))


def publish_page(page: Page) -> None:
    """Publish the draft that a load left. Raises CompileRefused."""
    page.get_latest_revision().publish()


def _create(parent: Page, page: Page, fields: dict[str, Any], digest: str) -> Page:
    _set(page, fields)
    # Fresh from the database: a load that was rolled back leaves its parent counting children that are not there.
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision(log_action=True)
    LoadedPage.objects.create(page=page, source_sha256=digest, revision_id=revision.pk)
    return page


def _renew(page: Page, fields: dict[str, Any], digest: str) -> Outcome:
    loaded = LoadedPage.objects.filter(page=page).first()
    if loaded is None:
        return Outcome(page.title, Did.KEPT, "Halaman ini dibuat di CMS.", page)
    if loaded.source_sha256 == digest:
        return Outcome(page.title, Did.UNCHANGED, page=page)
    if page.latest_revision_id != loaded.revision_id or page.workflow_in_progress:
        return Outcome(page.title, Did.KEPT, "Halaman ini sudah disunting di CMS sejak dimuat.", page)
    draft = page.get_latest_revision_as_object()
    _set(draft, fields)
    revision: Revision = draft.save_revision(log_action=True)
    LoadedPage.objects.filter(pk=loaded.pk).update(source_sha256=digest, revision_id=revision.pk)
    if page.live or page.first_published_at is None:
        revision.publish()
        return Outcome(draft.title, Did.UPDATED, page=type(page).objects.get(pk=page.pk))
    return Outcome(draft.title, Did.DRAFTED, "Halaman ini ditarik di CMS; perubahan menunggu sebagai draf.", page)
