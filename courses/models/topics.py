"""Topics as a tree: lessons and questions are filed under the same ones. Questions store the slug."""

from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify


class TopicTree:
    """All topics, read at once: there are tens of them, and every question about a subtree is about them all."""

    def __init__(self, topics: list["Topic"]):
        self.by_slug = {topic.slug: topic for topic in topics}
        self._by_pk = {topic.pk: topic for topic in topics}
        self._children: dict[int | None, list[Topic]] = {}
        for topic in sorted(topics, key=lambda topic: topic.name.casefold()):
            self._children.setdefault(topic.parent_id, []).append(topic)

    def name_of(self, slug: str) -> str:
        """The name of a topic; of one that is not in the tree its slug in words."""
        topic = self.by_slug.get(slug)
        return topic.name if topic else name_from_slug(slug)

    def below(self, slug: str) -> set[str]:
        """The slugs of a topic and of everything under it; empty for an unknown one."""
        topic = self.by_slug.get(slug)
        return {found.slug for found, _depth in self._walk(topic, 0)} if topic else set()

    def above(self, slug: str) -> Iterator[str]:
        """The slugs over a topic, the nearest first."""
        topic, seen = self.by_slug.get(slug), {slug}
        while topic and topic.parent_id:
            topic = self._by_pk.get(topic.parent_id)
            if topic is None or topic.slug in seen:
                return
            seen.add(topic.slug)
            yield topic.slug

    def in_order(self) -> Iterator[tuple["Topic", int]]:
        """Each topic with its depth, parents before what stands under them."""
        for root in self._children.get(None, []):
            yield from self._walk(root, 0)

    def choices(self) -> list[tuple[str, str]]:
        """(slug, name) for a select; what stands under another is indented."""
        return [(topic.slug, f"{'– ' * depth}{topic.name}") for topic, depth in self.in_order()]

    def _walk(self, topic: "Topic", depth: int) -> Iterator[tuple["Topic", int]]:
        # Two editors who hang topics under each other at once could make a ring: no path gets longer than the tree.
        if depth > len(self._by_pk):
            return
        yield topic, depth
        for child in self._children.get(topic.pk, []):
            yield from self._walk(child, depth + 1)


class TopicQuerySet(models.QuerySet["Topic"]):
    def tree(self) -> TopicTree:
        """The tree in one query."""
        return TopicTree(list(self))

    def named(self, slug: str) -> "Topic":
        """The topic with ``slug``; made at the top of the tree, with a name from its slug, where it is missing."""
        topic, _created = self.get_or_create(slug=slug, defaults={"name": name_from_slug(slug)})
        return topic

    def at_path(self, names: Iterable[str]) -> "Topic | None":
        """The last topic of a path of names; what is missing is made under the one before. None without a name."""
        topic = None
        for name in names:
            if slug := slugify(name)[:60]:
                topic, _created = self.get_or_create(slug=slug, defaults={"name": name[:80], "parent": topic})
        return topic


class Topic(models.Model):
    """What lessons teach and questions ask about. Nobody deletes one: compiled questions name its slug for good."""

    slug = models.SlugField("kode", max_length=60, unique=True, editable=False)
    name = models.CharField("nama", max_length=80)
    parent = models.ForeignKey(
        "self",
        verbose_name="bagian dari",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="Kosongkan untuk topik paling atas.",
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "topik"
        verbose_name_plural = "topik"
        constraints = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="topic_not_below_itself")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        # Once given the slug stays, whatever the name becomes: stored questions go by it.
        self.slug = self.slug or slugify(self.name)[:60]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        slug = self.slug or slugify(self.name)[:60]
        if not slug:
            raise ValidationError({"name": "Namai topik ini dengan huruf atau angka."})
        if Topic.objects.exclude(pk=self.pk).filter(slug=slug).exists():
            raise ValidationError({"name": "Sudah ada topik dengan nama ini."})
        if self.pk and self.parent and self.parent.slug in Topic.objects.tree().below(self.slug):
            raise ValidationError({"parent": "Topik tidak dapat menjadi bagian dari dirinya sendiri."})

    @property
    def is_as_made(self) -> bool:
        """Nobody gave it a name or a place since a lesson or a question named it."""
        return self.parent_id is None and self.name == name_from_slug(self.slug)

    @admin.display(description="Bagian dari", ordering="parent__name")
    def parent_label(self) -> str:
        return self.parent.name if self.parent else "–"


def name_from_slug(slug: str) -> str:
    """``asas-pelayanan`` → ``Asas pelayanan``."""
    return slug.replace("-", " ").capitalize()
