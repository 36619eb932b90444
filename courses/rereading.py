"""Which lessons to reread for a topic. Knows no quiz: a higher room says which topics were missed."""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Course, LessonPage, Topic


@dataclass(frozen=True)
class LessonLink:
    title: str
    url: str


@dataclass(frozen=True)
class TopicToReread:
    """A topic in words with the lessons that teach it; without lessons where the course has none for it."""

    slug: str
    name: str
    lessons: list[LessonLink]


def lessons_for_topics(course: Course, slugs: Iterable[str]) -> list[TopicToReread]:
    """The live lessons of ``course`` for each of ``slugs``, in that order; three queries however many there are.

    A lesson fits that is filed under the topic or under a part of it; where there is none, one that is
    filed under the nearest topic above.
    """
    slugs = list(slugs)
    if not slugs:
        return []
    tree = Topic.objects.tree()
    lessons = list(LessonPage.objects.live().filter(item__course=course).order_by("path").prefetch_related("topics"))
    filed = {lesson.pk: {topic.slug for topic in lesson.topics.all()} for lesson in lessons}

    def fitting(wanted: set[str]) -> list[LessonLink]:
        return [
            LessonLink(lesson.title, f"{course.url}{lesson.slug}/") for lesson in lessons if filed[lesson.pk] & wanted
        ]

    return [
        TopicToReread(
            slug,
            tree.name_of(slug),
            fitting(tree.below(slug)) or next(filter(None, (fitting({above}) for above in tree.above(slug))), []),
        )
        for slug in slugs
    ]
