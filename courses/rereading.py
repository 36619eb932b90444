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
    """The live lessons of ``course`` for each of ``slugs``, in that order; two queries however many there are."""
    slugs = list(slugs)
    return [
        TopicToReread(slug, *found) for slug, found in lessons_of_courses({slug: [course] for slug in slugs}).items()
    ]


def lessons_of_courses(wanted: Mapping[str, Sequence[Course]]) -> dict[str, tuple[str, list[LessonLink]]]:
    """Slug → the name of the topic and the live lessons for it in the courses named beside it; two queries.

    A lesson fits that is filed under the topic or under a part of it; where there is none, one that is
    filed under the nearest topic above.
    """
    if not wanted:
        return {}
    tree = Topic.objects.tree()
    courses = {course.pk: course for asked in wanted.values() for course in asked}
    live = LessonPage.objects.live().filter(item__course__in=courses).order_by("path")
    filed: dict[tuple[int, str, str], set[str]] = {}
    # Plain values: a page of the CMS costs more to make than all of this page.
    for course_id, slug, title, topic in live.values_list("item__course", "slug", "title", "topics__slug"):
        filed.setdefault((course_id, slug, title), set()).add(topic)

    def fitting(asked: Sequence[Course], topics: set[str]) -> list[LessonLink]:
        return [
            LessonLink(title, f"{courses[course_id].url}{slug}/")
            for (course_id, slug, title), own in filed.items()
            if own & topics and courses[course_id] in asked
        ]

    return {
        slug: (
            tree.name_of(slug),
            fitting(asked, tree.below(slug))
            or next(filter(None, (fitting(asked, {above}) for above in tree.above(slug))), []),
        )
        for slug, asked in wanted.items()
    }
