"""Which lessons to reread for a topic. Knows no quiz: a higher room says which topics were missed."""

from collections.abc import Iterable, Mapping, Sequence
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
    """The live lessons of ``course`` for each of ``slugs``, in that order; three queries however many there are."""
    slugs = list(slugs)
    return [
        TopicToReread(slug, *found) for slug, found in lessons_of_courses({slug: [course] for slug in slugs}).items()
    ]


def lessons_of_courses(wanted: Mapping[str, Sequence[Course]]) -> dict[str, tuple[str, list[LessonLink]]]:
    """Slug → the name of the topic and the live lessons for it in the courses named beside it; three queries.

    A lesson fits that is filed under the topic or under a part of it; where there is none, one that is
    filed under the nearest topic above.
    """
    if not wanted:
        return {}
    tree = Topic.objects.tree()
    courses = {course.pk: course for asked in wanted.values() for course in asked}
    lessons = list(
        LessonPage.objects.live()
        .filter(item__course__in=courses)
        .select_related("item")
        .order_by("path")
        .prefetch_related("topics")
    )
    filed = {lesson.pk: {topic.slug for topic in lesson.topics.all()} for lesson in lessons}

    def fitting(asked: Sequence[Course], topics: set[str]) -> list[LessonLink]:
        return [
            LessonLink(lesson.title, f"{courses[lesson.item.course_id].url}{lesson.slug}/")
            for lesson in lessons
            if filed[lesson.pk] & topics and courses[lesson.item.course_id] in asked
        ]

    return {
        slug: (
            tree.name_of(slug),
            fitting(asked, tree.below(slug))
            or next(filter(None, (fitting(asked, {above}) for above in tree.above(slug))), []),
        )
        for slug, asked in wanted.items()
    }
