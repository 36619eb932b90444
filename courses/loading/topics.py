"""Topics from their file, and those that only a lesson or a question names. What stands in the CMS stays."""

from collections.abc import Iterable

from django.utils.text import slugify

from courses.models import Topic

from .entries import Entry
from .pages import Did, Outcome


def load_topics(entries: Iterable[Entry]) -> list[Outcome]:
    """Make the missing topics of a file; a parent stands above its parts. Raises ContentFileError.

    A topic that was only named by a question so far gets its name and place; one that people named stays.
    """
    return [_load(entry) for entry in entries]


def _load(entry: Entry) -> Outcome:
    slug, name = _slug(entry, "slug", entry.text("slug")), entry.text("name", longest=80)
    parent = entry.text("parent", "")
    entry.finish()
    above = Topic.objects.filter(slug=parent).first()
    if parent and above is None:
        raise entry.problem(f"topik “{parent}” belum ada; tuliskan di atas bagiannya.", "parent")
    topic, created = Topic.objects.get_or_create(slug=slug, defaults={"name": name, "parent": above})
    if created:
        return Outcome(name, Did.CREATED)
    if topic.is_as_made and (topic.name, topic.parent_id) != (name, above and above.pk):
        topic.name, topic.parent = name, above
        topic.save()
        return Outcome(name, Did.UPDATED)
    return Outcome(topic.name, Did.UNCHANGED)


def find_topic(entry: Entry, key: str, slug: str) -> Topic:
    """The topic with ``slug``, made where it is missing. Raises ContentFileError for what is no slug."""
    return Topic.objects.named(_slug(entry, key, slug))


def _slug(entry: Entry, key: str, slug: str) -> str:
    if slug != slugify(slug) or len(slug) > 60:
        raise entry.problem(f"“{slug}” bukan kode topik; pakai huruf kecil, angka, dan tanda hubung.", key)
    return slug
